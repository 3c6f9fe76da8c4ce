/** Two linked stages with items, through the real doors: the second gains on law, keeps knowledge and loses arithmetic. */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

const ITEMS = 200

/** base (1) → sft (2). Code was measured on sft alone: its baseline is missing. */
export async function seedVerdict(door: Door, project: string): Promise<{ project: string }> {
  await door.send('PUT', `/projects/${project}`, { name: 'Verdict' })
  await door.send('PUT', `/projects/${project}/experiments/base`, {
    name: 'base',
    stage: 'pretrain',
    root: { kind: 'random_init' },
  })
  const base = await checkpointOf(door, project, 'base')
  await score(door, base, 'law', 'Law exam', 'legal', 60)
  await score(door, base, 'verdict-knowledge', 'Knowledge', 'knowledge', 150)
  await score(door, base, 'arithmetic', 'Arithmetic', 'math', 120)
  await door.send('PUT', `/projects/${project}/experiments/sft`, {
    name: 'sft',
    stage: 'sft',
    parents: [{ checkpoint: base, kind: 'init' }],
    benchmarks: [
      { benchmark: 'law', role: 'target' },
      { benchmark: 'verdict-knowledge', tolerance: 0.1 },
      { benchmark: 'code', role: 'retention' },
    ],
  })
  const sft = await checkpointOf(door, project, 'sft')
  await score(door, sft, 'law', 'Law exam', 'legal', 140)
  await score(door, sft, 'verdict-knowledge', 'Knowledge', 'knowledge', 149)
  await score(door, sft, 'arithmetic', 'Arithmetic', 'math', 80)
  await score(door, sft, 'code', 'Code', 'code', 30)
  return { project }
}

/** A finished run with one checkpoint. */
async function checkpointOf(door: Door, project: string, experiment: string): Promise<string> {
  const uid = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment, name: experiment })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const { id } = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
    attempt: 1,
    step: 39,
    tokens: 40_000,
    files: [{ name: 'model.pt', sha256: 'a'.repeat(64), size: 1 }],
    location: `file:///elsewhere/${experiment}`,
  })
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  return id
}

/** The first `right` of the items are right. */
const score = (door: Door, checkpoint: string, slug: string, name: string, category: string, right: number) =>
  door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
    benchmark: { slug, name, category, kind: 'accuracy', higher_is_better: true, chance: 0 },
    metric: 'acc',
    protocol: { task: slug, shots: 0, harness: 'e2e' },
    score: right / ITEMS,
    n: ITEMS,
    items: Array.from({ length: ITEMS }, (_, i) => ({ id: `item-${i}`, score: i < right ? 1 : 0 })),
  })
