import { expect, test } from 'vitest'
import { readNews } from '#src/core/live/read-news.ts'
import { NewsMessage } from './live.ts'

const told = { run: 3, last_step: 20, at: 1, what: ['points', 'state'] }

test.each<[string, unknown]>([
  ['nobody', { runs: [] }],
  ['two runs, and that there were more', { runs: [told, { ...told, run: 4, last_step: null }], more: true }],
  ['a run that nothing happened to', { runs: [{ ...told, what: [] }], more: false }],
])('a page reads news of %s as the schema does', (_, data) => {
  expect(readNews(data)).toEqual({ more: false, ...NewsMessage.parse(data) })
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['a text', 'runs'],
  ['no list of runs', {}],
  ['a run that is no record', { runs: [3] }],
  ['a run without a number', { runs: [{ ...told, run: undefined }] }],
  ['a run with half a number', { runs: [{ ...told, run: 1.5 }] }],
  ['a step in words', { runs: [{ ...told, last_step: '20' }] }],
  ['no step at all', { runs: [{ ...told, last_step: undefined }] }],
  ['no time', { runs: [{ ...told, at: null }] }],
  ['a kind that is none', { runs: [{ ...told, what: ['points', 'weather'] }] }],
  ['kinds that are no list', { runs: [{ ...told, what: 'points' }] }],
  ['a run that cannot be read behind one that can', { runs: [told, {}] }],
  ['more as a number', { runs: [told], more: 1 }],
])('a page and the schema both refuse news with %s', (_, data) => {
  expect(readNews(data)).toBeNull()
  expect(NewsMessage.safeParse(data).success).toBe(false)
})
