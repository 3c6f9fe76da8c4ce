/** A root and the stage after it with published scores of MMLU and GSM8K, in points. */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

/** Fills a project; the id of the later checkpoint. */
export async function seedScores(
  door: Door,
  project: string,
  scores: { base: readonly [mmlu: number, gsm8k: number]; mid: readonly [mmlu: number, gsm8k: number] },
): Promise<string> {
  await door.send('PUT', `/projects/${project}`, {})
  await stage(door, project, 'base', { stage: 'pretrain', root: { kind: 'random_init' } }, scores.base)
  const parents = [{ experiment: 'base', kind: 'init' }]
  return await stage(door, project, 'mid', { stage: 'mid-training', parents }, scores.mid)
}

async function stage(door: Door, project: string, slug: string, input: object, of: readonly number[]): Promise<string> {
  await door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
  const uid = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: slug, name: slug })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const checkpoint = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
    attempt: 1,
    step: 100,
    files: [{ name: 'model', sha256: 'a'.repeat(64), size: 1 }],
    location: `file:///elsewhere/${slug}`,
  })
  for (const [i, name] of ['MMLU', 'GSM8K'].entries()) await sendScore(door, checkpoint.id, name, of[i] ?? 0)
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  return checkpoint.id
}

/** A score in points; a later one of the same benchmark stands in its place. */
export async function sendScore(door: Door, checkpoint: string, name: string, score: number): Promise<void> {
  await door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
    benchmark: {
      slug: `paper-${name.toLowerCase()}`,
      name,
      category: 'paper',
      kind: 'accuracy',
      higher_is_better: true,
    },
    metric: 'acc',
    protocol: { task: name, shots: 5 },
    score,
    scale: 100,
    n_missing: 'not published',
  })
}
