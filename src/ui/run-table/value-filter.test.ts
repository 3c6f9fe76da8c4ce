import { expect, test } from 'vitest'
import { type Field, parseField } from '#src/core/search/field.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import type { CellValue } from './cell-words.ts'
import { filtersOf, groupTest, numberAbove, numbersTest, withTests } from './value-filter.ts'

const field = (text: string): Field => {
  const found = parseField(text)
  if ('wrong' in found) throw new Error(found.wrong)
  return found
}
const offered = (text: string, value: CellValue, q = '') =>
  filtersOf(field(text), value).map(({ label, test: one }) => `${label} -> ${withTests(q, [one])}`)

test('a value offers only this and without this, written in the grammar', () => {
  expect(offered('stage', 'sft_replay')).toEqual([
    'Only this -> stage = sft_replay',
    'Without this -> stage != sft_replay',
  ])
})

test('a number also offers what is at least and at most as much', () => {
  expect(offered('config.lr', 0.003)).toEqual([
    'Only this -> config.lr = 0.003',
    'Without this -> config.lr != 0.003',
    'At least this -> config.lr >= 0.003',
    'At most this -> config.lr <= 0.003',
  ])
})

test('bounds are rounded to what can be read, outwards, so that the value stays inside', () => {
  expect(offered('metrics.loss', 0.42579492926597595).slice(2)).toEqual([
    'At least this -> metrics.loss >= 0.4257',
    'At most this -> metrics.loss <= 0.4258',
  ])
  expect(offered('metrics.loss', -12345678).slice(2)).toEqual([
    'At least this -> metrics.loss >= -12350000',
    'At most this -> metrics.loss <= -12340000',
  ])
})

test('a missing value offers the runs that have none, and those that have', () => {
  expect(offered('metrics.loss', null)).toEqual([
    'Only runs without a value -> metrics.loss is missing',
    'Without these -> metrics.loss is not missing',
  ])
})

test('each tag of a run offers itself; a moment offers its day; NaN offers nothing', () => {
  expect(offered('tag', ['a b', 'c'])).toHaveLength(4)
  expect(offered('created', Date.UTC(2026, 10, 24, 9))).toContain('Only this day -> created = 2026-11-24')
  expect(offered('metrics.loss', 'NaN')).toEqual([])
})

test.each([
  ['', 'stage = sft'],
  ['state = failed', 'state = failed and stage = sft'],
  ['stage = sft', 'stage = sft'],
  ['state = failed or state = lost', '(state = failed or state = lost) and stage = sft'],
  ['state = ', 'stage = sft'],
])('to the search %j it adds itself: %j', (q, after) => {
  const [only] = filtersOf(field('stage'), 'sft')
  expect(only && withTests(q, [only.test])).toBe(after)
})

test.each(['plain', 'with "quotes"', 'and', 'über', '1', '-7d', 'today', 'a\\b', '%_'])(
  'the text %j is found as a text, whatever it looks like',
  (text) => {
    const one = groupTest(field('config.note'), text)
    const read = parseSearch(withTests('', one ? [one] : []))
    expect(read).toMatchObject({ kind: 'ok', expr: { kind: 'test', op: '=', value: { kind: 'text', text } } })
  },
)

test('runs are named by their numbers', () => {
  expect(withTests('', [numbersTest([3, 5], false)])).toBe('number in (3, 5)')
  expect(withTests('cost > 1', [numbersTest([3], true)])).toBe('cost > 1 and number not in (3)')
  expect(withTests('', [numberAbove(30, true)])).toBe('number > 30')
})
