/**
 * A sweep of twelve runs whose numbers are known to the digit: learning rate and optimizer against loss and accuracy. One run has no
 * optimizer, one logged NaN alone, one logged nothing.
 */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

const SWEEP: readonly (readonly [
  lr: number,
  optimizer: string | null,
  loss: number | 'NaN' | null,
  accuracy: number,
])[] = [
  [1e-5, 'adamw', 2.4, 0.12],
  [3e-5, 'adamw', 1.9, 0.21],
  [1e-4, 'adamw', 1.21, 0.44],
  [3e-4, 'adamw', 0.92, 0.55],
  [1e-3, 'adamw', 1.4, 0.39],
  [3e-3, 'adamw', 'NaN', 0],
  [1e-5, 'sgd', 3.1, 0.08],
  [1e-4, 'sgd', 2.2, 0.17],
  [1e-3, 'sgd', 1.5, 0.31],
  [1e-2, 'sgd', 1.1, 0.48],
  [3e-2, 'sgd', null, 0],
  [1e-3, null, 1.3, 0.4],
]

const STEPS = 60
/** A morning that is over, so that no clock of the pages moves. */
const START = Date.UTC(2026, 0, 5, 8)

/** Runs `sweep-1` to `sweep-12` of one stage, in their order. */
export async function seedSweep(door: Door, project: string): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: 'Sweep' })
  const root = { stage: 'pretrain', root: { kind: 'random_init' }, params: 1000 }
  await door.send('PUT', `/projects/${project}/experiments/sweep`, { name: 'sweep', ...root })
  for (const [i, row] of SWEEP.entries()) await sendRun(door, project, i, row)
}

/** One more run, `sweep-13`, with the least loss of all. */
export const seedBest = (door: Door, project: string): Promise<void> =>
  sendRun(door, project, SWEEP.length, [3e-4, 'sgd', 0.5, 0.6])

async function sendRun(
  door: Door,
  project: string,
  i: number,
  [lr, optimizer, loss, accuracy]: (typeof SWEEP)[number],
): Promise<void> {
  const uid = randomUUID()
  const config = { lr, ...(optimizer !== null && { optimizer }) }
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'sweep', name: `sweep-${i + 1}`, config })
  const started = START + i * 600_000
  await door.send('POST', `/runs/${uid}/attempts`, { started_at: new Date(started).toISOString() })
  if (loss !== null) {
    const step = Array.from({ length: STEPS }, (_, at) => at)
    // Falls to its end as a curve does; the least value is the last one.
    const down = (end: number) =>
      step.map((at) => Number((end + (4 - end) * Math.exp(-at / 8) * (1 - at / (STEPS - 1))).toFixed(6)))
    const m =
      loss === 'NaN'
        ? { loss: step.map(() => 'NaN') }
        : { loss: down(loss), accuracy: step.map((at) => Number(((accuracy * at) / (STEPS - 1)).toFixed(6))) }
    await door.send(
      'POST',
      `/runs/${uid}/metrics`,
      { groups: [{ step, t: step.map((at) => started + at * 1_000), m }] },
      { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' },
    )
  }
  const ended_at = new Date(started + STEPS * 1_000).toISOString()
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', ended_at, streams: [] })
}
