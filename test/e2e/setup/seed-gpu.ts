/**
 * A project on a GPU of the price book without sensors of power: an external base with its card's figures, a tuned model whose GPU idled
 * for its first half hour, an adapter.
 */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

const HOUR = 3_600_000
const START = Math.floor((Date.now() - 10 * 24 * HOUR) / HOUR) * HOUR
const at = (hour: number): string => new Date(START + hour * HOUR).toISOString()

export async function seedGpu(door: Door, project: string): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: 'On GPUs' })
  const stage = (slug: string, input: object) =>
    door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
  const train = async (experiment: string, from: number, to: number, idleMinutes = 0) => {
    const uid = randomUUID()
    await door.send('PUT', `/projects/${project}/runs/${uid}`, {
      experiment,
      environment: { gpus: [{ name: 'NVIDIA L4', uuid: `GPU-${uid}` }] },
    })
    await door.send('POST', `/runs/${uid}/attempts`, { started_at: at(from), first_step: 0 })
    const minutes = idleMinutes === 0 ? [] : Array.from({ length: 60 * (to - from) + 1 }, (_, i) => i)
    const stream = randomUUID()
    if (minutes.length > 0)
      await door.send(
        'POST',
        `/runs/${uid}/metrics`,
        {
          groups: [
            {
              step: minutes,
              t: minutes.map((minute) => START + from * HOUR + minute * 60_000),
              m: { 'system/box/gpu.0.util': minutes.map((minute) => (minute <= idleMinutes ? 2 : 90)) },
            },
          ],
        },
        { 'X-Stream': stream, 'X-Seq': '1', 'X-Attempt': '1' },
      )
    await door.send('POST', `/runs/${uid}/checkpoints`, {
      attempt: 1,
      step: 99,
      location: `file:///elsewhere/${experiment}`,
    })
    await door.send('POST', `/runs/${uid}/finish`, {
      attempt: 1,
      reason: 'finished',
      ended_at: at(to),
      streams: minutes.length > 0 ? [{ stream, last_seq: 1 }] : [],
    })
  }
  await stage('outside', {
    stage: 'external_base',
    root: {
      kind: 'external_base',
      name: 'a public base',
      embodied: { device: 'H100', device_hours: 1_460_000, kwh: 1_022_000, kg_co2e: 420_000, source: 'its card' },
    },
  })
  await stage('tuned', { stage: 'task', parents: [{ experiment: 'outside', kind: 'init' }] })
  await train('tuned', 0, 2, 30)
  await stage('lora', {
    stage: 'task',
    parents: [{ experiment: 'outside', kind: 'adapter_on' }],
    adapter: { kind: 'lora', rank: 8, merged: false },
  })
  await train('lora', 3, 4)
}
