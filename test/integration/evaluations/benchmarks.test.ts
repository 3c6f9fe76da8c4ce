import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { getBenchmark, listBenchmarkSummaries } from '#src/services/evaluations/benchmark-page.ts'
import { editBenchmark } from '#src/services/evaluations/edit-benchmark.ts'
import { getEvaluation } from '#src/services/evaluations/get.ts'
import { listHistory } from '#src/services/evaluations/history.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { editProtocol, getProtocol } from '#src/services/evaluations/protocol-page.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
let checkpoint: string
let slug: string
let post: (more?: Parameters<typeof evaluation>[0]) => ReturnType<typeof postEvaluation>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
  slug = `quiz-${randomUUID().slice(0, 8)}`
  await makeExperiment(lab, project.slug, 'base', { benchmarks: [{ benchmark: `${slug}-later`, role: 'target' }] })
  const run = await makeRun(lab, project.slug, 'base')
  checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  post = (more = {}) =>
    postEvaluation(run.ctx, { ...evaluation({ benchmark: { ...accuracy, slug }, n: 100, ...more }), checkpoint })
})

const [viewer, editor] = [() => lab.user('viewer'), () => lab.user('editor')]
const page = () => getBenchmark(viewer(), { workspace: 'lab', benchmark: slug })
const edit = (change: Omit<Parameters<typeof editBenchmark>[1], 'workspace' | 'benchmark'>, ctx = editor()) =>
  editBenchmark(ctx, { workspace: 'lab', benchmark: slug, ...change })
const five = { task: 'quiz', shots: 5, harness: 'h', harness_version: '1' }

test('the page tells protocols with their differences, who was measured, and that the newest protocol is the default', async () => {
  await post({ protocol: five, measured_at: '2026-01-01T00:00:00Z' })
  await post({ protocol: { ...five, shots: 0 }, measured_at: '2026-01-03T00:00:00Z', score: 0.6 })
  await post({ protocol: five, measured_at: '2026-01-02T00:00:00Z', score: 0.7, items: rightOf(70, 100) })
  const found = await page()
  expect(found.benchmark).toMatchObject({ slug, checkpoints: 1, protocols: 2, defined: true, chance: 0.25, use: null })
  expect(found.default_by).toBe('newest')
  expect(found.protocols.map((p) => [p.fields.shots, p.is_default, p.differs])).toEqual([
    [0, true, []],
    [5, false, ['shots']],
  ])
  expect(found.measured.map((m) => [m.score, m.superseded, m.experiment.slug])).toEqual([
    [0.6, 0, 'base'],
    [0.7, 1, 'base'],
  ])
  const old = await listHistory(viewer(), { evaluation: found.measured[1]?.evaluation ?? '' })
  expect(old.items.map((e) => [e.score, e.superseded])).toEqual([
    [0.7, false],
    [0.5, true],
  ])
})

test('an edit is kept with its author, and no evaluation changes', async () => {
  const made = await post({ protocol: five })
  const before = await getEvaluation(viewer(), { evaluation: made.id })
  const first = await edit({ category: 'reasoning', use: 'unseen', margin: 0.02, twin: `${slug}-later` })
  expect(first.benchmark).toMatchObject({ category: 'reasoning', use: 'unseen', margin: 0.02, twin: `${slug}-later` })
  const second = await edit({ margin: null, description: 'Four answers, one right.' })
  expect(second.edits.map((e) => [e.field, e.before, e.after])).toEqual([
    ['description', '', 'Four answers, one right.'],
    ['margin', 0.02, null],
    ['twin', null, `${slug}-later`],
    ['margin', null, 0.02],
    ['use', null, 'unseen'],
    ['category', 'knowledge', 'reasoning'],
  ])
  expect(second.edits.every((e) => e.by !== '')).toBe(true)
  expect(await edit({ use: 'unseen' })).toEqual(second)
  const { benchmark: _, ...after } = await getEvaluation(viewer(), { evaluation: made.id })
  expect(before).toMatchObject(after)
})

test('the default protocol is one by which it was measured, chosen by a person, and may be given back', async () => {
  const old = await post({ protocol: five, measured_at: '2026-01-01T00:00:00Z' })
  await post({ protocol: { ...five, shots: 0 }, measured_at: '2026-01-03T00:00:00Z' })
  const chosen = await edit({ default_protocol: old.fingerprint })
  expect(chosen).toMatchObject({ default_protocol: old.fingerprint, default_by: 'person' })
  expect(chosen.protocols.map((p) => [p.fields.shots, p.differs])).toEqual([
    [0, ['shots']],
    [5, []],
  ])
  expect(await edit({ default_protocol: null })).toMatchObject({ default_by: 'newest' })
  await expectRefusal(edit({ default_protocol: 'f'.repeat(64) }), 'invalid_request')
})

test('what a number means stays once there is one; before that everything may be said', async () => {
  const later = () =>
    editBenchmark(editor(), { workspace: 'lab', benchmark: `${slug}-later`, kind: 'loss', higher_is_better: false })
  expect((await later()).benchmark).toMatchObject({ kind: 'loss', higher_is_better: false })
  await post()
  const edits = async () => (await page()).edits
  const refused = await expectRefusal(edit({ higher_is_better: false, name: 'Other' }), 'conflict')
  expect(refused.message).toContain(`higher_is_better of "${slug}" stays true: 1 evaluation counts by it.`)
  await expectRefusal(edit({ chance: 25 }), 'invalid_request')
  await expectRefusal(edit({ twin: slug }), 'invalid_request')
  expect(await edits()).toEqual([])
})

test('a benchmark that a stage named waits in the list for its definition', async () => {
  await post()
  const { items } = await listBenchmarkSummaries(viewer(), { workspace: 'lab' })
  expect(items.filter((b) => b.slug.startsWith(slug)).map((b) => [b.slug, b.defined, b.checkpoints])).toEqual([
    [`${slug}-later`, false, 0],
    [slug, true, 1],
  ])
})

test('a protocol has a page; its words may change, its fields may not', async () => {
  const made = await post({ protocol: five })
  const place = { workspace: 'lab', protocol: made.fingerprint }
  expect(await getProtocol(viewer(), place)).toMatchObject({ name: '', fields: { shots: 5, metric: 'acc' } })
  const named = await editProtocol(editor(), { ...place, name: 'Five shots', note: 'As in the paper.' })
  expect(named).toMatchObject({
    name: 'Five shots',
    fingerprint: made.fingerprint,
    edits: [{ field: 'note' }, { field: 'name' }],
  })
  expect(named.benchmarks.map((b) => b.benchmark.slug)).toContain(slug)
  expect((await getEvaluation(viewer(), { evaluation: made.id })).fingerprint).toBe(made.fingerprint)
})

test('a slug that is not there is answered with the nearest', async () => {
  await post()
  const found = await expectRefusal(getBenchmark(viewer(), { workspace: 'lab', benchmark: `${slug}x` }), 'not_found')
  expect(found.message).toContain(`Did you mean "${slug}"?`)
})

test('readers do not edit, keys that only send data neither, and strangers see nothing; a key of one project sees that one’s', async () => {
  const made = await post()
  const protocol = made.fingerprint
  for (const ctx of [viewer(), lab.key('ingest'), lab.key('read')]) {
    await expectRefusal(edit({ name: 'x' }, ctx), 'forbidden')
    await expectRefusal(editProtocol(ctx, { workspace: 'lab', protocol, name: 'x' }), 'forbidden')
  }
  for (const call of [
    () => edit({ name: 'x' }, lab.stranger()),
    () => getBenchmark(lab.stranger(), { workspace: 'lab', benchmark: slug }),
    () => getProtocol(lab.stranger(), { workspace: 'lab', protocol }),
    () => listBenchmarkSummaries(lab.stranger(), { workspace: 'lab' }),
    () => listHistory(lab.stranger(), { evaluation: made.id }),
  ])
    await expectRefusal(call(), 'not_found')
  const other = await makeProject(lab)
  const bound = await getBenchmark(lab.key('read', other.id), { benchmark: slug })
  expect(bound).toMatchObject({ benchmark: { checkpoints: 0 }, protocols: [], measured: [] })
})
