import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { markdownText } from '#src/core/publish/markdown.ts'
import { FreezeInput, PublishQuery } from '#src/protocol/publish.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { deleteFrozenTable, freezeTable, getFrozenTable, listFrozenTables } from '#src/services/publish/freeze.ts'
import { getPublishedTable } from '#src/services/publish/get-table.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
/** Adds a trial of the last stage with so many of 200 right. */
let trial: (right: number, seed: number) => Promise<unknown>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

beforeEach(async () => {
  project = (await makeProject(lab)).slug
  await stage('base', {}, 100)
  const { ctx, checkpoint } = await stage('rl', { parents: [{ experiment: 'base', kind: 'init' }] }, 120)
  trial = (right, seed) => postEvaluation(ctx, { ...scored(right, seed), checkpoint })
  await trial(130, 1)
  await trial(140, 2)
})

const scored = (right: number, seed: number) =>
  evaluation({
    benchmark: { ...accuracy, slug: 'frozen-bench', name: 'frozen-bench' },
    score: right / 200,
    n: 200,
    seed,
    items: rightOf(right, 200),
  })

async function stage(slug: string, more: Parameters<typeof makeExperiment>[3], right: number) {
  await makeExperiment(lab, project, slug, more)
  const run = await makeRun(lab, project, slug)
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  await postEvaluation(run.ctx, { ...scored(right, 0), checkpoint })
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  return { ctx: run.ctx, checkpoint }
}

const place = () => ({ workspace: 'lab', project })
const freeze = (more: Partial<FreezeInput> = {}, ctx = lab.user('editor')) =>
  freezeTable(ctx, { ...FreezeInput.parse({ table: 'trials' }), ...more, ...place() })
const read = (id: string, ctx = lab.user('viewer')) => getFrozenTable(ctx, { ...place(), table: id })
const live = () =>
  getPublishedTable(lab.user('viewer'), { ...PublishQuery.parse({ table: 'trials' }), ...place(), model: 'rl' })

test('a fourth trial updates the page and leaves the frozen table as it was; it says which cells differ now', async () => {
  const frozen = await freeze()
  expect(frozen.document.table.rows[0]?.[0]?.text).toBe('frozen-bench (200 items × 1 to 3 trials)')
  expect(frozen.now).toEqual({ differences: [], total: 0, gone: null })
  await trial(190, 3)
  const [after, now] = await Promise.all([read(frozen.id), live()])
  expect(now.table.rows[0]?.[0]?.text).toBe('frozen-bench (200 items × 1 to 4 trials)')
  expect(after.document).toEqual(frozen.document)
  expect(after.now.total).toBeGreaterThan(0)
  expect(after.now.gone).toBeNull()
})

test('its forms hold the characters of the table on the day it was frozen', async () => {
  const before = await live()
  const frozen = await freeze({ title: 'For the card' })
  await trial(190, 3)
  const { document, title } = await read(frozen.id)
  expect(title).toBe('For the card')
  const text = (of: typeof document) => markdownText({ ...of, footRows: of.foot_rows })
  expect(text(document)).toBe(text(before))
})

test('the choice is kept, with the model by its number: a longer path later is another model', async () => {
  const { id } = await freeze({ decimals: 2, intervals: true })
  await stage('later', { parents: [{ experiment: 'rl', kind: 'init' }] }, 10)
  const { choice, now } = await read(id)
  expect(choice).toMatchObject({ table: 'trials', model: 2, decimals: 2, intervals: true, groups: null })
  expect(now.total).toBe(0)
})

test('the list names title, author and day, the newest first', async () => {
  await freeze({ title: 'first' })
  await freeze({ title: 'second' })
  const { items } = await listFrozenTables(lab.user('viewer'), place())
  expect(items.map(({ title, may_delete }) => [title, may_delete])).toEqual([
    ['second', false],
    ['first', false],
  ])
  for (const { by, at } of items) expect([by !== '', Number.isNaN(Date.parse(at))]).toEqual([true, false])
})

test('no statement changes a frozen table', async () => {
  await freeze()
  await expect(lab.database.sql`update frozen_tables set title = 'other'`).rejects.toThrow('append-only')
})

test('its author and admins take it away; viewers, other editors, programs and strangers do not', async () => {
  const remove = (id: string, ctx: ReturnType<Lab['user']>) => deleteFrozenTable(ctx, { ...place(), table: id })
  const mine = await freeze()
  await expectRefusal(remove(mine.id, lab.user('viewer')), 'forbidden')
  await expectRefusal(remove(mine.id, lab.key('ingest')), 'forbidden')
  await expectRefusal(remove(mine.id, lab.stranger()), 'not_found')
  await remove(mine.id, lab.user('editor'))
  await expectRefusal(read(mine.id), 'not_found')
  const keys = await freeze({}, lab.key('admin'))
  const refused = await expectRefusal(remove(keys.id, lab.user('editor')), 'forbidden')
  expect(refused.message).toContain('an admin of the workspace')
  await remove(keys.id, lab.user('admin'))
})

test('a table without rows is not frozen, nor by who may only read or send', async () => {
  const { slug } = await makeProject(lab)
  const empty = freezeTable(lab.user('editor'), { ...FreezeInput.parse({}), workspace: 'lab', project: slug })
  expect((await expectRefusal(empty, 'invalid_request')).message).toContain('no stage yet')
  await expectRefusal(freeze({}, lab.user('viewer')), 'forbidden')
  await expectRefusal(freeze({}, lab.key('ingest')), 'forbidden')
  await expectRefusal(freeze({}, lab.stranger()), 'not_found')
})
