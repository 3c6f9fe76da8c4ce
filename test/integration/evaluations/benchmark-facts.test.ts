import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { getBenchmark } from '#src/services/evaluations/benchmark-page.ts'
import { editBenchmark } from '#src/services/evaluations/edit-benchmark.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let form: string
let content: string
let post: (more?: Parameters<typeof evaluation>[0]) => ReturnType<typeof postEvaluation>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  const project = await makeProject(lab)
  const id = randomUUID().slice(0, 8)
  form = `form-${id}`
  content = `content-${id}`
  await makeExperiment(lab, project.slug, 'base')
  const run = await makeRun(lab, project.slug, 'base')
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  post = (more = {}) => postEvaluation(run.ctx, { ...evaluation(more), checkpoint })
})

const page = (benchmark: string) => getBenchmark(lab.user('viewer'), { workspace: 'lab', benchmark })
const edit = (benchmark: string, change: Omit<Parameters<typeof editBenchmark>[1], 'workspace' | 'benchmark'>) =>
  editBenchmark(lab.user('editor'), { workspace: 'lab', benchmark, ...change })
const define = (slug: string, more: object = {}) => post({ benchmark: { ...accuracy, slug, ...more } })

test('a gain is labelled by the category, or by what somebody says of the benchmark', async () => {
  await define(content)
  expect((await page(content)).benchmark).toMatchObject({ gain: 'knowledge', gain_by: 'category' })
  const edited = await edit(content, { gain: 'surface' })
  expect(edited.benchmark).toMatchObject({ gain: 'surface', gain_by: 'benchmark' })
  expect(edited.edits).toMatchObject([{ field: 'gain', before: null, after: 'surface' }])
  expect((await edit(content, { gain: null, category: 'odd' })).benchmark).not.toHaveProperty('gain')
})

describe('two sides of one task', () => {
  test('name each other from either side, and are taken apart together', async () => {
    await define(form, { category: 'format' })
    await define(content)
    const paired = await edit(form, { part: 'form', pair: content })
    expect(paired.benchmark).toMatchObject({ part: 'form', pair: content })
    expect((await page(content)).benchmark).toMatchObject({ part: 'content', pair: form })
    expect((await page(content)).edits.map((e) => [e.field, e.before, e.after])).toEqual(
      expect.arrayContaining([
        ['part', null, 'content'],
        ['pair', null, form],
      ]),
    )
    await edit(content, { pair: null })
    expect((await page(form)).benchmark).not.toHaveProperty('pair')
    expect((await page(content)).benchmark).not.toHaveProperty('part')
  })

  test('may be told with the first score, before the other side is defined', async () => {
    await define(form, { category: 'format', part: 'process', pair: content })
    expect((await page(content)).benchmark).toMatchObject({ defined: false, part: 'answer', pair: form })
    await define(content)
    expect((await page(content)).benchmark).toMatchObject({ defined: true, part: 'answer', pair: form })
    await define(form, { category: 'format', part: 'process', pair: content })
  })

  test('may be told by two clients at once, each its own side first, and so may twins', async () => {
    for (const round of Array.from({ length: 12 }, (_, i) => i)) {
      const [a, b] = [`${form}-${round}`, `${content}-${round}`]
      await Promise.all([
        define(a, { part: 'form', pair: b, twin: b }),
        define(b, { part: 'content', pair: a, twin: a }),
      ])
      expect((await page(a)).benchmark).toMatchObject({ defined: true, part: 'form', pair: b, twin: b })
      expect((await page(b)).benchmark).toMatchObject({ defined: true, part: 'content', pair: a, twin: a })
      await edit(a, { pair: null })
      await Promise.all([edit(a, { part: 'form', pair: b }), edit(b, { part: 'content', pair: a })])
      expect((await page(b)).benchmark).toMatchObject({ part: 'content', pair: a })
    }
  })

  test('are two: not one, not half of a pair, not two of three', async () => {
    const third = `${form}-third`
    await define(form, { part: 'form', pair: content })
    await define(third)
    expect((await expectRefusal(edit(third, { part: 'content', pair: form }), 'invalid_request')).message).toContain(
      `"${form}" is the other side of "${content}" already`,
    )
    await expectRefusal(edit(third, { part: 'content', pair: third }), 'invalid_request')
    await expectRefusal(edit(third, { part: 'content' }), 'invalid_request')
    await expectRefusal(define(`${form}-half`, { part: 'form' }), 'invalid_request')
    expect((await page(form)).benchmark).toMatchObject({ pair: content })
  })

  test('a benchmark that gets another side leaves the one it had', async () => {
    const third = `${form}-third`
    await define(form, { part: 'form', pair: content })
    await define(third)
    await edit(form, { pair: third })
    expect((await page(third)).benchmark).toMatchObject({ part: 'content', pair: form })
    expect((await page(content)).benchmark).not.toHaveProperty('pair')
  })
})

test('a facet belongs to a domain; without one it is refused and nothing changes', async () => {
  await define(content)
  await expectRefusal(edit(content, { facet: 'facts' }), 'invalid_request')
  expect((await edit(content, { facet: 'facts', domain: 'medicine' })).benchmark).toMatchObject({
    domain: 'medicine',
    facet: 'facts',
  })
  await expectRefusal(edit(content, { domain: null }), 'invalid_request')
})

test('answers hold until a day, of the benchmark and of its items; what is no day is refused', async () => {
  const dated = rightOf(3, 4).map((item, i) => ({
    ...item,
    ...(i < 3 && { tags: { valid_until: i === 0 ? '2001-01-01' : '2999-01-01' } }),
  }))
  await post({ benchmark: { ...accuracy, slug: content, valid_until: '2001-01-01' }, n: 4, score: 0.75, items: dated })
  const found = await page(content)
  expect(found.benchmark.valid_until).toBe('2001-01-01')
  expect(found.dated_items).toEqual({ dated: 3, stale: 1 })
  expect((await edit(content, { valid_until: null })).benchmark).not.toHaveProperty('valid_until')
  await define(form)
  expect((await page(form)).dated_items).toBeNull()
  const wrong = dated.map((item) => ({ ...item, tags: { valid_until: 'soon' } }))
  const refused = await expectRefusal(post({ benchmark: content, n: 4, score: 0.75, items: wrong }), 'invalid_request')
  expect(refused.message).toContain('"soon"; write the day as 2026-12-31.')
})

test('who may only look edits none of it', () =>
  expectRefusal(editBenchmark(lab.user('viewer'), { workspace: 'lab', benchmark: form, gain: 'surface' }), 'forbidden'))
