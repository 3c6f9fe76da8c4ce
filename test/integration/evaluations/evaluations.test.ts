import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addItems, completeEvaluation } from '#src/services/evaluations/add-items.ts'
import { getChanges } from '#src/services/evaluations/changes.ts'
import { getEvaluation, listEvaluationItems } from '#src/services/evaluations/get.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getEvaluationTable } from '#src/services/evaluations/table.ts'
import { getExperiment } from '#src/services/experiments/get.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
let run: Awaited<ReturnType<typeof makeRun>>
let checkpoint: string
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  run = await makeRun(lab, project.slug, 'base')
  checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
})

const viewer = () => lab.user('viewer')
const post = (more: Parameters<typeof evaluation>[0] = {}, ctx = run.ctx) =>
  postEvaluation(ctx, { ...evaluation(more), checkpoint })
const count = async () => {
  const [row] = await lab.database.sql<{ e: number; i: number; b: number; p: number }[]>`
    select (select count(*)::int from evaluations) as e, (select count(*)::int from evaluation_items) as i,
      (select count(*)::int from benchmarks) as b, (select count(*)::int from protocols) as p`
  return row
}

test('with all of its items counts at once, with the interval of its items', async () => {
  const made = await post({ items: rightOf(18, 20), score: 0.9, n: 20 })
  expect(made).toMatchObject({ status: 'complete', n_items: 20, stderr: null, superseded: false })
  expect(made.low).toBeCloseTo(0.699, 3)
  expect(made.high).toBeCloseTo(0.9721, 3)
  expect(await getEvaluation(viewer(), { evaluation: made.id })).toEqual(made)
})

test('comes in parts, is open until it is complete, and a part may be repeated', async () => {
  const items = rightOf(30, 40)
  const made = await post({ items: items.slice(0, 10), score: 0.75, n: 40 })
  expect(made.status).toBe('open')
  expect((await getEvaluationTable(viewer(), { workspace: 'lab', project: project.slug })).rows).toEqual([])
  const evaluation = made.id
  await addItems(run.ctx, { evaluation, part: 2, items: items.slice(10, 25) })
  await expectRefusal(completeEvaluation(run.ctx, { evaluation }), 'unprocessable')
  await addItems(run.ctx, { evaluation, part: 2, items: items.slice(10, 30) })
  await addItems(run.ctx, { evaluation, part: 3, items: items.slice(30) })
  expect(await completeEvaluation(run.ctx, { evaluation })).toMatchObject({ status: 'complete', n_items: 40 })
  expect((await completeEvaluation(run.ctx, { evaluation })).status).toBe('complete')
  await expectRefusal(addItems(run.ctx, { evaluation, part: 4, items: rightOf(1, 1) }), 'conflict')
  const page = await listEvaluationItems(viewer(), { evaluation, limit: 25 })
  const rest = await listEvaluationItems(viewer(), { evaluation, limit: 25, cursor: page.next_cursor })
  expect([...page.items, ...rest.items].map((i) => i.id)).toEqual(items.map((i) => i.id))
  expect(rest.next_cursor).toBeUndefined()
})

test.each<[string, Parameters<typeof evaluation>[0], string, string]>([
  ['an item with two forms', { items: [{ id: 'a', score: 1, nats: 2, bytes: 3 }], n: 1 }, 'invalid_request', 'Item 0'],
  [
    'items of mixed form',
    {
      items: [
        { id: 'a', score: 1 },
        { id: 'b', nats: 2, bytes: 3 },
      ],
      n: 2,
    },
    'invalid_request',
    'Item 1',
  ],
  [
    'nats without bytes',
    { metric: 'bits_per_byte', items: [{ id: 'a', nats: 2 }], n: 1 },
    'invalid_request',
    'without bytes',
  ],
  ['an item twice', { items: [...rightOf(1, 1), ...rightOf(1, 1)], n: 2 }, 'invalid_request', 'comes twice'],
  ['more items than n', { items: rightOf(2, 3), n: 2 }, 'unprocessable', 'n is 2, but 3'],
  [
    'a score that is not the items’',
    { items: rightOf(1, 2), score: 0.75, n: 2 },
    'unprocessable',
    '0.75, but the items give 0.5',
  ],
  ['a score in points on scale 1', { score: 66.7, n: 100 }, 'invalid_request', 'scale 100'],
  [
    'a benchmark by slug that nobody defined',
    { benchmark: 'nobody-knows', n: 5 },
    'invalid_request',
    'not defined yet',
  ],
])('%s is refused and nothing is half written', async (_, input, code, words) => {
  const before = await count()
  const found = await expectRefusal(post(input), code as 'invalid_request')
  expect(found.message).toContain(words)
  expect(await count()).toEqual(before)
})

test('a benchmark with another meaning is refused, naming the field, and one that is only sorted otherwise is taken; a stage’s tolerance may come before any definition', async () => {
  const slug = `bench-${randomUUID().slice(0, 8)}`
  await makeExperiment(lab, project.slug, 'early', { benchmarks: [{ benchmark: slug, tolerance: 0.2 }] })
  await post({ benchmark: { ...accuracy, slug }, n: 10 })
  await post({ benchmark: slug, n: 10 })
  await post({ benchmark: { ...accuracy, slug, name: 'Another name', category: 'another' }, n: 10 })
  const found = await expectRefusal(post({ benchmark: { ...accuracy, slug, kind: 'loss' }, n: 10 }), 'conflict')
  expect(found.message).toContain('kind "accuracy"')
  expect(found.detail.errors).toMatchObject([{ pointer: '/benchmark/kind' }])
})

test('the same four again: the newer by measured_at supersedes, whatever order they arrive in; another seed is a trial', async () => {
  const newer = await post({ n: 100, score: 0.6, measured_at: '2026-02-02T00:00:00Z' })
  const older = await post({ n: 100, score: 0.4, measured_at: '2026-01-01T00:00:00Z' })
  expect((await getEvaluation(viewer(), { evaluation: newer.id })).superseded).toBe(false)
  expect((await getEvaluation(viewer(), { evaluation: older.id })).superseded).toBe(true)
  await post({ n: 100, score: 0.8, seed: 1, measured_at: '2026-01-01T00:00:00Z' })
  const table = await getEvaluationTable(viewer(), { workspace: 'lab', project: project.slug })
  const cell = table.rows[0]?.cells.find((c) => c !== null)
  expect(cell).toMatchObject({ trials: 2 })
  expect(cell?.score).toBeCloseTo(0.7, 9)
  await post({ n: 100, score: 0.1, measured_at: '2026-03-03T00:00:00Z', protocol: { task: 'other', shots: 5 } })
  const fresh = await getEvaluationTable(viewer(), { workspace: 'lab', project: project.slug })
  expect(fresh.rows[0]?.cells.filter((c) => c !== null)).toMatchObject([{ score: 0.1, trials: 1 }])
})

test('the role that an evaluation suggests does not change what the stage said', async () => {
  const roleOf = async () =>
    (await getExperiment(viewer(), { workspace: 'lab', project: project.slug, experiment: 'base' })).benchmarks
  await post({ benchmark: { ...accuracy, slug: 'suggested', role: 'target' } })
  await post({ benchmark: { ...accuracy, slug: 'suggested', role: 'safety' } })
  expect(await roleOf()).toContainEqual({ benchmark: 'suggested', role: 'target' })
})

test('an evaluation from the future does not stand above all others', async () => {
  const found = await expectRefusal(post({ measured_at: '2999-01-01T00:00:00Z' }), 'invalid_request')
  expect(found.message).toContain('measured_at is 2999-01-01T00:00:00Z')
})

test('a missing standard error is missing, not zero', async () => {
  const benchmark = { ...accuracy, slug: 'corpus-bpb', kind: 'loss' as const, higher_is_better: false, unit: 'bpb' }
  const made = await post({ benchmark, metric: 'bits_per_byte', score: 1.2, n: 40 })
  expect(made).toMatchObject({ stderr: null, low: null, high: null })
  expect(made.interval_note).toContain('no standard error')
})

test('changes against the parent: paired, with roles, readings and budgets', async () => {
  const child = await makeExperiment(lab, project.slug, 'sft', {
    parents: [{ checkpoint, kind: 'init' }],
    benchmarks: [{ benchmark: 'kept', tolerance: 0.1 }],
  })
  const theirs = await makeRun(lab, project.slug, 'sft')
  const after = (await makeCheckpoint(theirs.ctx, theirs.uid)).id
  const both = async (slug: string, before: number, now: number, more: Parameters<typeof evaluation>[0] = {}) => {
    const benchmark = { ...accuracy, slug }
    const protocol = { ...evaluation().protocol, dtype: 'bfloat16' }
    await postEvaluation(run.ctx, {
      ...evaluation({ benchmark, items: rightOf(before, 200), n: 200, score: before / 200, protocol }),
      checkpoint,
    })
    const input = evaluation({ benchmark, items: rightOf(now, 200), n: 200, score: now / 200, ...more })
    await postEvaluation(theirs.ctx, { ...input, checkpoint: after })
  }
  await both('kept', 180, 100)
  await both('same', 150, 149, { protocol: { ...evaluation().protocol, dtype: 'int8' } })
  await both('goal', 20, 160, { benchmark: { ...accuracy, slug: 'goal', role: 'target' } })
  await both('other', 10, 20, { protocol: { task: 'mmlu', shots: 0, harness: 'test' } })
  await postEvaluation(theirs.ctx, {
    ...evaluation({ benchmark: { ...accuracy, slug: 'alone' }, n: 9 }),
    checkpoint: after,
  })
  const changes = await getChanges(viewer(), { checkpoint: after, baseline: 'parent' })
  expect(changes.map((c) => [c.benchmark.slug, c.role, c.reading, c.over_budget])).toEqual([
    ['goal', 'target', 'gained', null],
    ['kept', 'retention', 'lost', 'certain'],
    ['same', 'retention', 'no_difference_found', 'no'],
    expect.arrayContaining(['alone', null, 'missing_baseline', null]),
    expect.arrayContaining(['other', 'retention', 'not_comparable', null]),
  ])
  const kept = changes[1]
  expect(kept).toMatchObject({ change: -0.4, utility: -0.4, paired_n: 200, tolerance: 0.1, beyond_interval: true })
  expect(kept?.method).toContain('McNemar exact: 80 lost, 0 gained; p adjusted over 2 benchmarks')
  const same = changes[2]
  expect(same).toMatchObject({ p: 1, moved: { lost: 1, gained: 0, same: 199 } })
  expect(same?.se).toBeCloseTo(0.005, 9)
  expect(same?.detectable).toBeCloseTo(2.8016 * 0.005, 5)
  expect(same?.method).toBe(
    'paired, McNemar exact: 1 lost, 0 gained; p adjusted over 2 benchmarks; could not have shown less than 0.014; another dtype, which may explain a part of it',
  )
  expect(changes.find((c) => c.benchmark.slug === 'other')?.reason).toBe('another protocol: shots differs')
  expect(await getChanges(viewer(), { checkpoint: after, baseline: 'root' })).toEqual(changes)
  expect(await getChanges(viewer(), { checkpoint: after, baseline: checkpoint })).toEqual(changes)
  expect(child.experiment.number).toBe(2)
})

test('rejects an actor who may only read, a job with another target, and strangers', async () => {
  const made = await post({ n: 10, complete: false })
  const input = { ...evaluation({ n: 5 }), checkpoint }
  await expectRefusal(postEvaluation(viewer(), input), 'forbidden')
  await expectRefusal(addItems(viewer(), { evaluation: made.id, part: 1, items: rightOf(1, 1) }), 'forbidden')
  await expectRefusal(completeEvaluation(viewer(), { evaluation: made.id }), 'forbidden')
  await expectRefusal(getEvaluation(run.ctx, { evaluation: made.id }), 'forbidden')
  await expectRefusal(postEvaluation(lab.job({ projectId: project.id, runId: 1 }), input), 'not_found')
  const [target] = await lab.database.sql<{ id: number }[]>`select id from checkpoints where uid = ${checkpoint}`
  const job = lab.job({ projectId: project.id, runId: 1, targetCheckpointId: target?.id ?? 0 })
  expect((await postEvaluation(job, input)).status).toBe('complete')
  const stranger = lab.stranger()
  for (const call of [
    () => postEvaluation(stranger, input),
    () => addItems(stranger, { evaluation: made.id, part: 1, items: rightOf(1, 1) }),
    () => completeEvaluation(stranger, { evaluation: made.id }),
    () => getEvaluation(stranger, { evaluation: made.id }),
    () => getEvaluation(viewer(), { evaluation: randomUUID() }),
    () => listEvaluationItems(stranger, { evaluation: made.id }),
    () => getChanges(stranger, { checkpoint, baseline: 'parent' }),
    () => getChanges(viewer(), { checkpoint, baseline: randomUUID() }),
    () => getEvaluationTable(stranger, { workspace: 'lab', project: project.slug }),
  ])
    await expectRefusal(call(), 'not_found')
})

test('measured at one moment, or at none that is known, the later arrival stands', async () => {
  const standing = async (id: string) => !(await getEvaluation(viewer(), { evaluation: id })).superseded
  const at = '2026-02-02T00:00:00Z'
  const [first, second] = [await post({ score: 0.6, measured_at: at }), await post({ score: 0.5, measured_at: at })]
  expect([await standing(first.id), await standing(second.id)]).toEqual([false, true])
  const third = await post({ score: 0.4, measured_at: null })
  expect([await standing(second.id), await standing(third.id)]).toEqual([false, true])
})

test('items are kept packed, once per list of items whatever order they came in, and read back the same', async () => {
  const items = rightOf(700, 1000)
  const one = await post({ items, n: 1000, score: 0.7 })
  const other = await post({ items: [...items].reverse(), n: 1000, score: 0.7, seed: 1 })
  const third = await post({ items: items.slice(1), n: 999, score: 699 / 999, seed: 2 })
  const rows = await lab.database.sql`
    select e.uid, p.list_id, length(p.bytes) as bytes from packed_items p join evaluations e on e.id = p.evaluation_id
    where e.uid in ${lab.database.sql([one.id, other.id, third.id])} order by e.id`
  expect(rows.map((row) => row.bytes)).toEqual([135, 135, 135])
  expect(rows[0]?.list_id).toBe(rows[1]?.list_id)
  expect(rows[0]?.list_id).not.toBe(rows[2]?.list_id)
  expect([other.low, other.high]).toEqual([one.low, one.high])
  await lab.database
    .sql`delete from packed_items where evaluation_id in (select id from evaluations where uid = ${one.id})`
  expect(await getEvaluation(lab.user('viewer'), { evaluation: one.id })).toMatchObject({
    low: one.low,
    high: one.high,
  })
})

test('a changed or unknown tokenizer blocks metrics per token and no others', async () => {
  await makeExperiment(lab, project.slug, 'sft', { parents: [{ checkpoint, kind: 'init' }] })
  const theirs = await makeRun(lab, project.slug, 'sft')
  const after = (await makeCheckpoint(theirs.ctx, theirs.uid)).id
  const loss = { category: 'general-LM', kind: 'loss' as const, higher_is_better: false }
  const both = async (slug: string, metric: string, before: string | undefined, now: string | undefined) => {
    const of = (tokenizer: string | undefined, score: number) =>
      evaluation({ benchmark: { ...loss, slug }, metric, score, stderr: 0.01, protocol: { task: 'wiki', tokenizer } })
    await postEvaluation(run.ctx, { ...of(before, 2.1), checkpoint })
    await postEvaluation(theirs.ctx, { ...of(now, 2), checkpoint: after })
  }
  await both('per-byte', 'bits_per_byte', 'bpe1k', 'bpe2k')
  await both('per-token', 'nats_per_token', 'bpe1k', 'bpe2k')
  await both('same-token', 'nats_per_token', 'bpe1k', 'bpe1k')
  await both('unknown-token', 'nats_per_token', undefined, undefined)
  const changes = await getChanges(viewer(), { checkpoint: after, baseline: 'parent' })
  const reasons = Object.fromEntries(changes.map((c) => [c.benchmark.slug, c.reason]))
  expect(reasons).toEqual({
    'per-byte': null,
    'same-token': null,
    'per-token': 'another protocol: tokenizer differs',
    'unknown-token': 'nats_per_token counts per token, and the tokenizer is not known',
  })
})
