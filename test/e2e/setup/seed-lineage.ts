/** A small lineage through the real doors: base, continued from it with and without replay, a LoRA and a planned stage. */
import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'

export interface SeededLineage {
  project: string
}

const PROTOCOL = {
  task: 'bits-per-byte',
  task_version: '1',
  dataset: 'held-out',
  dataset_revision: '1',
  split: 'test',
  shots: 0,
  prompt_template: '',
  harness: 'e2e',
  harness_version: '1',
}

/** Fills a project; numbers are chosen so that `cpt` gains on its domain and loses on general text. */
export async function seedLineage(door: Door, project: string): Promise<SeededLineage> {
  await door.send('PUT', `/projects/${project}`, { name: 'Small lineage' })
  await stage(door, project, 'base', { stage: 'pretrain', root: { kind: 'random_init' }, params: 936_192 })
  const base = await run(door, project, 'base', { from: 7, to: 3.3, tokens: 81_920, general: 2.316, domain: 3.245 })
  const parents = (kind: string) => [{ checkpoint: base, kind }]
  await stage(door, project, 'cpt', { stage: 'cpt', method: 'domain only', parents: parents('init') })
  await run(door, project, 'cpt', { from: 5, to: 4.1, tokens: 163_840, general: 2.628, domain: 2.505 })
  await stage(door, project, 'cpt-replay', { stage: 'cpt', method: '25 % replay', parents: parents('init') })
  await run(door, project, 'cpt-replay', { from: 5, to: 4, tokens: 163_840, general: 2.417, domain: 2.562 })
  await stage(door, project, 'lora', { stage: 'task', method: 'lora', parents: parents('adapter_on') })
  await stage(door, project, 'later', { stage: 'dpo', parents: [{ experiment: 'cpt-replay', kind: 'init' }] })
  return { project }
}

async function stage(door: Door, project: string, slug: string, input: object): Promise<void> {
  await door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
}

/** One finished run of 40 points with a checkpoint and two evaluations; the checkpoint's id. */
async function run(
  door: Door,
  project: string,
  experiment: string,
  numbers: { from: number; to: number; tokens: number; general: number; domain: number },
): Promise<string> {
  const uid = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment, name: experiment })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const steps = Array.from({ length: 40 }, (_, i) => i)
  const now = Date.now()
  await door.send(
    'POST',
    `/runs/${uid}/metrics`,
    {
      groups: [
        {
          step: steps,
          t: steps.map((i) => now + i * 100),
          m: {
            'train/loss': steps.map((i) => numbers.from + ((numbers.to - numbers.from) * i) / 39),
            'train/tokens': steps.map((i) => (i + 1) * 2048),
          },
        },
      ],
    },
    { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' },
  )
  const checkpoint = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
    attempt: 1,
    step: 39,
    // Counted along the path, so a child's count goes on from its parent's.
    tokens: numbers.tokens,
    files: [{ name: 'model.pt', sha256: 'a'.repeat(64), size: 1 }],
    location: `file:///elsewhere/${experiment}`,
  })
  await evaluate(door, checkpoint.id, 'general-bpb', 'General bpb', numbers.general)
  await evaluate(door, checkpoint.id, 'domain-bpb', 'Domain bpb', numbers.domain)
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  return checkpoint.id
}

async function evaluate(door: Door, checkpoint: string, slug: string, name: string, score: number): Promise<void> {
  await door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
    benchmark: { slug, name, category: 'language', kind: 'loss', higher_is_better: false, unit: 'bpb' },
    metric: 'bits_per_byte',
    protocol: PROTOCOL,
    score,
    n: 12_000,
  })
}
