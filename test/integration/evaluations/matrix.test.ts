import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addItems, completeEvaluation } from '#src/services/evaluations/add-items.ts'
import { editBenchmark } from '#src/services/evaluations/edit-benchmark.ts'
import { getMatrix, type MatrixInput } from '#src/services/evaluations/matrix/get.ts'
import { getMatrixCell } from '#src/services/evaluations/matrix/get-cell.ts'
import { listFlippedItems } from '#src/services/evaluations/matrix/list-flipped-items.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
/** Ids of checkpoints by the slug of their stage. */
let checkpoints: Record<string, string>

beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = (await makeProject(lab)).slug
  checkpoints = {}
})

/** A stage with one checkpoint, from the checkpoint of another stage. */
async function stage(slug: string, parent: string | null, more: Parameters<typeof makeExperiment>[3] = {}) {
  await makeExperiment(lab, project, slug, {
    ...(parent !== null && { parents: [{ checkpoint: checkpoints[parent] as string, kind: 'init' as const }] }),
    ...more,
  })
  const run = await makeRun(lab, project, slug)
  checkpoints[slug] = (await makeCheckpoint(run.ctx, run.uid)).id
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
}

/** 0/1 items: right where `right` says so; odd ones are of the slice "hard". */
const items = (n: number, right: (i: number) => boolean) =>
  Array.from({ length: n }, (_, i) => ({
    id: `q${String(i).padStart(3, '0')}`,
    score: Number(right(i)),
    prompt: `Question ${i}?`,
    output: right(i) ? 'yes' : 'no',
    expected: 'yes',
    tags: { part: i % 2 === 1 ? 'hard' : 'easy', length: right(i) ? 'short' : 'long' },
  }))

async function measured(slug: string, right: (i: number) => boolean, more: Parameters<typeof evaluation>[0] = {}) {
  const own = items(200, right)
  await postEvaluation(lab.key('ingest'), {
    ...evaluation({ n: 200, items: own, score: own.filter((i) => i.score === 1).length / 200, ...more }),
    checkpoint: checkpoints[slug] as string,
  })
}

const matrix = (more: Partial<MatrixInput> = {}) =>
  getMatrix(lab.user('viewer'), {
    workspace: 'lab',
    project,
    set: 'stages',
    baseline: 'parent',
    from: 0,
    count: 100,
    ...more,
  })

type Answer = Awaited<ReturnType<typeof matrix>>

/** What a page would print of one cell; null where nothing was measured. */
function cell(answer: Answer, stageSlug: string, benchmark = 'mmlu', slice: string | null = null) {
  const column = answer.columns.find(({ experiment }) => experiment.slug === stageSlug)
  const row = answer.rows.findIndex(
    (r) => r.benchmark.slug === benchmark && (r.slice ? `${r.slice.key} ${r.slice.value}` : null) === slice,
  )
  const i = column?.cells.at.indexOf(row) ?? -1
  if (!column || i < 0) return null
  const { cells } = column
  return {
    score: cells.score[i],
    state: cells.state[i],
    change: cells.change[i],
    p: cells.p[i],
    role: cells.role[i],
    budget: cells.budget[i],
    reason: answer.reasons[cells.reason[i] ?? -1] ?? null,
    against: answer.baselines[cells.against[i] ?? -1]?.experiment.slug ?? null,
  }
}

const half = (i: number) => i < 100
const most = (i: number) => i < 160

describe('changes', () => {
  beforeEach(async () => {
    await stage('base', null)
    await stage('sft', 'base')
    await stage('dpo', 'sft')
    await measured('base', (i) => i < 120)
    await measured('sft', most)
    await measured('dpo', half)
  })

  test('are told against parent, root, best ancestor and a chosen checkpoint', async () => {
    expect(cell(await matrix(), 'dpo')).toMatchObject({
      change: -0.3,
      state: 'forgot',
      against: 'sft',
      role: 'retention',
    })
    expect(cell(await matrix(), 'sft')).toMatchObject({ change: 0.2, state: 'improved', against: 'base' })
    expect(cell(await matrix({ baseline: 'root' }), 'dpo')).toMatchObject({ change: -0.1, against: 'base' })
    expect(cell(await matrix({ baseline: 'best' }), 'dpo')).toMatchObject({ change: -0.3, against: 'sft' })
    const chosen = await matrix({ baseline: checkpoints.dpo as string })
    expect(cell(chosen, 'base')).toMatchObject({ change: 0.1, against: 'dpo' })
    expect(cell(chosen, 'dpo')).toMatchObject({ state: 'is_baseline', change: null })
    expect(cell(await matrix(), 'base')).toMatchObject({ state: 'no_baseline', reason: 'there is nothing before it' })
  })

  test('come column by column, with every row of the whole set', async () => {
    const second = await matrix({ from: 1, count: 1 })
    expect(second).toMatchObject({ total: 3, from: 1 })
    expect(second.columns.map((column) => column.experiment.slug)).toEqual(['sft'])
    expect(second.rows).toHaveLength(1)
    expect(cell(second, 'sft')).toMatchObject({ change: 0.2, against: 'base' })
  })

  test('a newer evaluation takes the place of what was held in memory', async () => {
    expect(cell(await matrix(), 'dpo')).toMatchObject({ score: 0.5 })
    await measured('dpo', most)
    expect(cell(await matrix(), 'dpo')).toMatchObject({ score: 0.8, change: 0, state: 'retained' })
  })

  test('a column told before is told anew when its baseline, its benchmark or what it means to the stage has changed', async () => {
    const first = await matrix()
    expect(await matrix()).toEqual(first)
    expect(cell(first, 'dpo')).toMatchObject({ change: -0.3, role: 'retention', budget: 'fail' })
    const margin = (value: number | null) =>
      editBenchmark(lab.user('editor'), { workspace: 'lab', benchmark: 'mmlu', margin: value })
    await margin(0.4)
    expect(cell(await matrix(), 'dpo')).toMatchObject({ change: -0.3, budget: 'pass' })
    await margin(null)
    await putExperiment(lab.user('editor'), {
      workspace: 'lab',
      project,
      slug: 'dpo',
      stage: 'instruction',
      parents: [{ checkpoint: checkpoints.sft as string, kind: 'init' }],
      mixture: [],
      benchmarks: [{ benchmark: 'mmlu', role: 'target' }],
    })
    expect(cell(await matrix(), 'dpo')).toMatchObject({ change: -0.3, role: 'target', budget: null })
    await measured('sft', half)
    expect(cell(await matrix(), 'dpo')).toMatchObject({ change: 0, role: 'target' })
  })

  test('a loss beyond its budget is told, and what stays within is counted', async () => {
    const answer = await matrix()
    expect(cell(answer, 'dpo')?.budget).toBe('fail')
    expect(answer.columns.find((c) => c.experiment.slug === 'dpo')?.within).toEqual({ kept: 0, of: 1, beyond: 1 })
    expect(answer.columns.find((c) => c.experiment.slug === 'sft')?.within).toEqual({ kept: 1, of: 1, beyond: 0 })
  })

  test('a slice shows where the mean hides it, and a label that is an outcome is no slice', async () => {
    await stage('task', 'sft')
    // The hard half loses 40 items, the easy half wins 20 of them back.
    await measured('task', (i) => (i % 2 === 1 ? i < 80 : i < 200))
    const answer = await matrix({ slices: 'true' })
    expect(answer.rows.map((row) => row.slice && `${row.slice.key} ${row.slice.value}`)).toEqual([
      null,
      'part easy',
      'part hard',
    ])
    expect(cell(answer, 'task', 'mmlu', 'part hard')).toMatchObject({ change: -0.4, state: 'forgot' })
    expect(cell(answer, 'task', 'mmlu', 'part easy')).toMatchObject({ change: 0.2, state: 'improved' })
  })
})

describe('what cannot be compared', () => {
  beforeEach(async () => {
    await stage('base', null)
    await stage('sft', 'base')
  })

  test('says which fields of the protocol differ', async () => {
    await measured('base', half)
    await measured('sft', most, { protocol: { task: 'mmlu', shots: 0, harness: 'test', harness_version: '2' } })
    expect(cell(await matrix(), 'sft')).toMatchObject({
      change: null,
      state: 'not_comparable',
      reason: 'another protocol: shots, harness version differ',
      against: 'base',
    })
    const opened = await getMatrixCell(lab.user('viewer'), {
      workspace: 'lab',
      project,
      checkpoint: checkpoints.sft as string,
      benchmark: 'mmlu',
      variant: '',
      baseline: 'parent',
    })
    expect(opened.differing).toEqual([
      { field: 'shots', before: '5', after: '0' },
      { field: 'harness version', before: null, after: '2' },
    ])
    expect(opened.flips).toBeNull()
  })

  test('a parent without the benchmark: the nearest ancestor that has it, which is not this stage alone', async () => {
    await stage('dpo', 'sft')
    await measured('base', most)
    await measured('dpo', half)
    expect(cell(await matrix(), 'dpo')).toMatchObject({ change: -0.3, against: 'base', budget: null })
    expect(cell(await matrix(), 'sft')).toBeNull()
  })

  test('without n and items there is no interval, and the reason is told', async () => {
    const bare = { items: [], score: 0.5, n: 200 }
    const rating = { ...accuracy, slug: 'rating', kind: 'elo' as const, category: 'preference', chance: null }
    await measured('base', half, { ...bare, benchmark: rating, score: 1000 })
    await measured('sft', half, { ...bare, benchmark: rating, score: 1100 })
    expect(cell(await matrix(), 'sft', 'rating')).toMatchObject({ change: 100, state: 'no_interval', p: null })
    expect(cell(await matrix(), 'sft', 'rating')?.reason).toMatch(/standard error is missing/)
  })
})

describe('a path', () => {
  beforeEach(async () => {
    await stage('base', null)
    await stage('sft', 'base')
    await stage('task-full', 'sft')
    await stage('task-replay', 'sft')
    await stage('dpo', 'task-replay')
    await makeExperiment(lab, project, 'rlvr', { parents: [{ experiment: 'dpo', kind: 'init' }] })
    for (const slug of ['base', 'sft', 'task-full', 'task-replay', 'dpo']) await measured(slug, most)
  })
  const slugs = (answer: Answer, group: string) =>
    answer.columns.filter((column) => column.group === group).map((column) => column.experiment.slug)

  test('is the longest measured one by default, with the siblings of its widest fork', async () => {
    const answer = await matrix({ set: 'path' })
    expect(slugs(answer, 'path')).toEqual(['base', 'sft', 'task-replay', 'dpo'])
    expect(slugs(answer, 'sibling')).toEqual(['task-full'])
    expect(answer.siblings).toBe(answer.columns[2]?.experiment.number)
  })

  test('to a planned stage shows it without a checkpoint', async () => {
    const rlvr = (await matrix()).stages?.find((s) => s.name === 'rlvr')
    const answer = await matrix({ set: 'path', leaf: rlvr?.number, siblings: 'none' })
    expect(slugs(answer, 'path')).toEqual(['base', 'sft', 'task-replay', 'dpo', 'rlvr'])
    expect(answer.columns.at(-1)).toMatchObject({ checkpoint: null, state: 'planned', cells: { at: [] } })
    expect(slugs(answer, 'sibling')).toEqual([])
  })

  test('branches are what descends from a stage; picked checkpoints come in their own order', async () => {
    const sft = (await matrix()).stages?.find((s) => s.name === 'sft')
    expect(slugs(await matrix({ set: 'branches', leaf: sft?.number }), 'set')).toEqual([
      'sft',
      'task-full',
      'task-replay',
      'dpo',
    ])
    const picked = [checkpoints.dpo as string, checkpoints.base as string]
    expect(slugs(await matrix({ set: 'picked', checkpoints: picked }), 'set')).toEqual(['dpo', 'base'])
    await expectRefusal(matrix({ set: 'picked' }), 'invalid_request')
    await expectRefusal(matrix({ set: 'path', leaf: 99 }), 'not_found')
  })
})

describe('a cell', () => {
  const open = { workspace: 'lab', benchmark: 'mmlu', variant: '', baseline: 'parent' as const }
  beforeEach(async () => {
    await stage('base', null)
    await stage('sft', 'base')
    await stage('other', 'base')
    await measured('base', (i) => i < 120)
    await measured('sft', (i) => i >= 60 && i < 130)
    await measured('other', (i) => i < 130)
  })

  test('opens to both sides, the paired test, flips and slices', async () => {
    const opened = await getMatrixCell(lab.user('viewer'), { ...open, project, checkpoint: checkpoints.sft as string })
    expect(opened).toMatchObject({
      state: 'forgot',
      change: -0.25,
      paired_n: 200,
      stages_back: 1,
      flips: { lost: 60, gained: 10, kept_right: 60, kept_wrong: 70 },
      method: 'paired, McNemar exact: 60 lost, 10 gained',
      before: { experiment: { slug: 'base' }, score: 0.6 },
      after: { experiment: { slug: 'sft' }, score: 0.35, protocol: { harness: 'test', shots: 5 } },
    })
    expect(opened.slices.map(({ key, value, n, change }) => ({ key, value, n, change }))).toEqual([
      { key: 'part', value: 'easy', n: 100, change: -0.25 },
      { key: 'part', value: 'hard', n: 100, change: -0.25 },
    ])
    expect(opened.beside.map(({ experiment, relation }) => [experiment.slug, relation])).toEqual([['other', 'sibling']])
  })

  test('lists the items that flipped, with what each checkpoint answered', async () => {
    const page = await listFlippedItems(lab.user('viewer'), {
      ...open,
      project,
      checkpoint: checkpoints.sft as string,
      flip: 'lost',
      beside: [checkpoints.other as string],
      from: 58,
      count: 20,
    })
    expect(page.total).toBe(60)
    expect(page.items.map((item) => item.id)).toEqual(['q058', 'q059'])
    expect(page.items[0]).toMatchObject({
      prompt: 'Question 58?',
      expected: 'yes',
      answers: [
        { checkpoint: checkpoints.base, output: 'yes', score: 1 },
        { checkpoint: checkpoints.sft, output: 'no', score: 0 },
        { checkpoint: checkpoints.other, output: 'yes', score: 1 },
      ],
    })
    const gained = await listFlippedItems(lab.user('viewer'), {
      ...open,
      project,
      checkpoint: checkpoints.sft as string,
      flip: 'gained',
      from: 0,
      count: 20,
    })
    expect(gained.items.map((item) => item.id)[0]).toBe('q120')
    expect(gained.total).toBe(10)
  })

  test('is nobody else’s: a stranger and a key of another project learn nothing', async () => {
    const foreign = await makeProject(lab)
    const asked = { ...open, project, checkpoint: checkpoints.sft as string }
    await expectRefusal(getMatrixCell(lab.stranger(), asked), 'not_found')
    await expectRefusal(getMatrix(lab.stranger(), { ...asked, set: 'stages', from: 0, count: 10 }), 'not_found')
    await expectRefusal(
      getMatrixCell(lab.key('read', foreign.id), { ...asked, workspace: undefined, project: foreign.slug }),
      'not_found',
    )
    await expectRefusal(
      getMatrix(lab.key('read', foreign.id), {
        project: foreign.slug,
        set: 'picked',
        checkpoints: [checkpoints.sft as string],
        baseline: 'parent',
        from: 0,
        count: 10,
      }),
      'not_found',
    )
  })
})

test('items that came in another order and in parts pair all the same', async () => {
  await stage('base', null)
  await stage('sft', 'base')
  await measured('base', most)
  const own = items(200, half).reverse()
  const made = await postEvaluation(lab.key('ingest'), {
    ...evaluation({ n: 200, items: own.slice(0, 50), score: 0.5, complete: true }),
    checkpoint: checkpoints.sft as string,
  })
  await addItems(lab.key('ingest'), { evaluation: made.id, part: 2, items: own.slice(50) })
  await completeEvaluation(lab.key('ingest'), { evaluation: made.id })
  expect(cell(await matrix(), 'sft')).toMatchObject({ change: -0.3, state: 'forgot' })
})
