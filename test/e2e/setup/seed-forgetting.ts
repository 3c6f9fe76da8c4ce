/**
 * A lineage in which something is forgotten: base → sft → task-full, and task-replay beside it, with items, answers and slices. `full`
 * loses the form that `sft` had learned; `replay` keeps it. One stage was measured under another harness version.
 */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

export interface SeededForgetting {
  project: string
  /** Ids of checkpoints by the slug of their stage. */
  checkpoints: Record<string, string>
}

const N = 48

export async function seedForgetting(door: Door, project: string): Promise<SeededForgetting> {
  await door.send('PUT', `/projects/${project}`, { name: 'Forgetting' })
  const checkpoints: Record<string, string> = {}
  const stage = async (slug: string, kind: string, parent: string | null, more: object = {}) => {
    await door.send('PUT', `/projects/${project}/experiments/${slug}`, {
      name: slug,
      stage: kind,
      ...(parent === null
        ? { root: { kind: 'random_init' } }
        : { parents: [{ checkpoint: checkpoints[parent], kind: 'init' }] }),
      ...more,
    })
    checkpoints[slug] = await checkpointOf(door, project, slug)
  }
  await stage('base', 'pretrain', null)
  await stage('sft', 'sft', 'base')
  await stage('task-full', 'task', 'sft', { benchmarks: [{ benchmark: 'format', tolerance: 0.05 }] })
  await stage('task-replay', 'task', 'sft', { benchmarks: [{ benchmark: 'format', tolerance: 0.05 }] })
  await door.send('PUT', `/projects/${project}/experiments/rlvr`, {
    name: 'rlvr',
    stage: 'rlvr',
    parents: [{ experiment: 'task-replay', kind: 'init' }],
  })
  // The form of an answer: never before instruction tuning, 41 of 48 after it, none after the task alone.
  const measure = (slug: string, right: number, harness = '1') =>
    evaluate(door, checkpoints[slug] as string, right, harness)
  await measure('base', 0)
  await measure('sft', 41)
  await measure('task-full', 0)
  await measure('task-replay', 40)
  // Bits per byte came without items: no interval. The last stage was measured by another version of the harness.
  for (const [slug, score, harness] of [
    ['base', 2.316, '1'],
    ['sft', 2.452, '1'],
    ['task-full', 4.003, '1'],
    ['task-replay', 2.521, '2'],
  ] as const)
    await door.send('POST', `/checkpoints/${checkpoints[slug]}/evaluations`, {
      benchmark: {
        slug: 'general-bpb',
        name: 'General bpb',
        category: 'language',
        kind: 'loss',
        higher_is_better: false,
        unit: 'bpb',
      },
      metric: 'bits_per_byte',
      protocol: { task: 'bits per byte', dataset: 'held-out', harness: 'e2e', harness_version: harness },
      score,
      n: 12_000,
    })
  return { project, checkpoints }
}

async function checkpointOf(door: Door, project: string, slug: string): Promise<string> {
  const uid = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: slug, name: slug })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const { id } = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
    attempt: 1,
    step: 39,
    tokens: 81_920,
    files: [{ name: 'model.pt', sha256: 'a'.repeat(64), size: 1 }],
    location: `file:///elsewhere/${slug}`,
  })
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  return id
}

async function evaluate(door: Door, checkpoint: string, right: number, harness: string): Promise<void> {
  const items = Array.from({ length: N }, (_, i) => ({
    id: `q-${String(i).padStart(2, '0')}`,
    score: i < right ? 1 : 0,
    prompt: `What is the capital of country ${i}?`,
    output: i < right ? `The capital of country ${i} is Berlin.` : 'place',
    expected: 'The capital of … is ….',
    tags: { type: i % 4 === 0 ? 'island' : 'mainland' },
  }))
  await door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
    benchmark: {
      slug: 'format',
      name: 'Instruction format',
      category: 'instruction',
      kind: 'accuracy',
      higher_is_better: true,
    },
    metric: 'accuracy',
    protocol: { task: 'format', shots: 0, decoding: 'greedy', harness: 'e2e', harness_version: harness },
    score: right / N,
    n: N,
    items,
  })
}
