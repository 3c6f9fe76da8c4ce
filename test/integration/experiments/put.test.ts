import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { getExperiment, listExperiments } from '#src/services/experiments/get.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { linkExperiments } from '#src/services/lineage/link.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = (await makeProject(lab)).slug
})

const none = { parents: [], mixture: [], benchmarks: [] }
const rows = async () => {
  const [row] = await lab.database.sql<{ x: number; e: number; m: number; n: number }[]>`
    select (select count(*)::int from experiments) as x, (select count(*)::int from edges) as e,
      (select count(*)::int from mixture_sources) as m, (select sum(next_experiment)::int from projects) as n`
  return row
}

test('is made whole in one call: kind from the alias, mixture, parent, benchmarks', async () => {
  await makeExperiment(lab, project, 'base')
  const { created, experiment } = await putExperiment(lab.key('ingest'), {
    project,
    slug: 'dpo',
    stage: 'DPO',
    parents: [
      { experiment: 'base', kind: 'init' },
      { experiment: 1, kind: 'reference' },
    ],
    mixture: [
      { source: 'pairs', role: 'preference', share: 0.75, tokens: 15_600_000_000_000, dataset: 'pairs@v1' },
      { source: 'replay', role: 'replay', share: 0.25 },
    ],
    benchmarks: [{ benchmark: 'mmlu', role: 'retention', tolerance: 0.1 }],
    params: 7_240_000_000,
  })
  expect(created).toBe(true)
  expect(experiment).toMatchObject({
    number: 2,
    stage_kind: 'preference',
    method: 'dpo',
    state: 'planned',
    params: 7_240_000_000,
  })
  expect(experiment.mixture).toMatchObject([
    { source: 'pairs', tokens: 15_600_000_000_000, dataset: 'pairs@v1', share: 0.75 },
    { source: 'replay' },
  ])
})

test.each<[string, Partial<Parameters<typeof putExperiment>[1]>, string, string]>([
  ['an unknown stage', { stage: 'instructions' }, 'invalid_request', 'Did you mean "instruction"'],
  ['no parent', { stage: 'sft' }, 'invalid_request', 'starts from weights'],
  ['a blank root', { stage: 'pretrain' }, 'invalid_request', 'needs a root'],
  [
    'shares that do not sum',
    { stage: 'pretrain', root: { kind: 'random_init' }, mixture: [{ source: 'a', role: 'other', share: 0.5 }] },
    'invalid_request',
    'sum to 0.5',
  ],
  [
    'a parent that is not there',
    { stage: 'sft', parents: [{ experiment: 'gone', kind: 'init' }] },
    'not_found',
    '"gone"',
  ],
  [
    'a parent of a foreign project',
    { stage: 'sft', parents: [{ experiment: 1, project: 'foreign', kind: 'init' }] },
    'not_found',
    'does not exist, or you may not see it',
  ],
  [
    'a checkpoint that is not there',
    { stage: 'sft', parents: [{ checkpoint: '00000000-0000-4000-8000-000000000000', kind: 'init' }] },
    'not_found',
    'checkpoint',
  ],
  [
    'a data set without version',
    { stage: 'base', root: { kind: 'random_init' }, mixture: [{ source: 'a', role: 'other', share: 1, dataset: 'x' }] },
    'invalid_request',
    'slug@version',
  ],
])('%s is refused and nothing is half written', async (_, input, code, words) => {
  const before = await rows()
  const call = putExperiment(lab.key('ingest'), { ...none, stage: 'sft', ...input, project, slug: 'bad' })
  const found = await expectRefusal(call, code as 'invalid_request')
  expect(found.message).toContain(words)
  expect(found.detail.errors).toBeDefined()
  expect(await rows()).toEqual(before)
})

test('a base from outside and an API model get their one checkpoint without a run', async () => {
  const root = { kind: 'external_base' as const, name: 'olmo-2', revision: 'main' }
  const made = await makeExperiment(lab, project, 'olmo', { stage: 'external', root })
  expect(made.experiment).toMatchObject({ stage_kind: 'external_base', state: 'finished', root })
  const page = await getStagePage(lab.user('viewer'), { workspace: 'lab', project, experiment: 1 })
  expect(page.checkpoints).toMatchObject([{ run: null, location: 'olmo-2@main', of_stage: 'last' }])
  await makeExperiment(lab, project, 'api', { stage: 'prompt_only', root: { kind: 'api_model', name: 'some-model' } })
})

test('an ingest key never changes an existing one; an editor writes it anew under its number', async () => {
  await makeExperiment(lab, project, 'base', { name: 'Base' })
  const again = await makeExperiment(lab, project, 'base', { name: 'Other' })
  expect(again).toMatchObject({ created: false, experiment: { name: 'Base', number: 1 } })
  const changed = await putExperiment(lab.user('editor'), {
    ...none,
    workspace: 'lab',
    project,
    slug: 'base',
    stage: 'base',
    name: 'Renamed',
    root: { kind: 'random_init' },
  })
  expect(changed).toMatchObject({ created: false, experiment: { name: 'Renamed', number: 1 } })
})

test('experiments made at once are numbered without gaps, the same one once', async () => {
  await Promise.all(['a', 'b', 'c', 'a', 'b', 'c'].map((slug) => makeExperiment(lab, project, slug)))
  const list = await listExperiments(lab.key('read'), { project })
  expect(list.items.map((x) => x.number)).toEqual([1, 2, 3])
})

test('a child may descend from another project of the workspace', async () => {
  const other = (await makeProject(lab)).slug
  await makeExperiment(lab, other, 'shared-base')
  await makeExperiment(lab, project, 'sft', { parents: [{ experiment: 'shared-base', project: other, kind: 'init' }] })
  const { edges, cards } = await getLineage(lab.user('viewer'), { workspace: 'lab', project })
  expect(cards.map((card) => card.slug)).toEqual(['sft'])
  expect(edges).toMatchObject([{ kind: 'init', parent: { project: other, slug: 'shared-base' } }])
})

test('a cycle is refused with the way, and nothing is written', async () => {
  await makeExperiment(lab, project, 'a')
  await makeExperiment(lab, project, 'b', { parents: [{ experiment: 'a', kind: 'init' }] })
  await makeExperiment(lab, project, 'c', { parents: [{ experiment: 'b', kind: 'init' }] })
  const before = await rows()
  const call = linkExperiments(lab.key('admin'), { project, child: 'a', parent: 'c', kind: 'data' })
  const found = await expectRefusal(call, 'conflict')
  expect(found.message).toContain('a (#1) → b (#2) → c (#3) → a (#1)')
  const self = linkExperiments(lab.key('admin'), { project, child: 'a', parent: 'a', kind: 'teacher' })
  await expectRefusal(self, 'conflict')
  expect(await rows()).toEqual(before)
})

test('two edges added at once cannot close a cycle between them', async () => {
  await makeExperiment(lab, project, 'a')
  await makeExperiment(lab, project, 'b')
  const link = (child: string, parent: string) =>
    linkExperiments(lab.key('admin'), { project, child, parent, kind: 'teacher' })
  const ends = await Promise.allSettled([link('a', 'b'), link('b', 'a')])
  expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('the same edge again is the same edge; weights belong to merges', async () => {
  await makeExperiment(lab, project, 'a')
  await makeExperiment(lab, project, 'b')
  const edge = { project, child: 'b', parent: 'a', kind: 'judge' as const }
  const first = await linkExperiments(lab.key('admin'), edge)
  expect(first.created).toBe(true)
  expect(await linkExperiments(lab.key('admin'), edge)).toEqual({ created: false, edge: first.edge })
  await expectRefusal(linkExperiments(lab.key('admin'), { ...edge, weight: 0.5 }), 'invalid_request')
})

test('an ingest key links what it made, and changes no edge that is there', async () => {
  const own = lab.key('ingest')
  const root = { stage: 'pretrain', root: { kind: 'random_init' as const }, parents: [], mixture: [], benchmarks: [] }
  await putExperiment(own, { ...root, project, slug: 'mine' })
  await makeExperiment(lab, project, 'a')
  await makeExperiment(lab, project, 'theirs')
  const edge = { project, child: 'mine', parent: 'a', kind: 'judge' as const }
  expect((await linkExperiments(own, edge)).created).toBe(true)
  await expectRefusal(linkExperiments(own, { ...edge, child: 'theirs' }), 'forbidden')
  await expectRefusal(linkExperiments(own, { ...edge, note: 'another note' }), 'conflict')
  const noted = await linkExperiments(lab.key('admin'), { ...edge, note: 'who judges' })
  expect(noted.edge.note).toBe('who judges')
})

test('a list is of one goal or one stage kind; each says what a step of its optimizer sees', async () => {
  const parallelism = { micro_batch: 4, grad_accum: 8, dp: 2, sequence_length: 1024 }
  await makeExperiment(lab, project, 'style', { goal: 'style', parallelism })
  await makeExperiment(lab, project, 'plain')
  const list = async (of: { goal?: 'style' | 'task'; stage_kind?: 'pretrain' | 'task' }) =>
    (await listExperiments(lab.key('read'), { project, ...of })).items
  expect(await list({ goal: 'style' })).toMatchObject([
    { slug: 'style', samples_per_step: 64, tokens_per_step: 65_536 },
  ])
  expect(await list({ goal: 'task' })).toEqual([])
  expect((await list({ stage_kind: 'pretrain' })).map((x) => x.slug)).toEqual(['style', 'plain'])
})

test('an experiment says what benchmarks mean to it as they were put', async () => {
  const benchmarks = [
    { benchmark: 'format', tolerance: 0.1 },
    { benchmark: 'task', role: 'target' as const },
  ]
  await makeExperiment(lab, project, 'a', { benchmarks })
  const found = await getExperiment(lab.user('viewer'), { workspace: 'lab', project, experiment: 'a' })
  expect(found.benchmarks).toEqual(benchmarks)
})

test('a job token lists nothing of its project', async () => {
  const { id } = await makeExperiment(lab, project, 'a')
  const [home] = await lab.database.sql<{ id: number }[]>`
    select id from projects where workspace_id = ${lab.workspaceId} and slug = ${project}`
  const job = lab.job({ projectId: home?.id ?? 0, experimentId: id })
  await expectRefusal(listExperiments(job, { project }), 'forbidden')
  await expectRefusal(getLineage(job, { project }), 'forbidden')
})

test('rejects an actor who may only read', async () => {
  await makeExperiment(lab, project, 'a')
  const input = { ...none, project, slug: 'x', stage: 'base', root: { kind: 'random_init' as const } }
  await expectRefusal(putExperiment(lab.key('read'), input), 'forbidden')
  await expectRefusal(putExperiment(lab.user('viewer'), { ...input, workspace: 'lab' }), 'forbidden')
  const edge = { project, child: 1, parent: 1, kind: 'data' as const }
  await expectRefusal(linkExperiments(lab.key('read'), edge), 'forbidden')
})

test('a foreign workspace hears that nothing is there', async () => {
  await makeExperiment(lab, project, 'a')
  const place = { workspace: 'lab', project }
  const stranger = lab.stranger()
  const calls = [
    () => getExperiment(stranger, { ...place, experiment: 1 }),
    () => getExperiment(stranger, { workspace: 'elsewhere', project, experiment: 1 }),
    () => listExperiments(stranger, place),
    () => getLineage(stranger, place),
    () => getStagePage(stranger, { ...place, experiment: 1 }),
    () => putExperiment(stranger, { ...place, ...none, slug: 'a', stage: 'base', root: { kind: 'random_init' } }),
    () => linkExperiments(stranger, { ...place, child: 1, parent: 1, kind: 'data' }),
  ]
  for (const call of calls) await expectRefusal(call(), 'not_found')
})
