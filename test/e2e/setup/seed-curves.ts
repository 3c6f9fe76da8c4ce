/**
 * A path of two stages whose curves are known to the digit: a base of 400 steps that was killed at 250 and went on from 200, with one
 * loss that is no number, and an instruction stage of 200 steps with four measured checkpoints, of which the last one forgot.
 */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

const MINUTE = 60_000
/** Yesterday at a full minute. */
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 24 * 60 * MINUTE

/** Items of each evaluation. */
const N = 400

export async function seedCurves(door: Door, project: string): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: 'Curves' })
  await door.send('PUT', `/projects/${project}/experiments/base`, {
    name: 'base',
    stage: 'pretrain',
    root: { kind: 'random_init' },
    params: 1000,
    loss_mask: 'all',
  })
  const base = await run(door, project, 'base', {
    tries: [
      { from: 0, to: 250 },
      { from: 200, to: 400 },
    ],
    tokensPerStep: 100,
    tokensBefore: 0,
    notFiniteAt: 320,
    checkpoints: { 399: { task: 80, 'curves-general': 300 } },
  })
  await door.send('PUT', `/projects/${project}/experiments/sft`, {
    name: 'sft',
    stage: 'sft',
    params: 1000,
    loss_mask: 'response',
    parents: [{ checkpoint: base, kind: 'init' }],
    benchmarks: [
      { benchmark: 'task', role: 'target' },
      { benchmark: 'curves-general', role: 'retention', tolerance: 0.05 },
    ],
  })
  await run(door, project, 'sft', {
    tries: [{ from: 0, to: 200 }],
    tokensPerStep: 50,
    tokensBefore: 0,
    notFiniteAt: null,
    checkpoints: {
      49: { task: 160, 'curves-general': 300 },
      99: { task: 240, 'curves-general': 300 },
      149: { task: 320, 'curves-general': 298 },
      199: { task: 360, 'curves-general': 200 },
    },
  })
}

interface Curve {
  tries: readonly { from: number; to: number }[]
  tokensPerStep: number
  tokensBefore: number
  notFiniteAt: number | null
  /** By step: how many items of each benchmark are right. */
  checkpoints: Readonly<Record<number, Readonly<Record<string, number>>>>
}

/** Sends a run; the id of its last checkpoint. */
async function run(door: Door, project: string, experiment: string, curve: Curve): Promise<string> {
  const uid = randomUUID()
  const environment = { cpu: { count: 2, model: 'test cpu' } }
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment, name: experiment, environment })
  let minute = 0
  let last = ''
  for (const [i, { from, to }] of curve.tries.entries()) {
    const attempt = i + 1
    const isLast = attempt === curve.tries.length
    await door.send('POST', `/runs/${uid}/attempts`, {
      started_at: new Date(START + minute * MINUTE).toISOString(),
      first_step: from,
    })
    const step = Array.from({ length: to - from }, (_, at) => from + at)
    const stream = { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': String(attempt) }
    const m = {
      loss: step.map((at) => (at === curve.notFiniteAt ? 'NaN' : 4 - at / 200)),
      lr: step.map((at) => 0.001 * (1 - at / 1000)),
      tokens: step.map((at) => curve.tokensBefore + (at + 1) * curve.tokensPerStep),
    }
    const t = step.map((_, at) => START + minute * MINUTE + at * 100)
    await door.send('POST', `/runs/${uid}/metrics`, { groups: [{ step, t, m }] }, stream)
    if (isLast)
      for (const [at, scores] of Object.entries(curve.checkpoints)) {
        const { id } = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
          attempt,
          step: Number(at),
          tokens: curve.tokensBefore + (Number(at) + 1) * curve.tokensPerStep,
          location: `file:///elsewhere/${experiment}-${at}`,
        })
        last = id
        for (const [benchmark, right] of Object.entries(scores)) await measure(door, id, benchmark, right)
      }
    minute += 10
    await door.send('POST', `/runs/${uid}/finish`, {
      attempt,
      reason: isLast ? 'finished' : 'killed',
      ended_at: new Date(START + minute * MINUTE).toISOString(),
      streams: [],
    })
  }
  return last
}

async function measure(door: Door, checkpoint: string, slug: string, right: number): Promise<void> {
  const name = slug === 'task' ? 'Task accuracy' : 'General knowledge'
  await door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
    benchmark: { slug, name, category: 'knowledge', kind: 'accuracy', higher_is_better: true, chance: 0 },
    metric: 'accuracy',
    protocol: { task: slug, harness: 'e2e' },
    score: right / N,
    n: N,
    items: Array.from({ length: N }, (_, i) => ({ id: String(i), score: i < right ? 1 : 0 })),
  })
}
