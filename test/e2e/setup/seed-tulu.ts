/** Tülu 3 8B with the figures of its card, through the real doors: a base that nobody measured, and SFT, DPO, RLVR. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Door } from './door.ts'

interface Card {
  benchmarks: string[]
  scores: Record<'SFT' | 'DPO' | 'RLVR', number[]>
}

export const tulu = JSON.parse(
  readFileSync(new URL('../../fixtures/publish/tulu-3-8b.json', import.meta.url), 'utf8'),
) as Card

const slugOf = (name: string) => `card-${name.toLowerCase().replace('+', '-plus').replaceAll(' ', '-')}`

/** Fills a project. */
export async function seedTulu(door: Door, project: string): Promise<string> {
  await door.send('PUT', `/projects/${project}`, { name: 'Tülu 3 8B' })
  const root = { kind: 'external_base', name: 'meta-llama/Llama-3.1-8B', license: 'llama3.1' }
  await door.send('PUT', `/projects/${project}/experiments/base`, {
    name: 'Llama 3.1 8B',
    stage: 'external_base',
    root,
  })
  let parent = 'base'
  for (const [name, stage] of [
    ['SFT', 'sft'],
    ['DPO', 'dpo'],
    ['RLVR', 'rlvr'],
  ] as const) {
    const slug = name.toLowerCase()
    const parents = [{ experiment: parent, kind: 'init' }]
    await door.send('PUT', `/projects/${project}/experiments/${slug}`, { name, stage, parents })
    const uid = randomUUID()
    await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: slug, name })
    await door.send('POST', `/runs/${uid}/attempts`, {})
    const checkpoint = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
      attempt: 1,
      step: 100,
      files: [{ name: 'model', sha256: 'a'.repeat(64), size: 1 }],
      location: `hf://allenai/Llama-3.1-Tulu-3-8B-${name}`,
    })
    for (const [i, benchmark] of tulu.benchmarks.entries())
      await door.send('POST', `/checkpoints/${checkpoint.id}/evaluations`, {
        benchmark: {
          slug: slugOf(benchmark),
          name: benchmark,
          category: i < 3 ? 'knowledge' : 'skills',
          kind: 'accuracy',
          higher_is_better: true,
        },
        metric: 'acc',
        protocol: { task: benchmark, shots: 0 },
        score: tulu.scores[name][i],
        scale: 100,
        n_missing: 'not published',
        source: 'its model card',
      })
    await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
    parent = slug
  }
  return project
}
