/**
 * A small project whose money is known to the cent: CPU cores at the assumed $0.04 per core-hour. A base whose first attempt was killed
 * and done again, an instruction stage with an evaluation and a failed run, DPO with its parent as reference too, a branch that nobody
 * went on from, and a stage on hardware that has no price.
 */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

const HOUR = 3_600_000
/** Ten days ago at noon, so that prices and clocks do not matter. */
const START = Math.floor((Date.now() - 10 * 24 * HOUR) / HOUR) * HOUR

const at = (hour: number): string => new Date(START + hour * HOUR).toISOString()

interface Try {
  from: number
  to: number
  reason: string
}

export async function seedCost(door: Door, project: string): Promise<{ project: string }> {
  await door.send('PUT', `/projects/${project}`, { name: 'Known to the cent' })
  const stage = (slug: string, input: object) =>
    door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
  /** A run on two cores, its tries after one another; the checkpoint's id where it wrote one. */
  const run = async (
    experiment: string,
    tries: readonly Try[],
    more: { kind?: string; gpu?: string; checkpoint?: boolean } = {},
  ) => {
    const uid = randomUUID()
    const environment = more.gpu
      ? { gpus: [{ name: more.gpu, uuid: `GPU-${uid}` }] }
      : { cpu: { count: 2, model: 'test cpu' } }
    await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment, kind: more.kind ?? 'train', environment })
    let checkpoint: string | null = null
    for (const [i, { from, to, reason }] of tries.entries()) {
      await door.send('POST', `/runs/${uid}/attempts`, { started_at: at(from), first_step: 0 })
      if (more.checkpoint && i === tries.length - 1) {
        const saved = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
          attempt: i + 1,
          step: 99,
          tokens: 1_000,
          location: `file:///elsewhere/${experiment}`,
        })
        checkpoint = saved.id
      }
      await door.send('POST', `/runs/${uid}/finish`, { attempt: i + 1, reason, ended_at: at(to), streams: [] })
    }
    return checkpoint
  }
  const whole = (from: number, to: number): Try[] => [{ from, to, reason: 'finished' }]

  await stage('base', {
    stage: 'pretrain',
    root: { kind: 'random_init' },
    plan: { device_kind: 'cpu', device_count: 2, hours: 4, money: { amount: '0.20', currency: 'USD' } },
  })
  // 2 cores × 1 h done again, then 2 cores × 5 h: $0.08 and $0.40.
  const base = await run(
    'base',
    [
      { from: 0, to: 1, reason: 'killed' },
      { from: 2, to: 7, reason: 'finished' },
    ],
    { checkpoint: true },
  )
  await stage('sft', { stage: 'sft', parents: [{ experiment: 'base', checkpoint: base, kind: 'init' }] })
  // 2 cores × 2 h, a failed run of 30 minutes and an evaluation of 15: $0.16, $0.04, $0.02.
  await run('sft', [{ from: 8, to: 8.5, reason: 'failed' }])
  const sft = await run('sft', whole(9, 11), { checkpoint: true })
  await run('sft', whole(11, 11.25), { kind: 'evaluate' })
  await stage('dpo', {
    stage: 'dpo',
    parents: [
      { experiment: 'sft', checkpoint: sft, kind: 'init' },
      { experiment: 'sft', checkpoint: sft, kind: 'reference' },
    ],
  })
  // 2 cores × 1 h: $0.08.
  await run('dpo', whole(12, 13), { checkpoint: true })
  await stage('left', { stage: 'task', parents: [{ experiment: 'base', checkpoint: base, kind: 'init' }] })
  // 2 cores × 3 h: $0.24.
  await run('left', whole(8, 11), { checkpoint: true })
  return { project }
}

/** Adds a stage to a project whose hardware no book prices. */
export async function seedUnpriced(door: Door, project: string): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: 'Without a price' })
  await door.send('PUT', `/projects/${project}/experiments/base`, {
    name: 'base',
    stage: 'pretrain',
    root: { kind: 'random_init' },
  })
  const uid = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${uid}`, {
    experiment: 'base',
    environment: { gpus: [{ name: 'Abacus 9000', uuid: `GPU-${uid}` }] },
  })
  await door.send('POST', `/runs/${uid}/attempts`, { started_at: at(0) })
  await door.send('POST', `/runs/${uid}/checkpoints`, { attempt: 1, step: 9, location: 'file:///elsewhere/base' })
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', ended_at: at(2), streams: [] })
}
