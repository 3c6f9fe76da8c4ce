import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { normalised, trainingWindows } from '#src/core/evaluations/text-hashes.ts'
import { reportTrainingRows } from '#src/services/datasets/report-training-rows.ts'
import { getContamination } from '#src/services/evaluations/contamination.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
let names = 0
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
})

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const row = (id: string, text: string) => ({
  id,
  hash: hash(normalised(text)),
  windows: trainingWindows(text).map(hash),
})
const report = (dataset: string, rows: ReturnType<typeof row>[], ctx = lab.key('ingest')) =>
  reportTrainingRows(ctx, { workspace: 'lab', project: project.slug, dataset, rows })

/** Twenty questions, each with words of its own. */
const question = (i: number) =>
  `Question ${i}: a train leaves town ${i} at ${i} o’clock with ${i} wagons, and each wagon holds ${i} crates; how many crates arrive?`
const items = Array.from({ length: 20 }, (_, i) => ({ id: `q-${i}`, score: i % 2, prompt: question(i) }))
const dataset = () => `corpus-${++names}@v1`

async function measured(slug: string, of: string, parents: { checkpoint: string; kind: 'init' }[] = []) {
  await makeExperiment(lab, project.slug, slug, {
    parents,
    mixture: [{ source: 'web', role: 'other', share: 1, dataset: of }],
  })
  const run = await makeRun(lab, project.slug, slug)
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  const benchmark = { slug: `crates-${names}`, category: 'math', kind: 'accuracy' as const, higher_is_better: true }
  const post = () => postEvaluation(run.ctx, { ...evaluation({ benchmark, items, n: 20, score: 0.5 }), checkpoint })
  return { checkpoint, post }
}
const planted = [
  row(
    'doc-1',
    `  QUESTION 3 — a train leaves town 3, at 3 o'clock with 3 wagons; and each wagon holds 3 crates. How many crates arrive`,
  ),
  row(
    'doc-2',
    `Chapter one. Some words before it. ${question(7)} And a good many words that come after it, until the end.`,
  ),
  row('doc-3', question(12)),
  row('doc-4', 'Nothing of this stands in any question, however often one reads it, whatever one looks for in it.'),
]
const contaminationOf = (uid: string) => getContamination(lab.user('viewer'), { evaluation: uid })

test('three items that were planted in the training data are named, whole ones and one inside a document', async () => {
  const of = dataset()
  const { post } = await measured('base', of)
  const made = await post()
  expect(await contaminationOf(made.id)).toMatchObject({
    found: 0,
    warning: null,
    unknown: `No hashes were reported of ${of}.`,
  })
  await report(of, planted)
  const found = await contaminationOf(made.id)
  expect(found.overlaps.map((o) => [o.item, o.row])).toEqual([
    ['q-12', 'doc-3'],
    ['q-3', 'doc-1'],
    ['q-7', 'doc-2'],
  ])
  expect(found).toMatchObject({ items: 20, found: 3, unknown: null, datasets: [{ dataset: of, reported: true }] })
  expect(found.warning).toBe(
    `3 of 20 items are also in the training data (${of}): q-12, q-3, q-7. The score may show memory, not ability.`,
  )
})

test('data of a stage from which the weights come counts, whatever came first; data of others does not', async () => {
  const [old, own] = [dataset(), dataset()]
  const base = await measured('base', old)
  const child = await measured('sft', own, [{ checkpoint: base.checkpoint, kind: 'init' }])
  await report(old, planted)
  await report(own, [row('x', 'Ten words of something else that nobody asks for.')])
  await report(dataset(), [row('y', question(1))])
  const found = await contaminationOf((await child.post()).id)
  expect(found).toMatchObject({ found: 3 })
  expect(found.datasets.map((d) => [d.dataset, d.stages.map((s) => s.slug)])).toEqual([
    [old, ['base']],
    [own, ['sft']],
  ])
})

test('reporting again changes nothing, and words that all items share say nothing', async () => {
  const of = dataset()
  const { post } = await measured('base', of)
  const made = await post()
  await report(of, planted)
  await report(of, planted)
  await report(of, [row('doc-9', 'o clock and each wagon holds: how many crates arrive')])
  expect((await contaminationOf(made.id)).found).toBe(3)
})

test('an evaluation without items, and items without texts, say that nothing could be compared', async () => {
  const of = dataset()
  const { checkpoint } = await measured('base', of)
  const bare = { slug: `bare-${names}`, category: 'math', kind: 'accuracy' as const, higher_is_better: true }
  const post = (more: Parameters<typeof evaluation>[0]) =>
    postEvaluation(lab.key('ingest'), { ...evaluation({ benchmark: bare, ...more }), checkpoint })
  expect((await contaminationOf((await post({ n: 10 })).id)).unknown).toContain('came without items')
  const silent = await post({ items: [{ id: 'a', score: 1 }], n: 1, score: 1, seed: 1 })
  expect((await contaminationOf(silent.id)).unknown).toContain('No item has a prompt or a hash')
})

test('a data set that is not slug@version, too many hashes, readers and strangers are refused, and nothing is written', async () => {
  const count = async () => (await lab.database.sql`select count(*)::int as n from training_hashes`)[0]?.n
  const before = await count()
  await expectRefusal(report('corpus', planted), 'invalid_request')
  const wide = { id: 'w', hash: hash('w'), windows: Array.from({ length: 100_000 }, (_, i) => hash(`${i}`)) }
  expect((await expectRefusal(report(dataset(), [wide]), 'unprocessable')).message).toContain('100001 hashes')
  await expectRefusal(report(dataset(), planted, lab.user('viewer')), 'forbidden')
  await expectRefusal(report(dataset(), planted, lab.stranger()), 'not_found')
  expect(await count()).toBe(before)
})
