import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ComparisonInput } from '#src/protocol/comparisons.ts'
import { createComparison } from '#src/services/comparisons/create.ts'
import { deleteComparison } from '#src/services/comparisons/delete.ts'
import { draftComparison } from '#src/services/comparisons/draft.ts'
import { getComparison } from '#src/services/comparisons/get.ts'
import { listComparisons } from '#src/services/comparisons/list.ts'
import { updateComparison } from '#src/services/comparisons/update.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { deleteRun, requestPurge, restoreRun } from '#src/services/runs/delete.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { purgeDeletedRuns } from '#src/services/runs/purge-deleted.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let home: { slug: string; id: number }
let other: { slug: string; id: number }
let base: Awaited<ReturnType<typeof stage>>
let tuned: Awaited<ReturnType<typeof stage>>
let foreign: Awaited<ReturnType<typeof stage>>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

beforeEach(async () => {
  home = await makeProject(lab)
  other = await makeProject(lab)
  base = await stage(home.slug, 'base', 100)
  tuned = await stage(home.slug, 'tuned', 160, { parents: [{ experiment: 'base', kind: 'init' }] })
  foreign = await stage(other.slug, 'elsewhere', 120)
})

/** A finished stage with so many of 200 right, with its run and its checkpoint. */
async function stage(project: string, slug: string, right: number, more: Parameters<typeof makeExperiment>[3] = {}) {
  await makeExperiment(lab, project, slug, more)
  const run = await makeRun(lab, project, slug)
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  await score(run.ctx, checkpoint, right)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  return { ...run, checkpoint }
}

const score = (ctx: Parameters<typeof postEvaluation>[0], checkpoint: string, right: number) =>
  postEvaluation(ctx, {
    ...evaluation({
      benchmark: { ...accuracy, slug: 'kept-bench', name: 'kept-bench', chance: null },
      score: right / 200,
      n: 200,
      items: rightOf(right, 200),
    }),
    checkpoint,
  })

const three = () => [`run:${base.uid}`, `checkpoint:${tuned.checkpoint}`, `stage:${other.slug}:elsewhere`]
const keep = (more: Partial<ComparisonInput> = {}, ctx = lab.user('editor')) =>
  createComparison(ctx, { workspace: 'lab', title: 'Three', entries: three(), frozen: false, ...more })
const read = (id: string, ctx = lab.user('viewer')) => getComparison(ctx, { workspace: 'lab', comparison: id })
const scores = ({ sides }: Awaited<ReturnType<typeof read>>) =>
  sides.why.find(({ benchmark }) => benchmark.slug === 'kept-bench')?.cells.map((cell) => cell?.score ?? null)

test('a run, a checkpoint and a stage of two projects stand in one comparison, against the first', async () => {
  const made = await keep()
  const found = await read(made.id)
  expect(found.sides.entries.map(({ kind, stage, is_baseline }) => [kind, stage.project, is_baseline])).toEqual([
    ['run', home.slug, true],
    ['checkpoint', home.slug, false],
    ['stage', other.slug, false],
  ])
  expect(scores(found)).toEqual([0.5, 0.8, 0.6])
  expect(found.sides.why[0]?.cells.map((cell) => cell?.change?.reading ?? null)).toEqual([null, 'gained', 'gained'])
  expect(found.sides.config.map(({ path, differs }) => [path.join('.'), differs])).toEqual([['lr', false]])
  expect(found.url).toMatch(new RegExp(`/lab/compare/${made.id}$`))
})

test('a live comparison follows its runs; a frozen one keeps the numbers of its day until it is made live', async () => {
  const live = await keep()
  const frozen = await keep({ frozen: true })
  expect(frozen.frozen_at).not.toBeNull()
  await score(tuned.ctx, tuned.checkpoint, 190)
  expect(scores(await read(live.id))).toEqual([0.5, 0.95, 0.6])
  expect(scores(await read(frozen.id))).toEqual([0.5, 0.8, 0.6])
  await expectRefusal(
    updateComparison(lab.user('editor'), {
      ...{ workspace: 'lab', comparison: frozen.id, revision: 1 },
      entries: three().slice(0, 2),
    }),
    'invalid_request',
  )
  const again = await updateComparison(lab.user('editor'), {
    ...{ workspace: 'lab', comparison: frozen.id, revision: 1, frozen: false },
  })
  expect([again.frozen_at, scores(again)]).toEqual([null, [0.5, 0.95, 0.6]])
})

describe('what a reader may not see', () => {
  const narrow = () => lab.key('read', home.id)

  test('is counted and leaves nothing behind, live and frozen', async () => {
    for (const frozen of [false, true]) {
      const { id } = await keep({ frozen })
      const found = await getComparison(narrow(), { comparison: id })
      expect([found.hidden, found.sides.entries.length, found.baseline_hidden]).toEqual([1, 2, false])
      expect(JSON.stringify(found)).not.toContain(other.slug)
      expect(scores(found)).toEqual([0.5, 0.8])
    }
  })

  test('takes its differences along when it is the baseline', async () => {
    for (const frozen of [false, true]) {
      const { id } = await keep({ frozen, baseline: three()[2] })
      const found = await getComparison(narrow(), { comparison: id })
      expect([found.hidden, found.baseline_hidden]).toEqual([1, true])
      expect(found.sides.why[0]?.cells.map((cell) => cell?.change ?? null)).toEqual([null, null])
      expect(found.sides.readings).toEqual([null, null])
    }
  })

  test('is not there when it is all of it', async () => {
    const { id } = await keep({ entries: [three()[2] as string] })
    await expectRefusal(getComparison(narrow(), { comparison: id }), 'not_found')
    expect((await listComparisons(narrow(), {})).items.map((item) => item.id)).not.toContain(id)
    await expectRefusal(getComparison(lab.stranger(), { workspace: 'elsewhere', comparison: id }), 'not_found')
  })
})

test('the entry of a deleted run is hidden and counted, and comes back with its run', async () => {
  const { id } = await keep({ frozen: true })
  await deleteRun(lab.user('owner'), { run: base.uid })
  const without = await read(id)
  expect([without.hidden, without.baseline_hidden, without.sides.entries.length]).toEqual([1, true, 2])
  await restoreRun(lab.user('owner'), { run: base.uid })
  expect(scores(await read(id))).toEqual([0.5, 0.8, 0.6])
})

test('of a run that is deleted for good frozen numbers keep nothing', async () => {
  const entries = [`run:${base.uid}`, `run:${foreign.uid}`, `checkpoint:${foreign.checkpoint}`]
  const { id } = await keep({ frozen: true, entries })
  await deleteRun(lab.user('owner'), { run: foreign.uid })
  await requestPurge(lab.user('owner'), { run: foreign.uid })
  await purgeDeletedRuns(lab.clock(), { turnMs: 60_000, rest: () => Promise.resolve() })
  const [row] = await lab.database.sql<{ text: string }[]>`
    select frozen::text as text from comparisons where uid = ${id}`
  expect(row?.text).toContain(base.uid)
  expect(row?.text).not.toContain(foreign.uid)
  expect(row?.text).not.toContain(foreign.checkpoint)
  expect(scores(await read(id))).toEqual([0.5])
})

test('of two who change a comparison at once the second hears of the first', async () => {
  const { id } = await keep()
  const change = (title: string) =>
    updateComparison(lab.user('editor'), { workspace: 'lab', comparison: id, revision: 1, title })
  expect((await change('First')).title).toBe('First')
  await expectRefusal(change('Second'), 'conflict')
})

test('an entry is taken out and another made the baseline', async () => {
  const { id } = await keep()
  const [first, second] = three()
  const found = await updateComparison(lab.user('editor'), {
    ...{ workspace: 'lab', comparison: id, revision: 1 },
    ...{ entries: [first as string, second as string], baseline: second },
  })
  expect(found.sides.entries.map(({ is_baseline }) => is_baseline)).toEqual([false, true])
  expect(found.revision).toBe(2)
})

test('with its parent a run stands beside the run that wrote its start, a stage beside its stage, a root alone', async () => {
  const draft = (entry: string) =>
    draftComparison(lab.user('viewer'), { workspace: 'lab', entries: [entry], with_parent: true })
  const names = async (entry: string) =>
    (await draft(entry)).sides.entries.map((one) => [one.kind, one.stage.slug, one.is_baseline])
  expect(await names(`run:${tuned.uid}`)).toEqual([
    ['run', 'base', true],
    ['run', 'tuned', false],
  ])
  expect(await names(`stage:${home.slug}:tuned`)).toEqual([
    ['stage', 'base', true],
    ['stage', 'tuned', false],
  ])
  const root = await draft(`run:${base.uid}`)
  expect([root.sides.entries.length, root.note, root.may_save]).toEqual([
    1,
    'base is a root: its weights came from no other stage.',
    false,
  ])
})

test('people keep and delete comparisons; viewers read them, and programs do neither', async () => {
  await expectRefusal(keep({}, lab.user('viewer')), 'forbidden')
  await expectRefusal(keep({}, lab.key('ingest')), 'forbidden')
  const { id } = await keep({}, lab.user('owner'))
  await deleteComparison(lab.user('owner'), { workspace: 'lab', comparison: id })
  await expectRefusal(read(id), 'not_found')
})

test.each<[Partial<ComparisonInput>, RegExp]>([
  [{ entries: ['stage:nowhere:1'] }, /^stage:nowhere:1: This project does not exist/],
  [{ entries: ['run:01923f4e-8a7b-7c3d-9e1f-2a3b4c5d6e7f'] }, /does not exist, or you may not see it/],
])('entries that cannot be found are named: %j', async (more, message) => {
  const refusal = await keep(more).then(
    () => null,
    (error: Error) => error.message,
  )
  expect(refusal).toMatch(message)
})

test('an entry that stands twice and a baseline that is none of them are refused', async () => {
  const [first] = three() as [string]
  await expectRefusal(keep({ entries: [first, first] }), 'invalid_request')
  await expectRefusal(keep({ baseline: `stage:${home.slug}:tuned` }), 'invalid_request')
})
