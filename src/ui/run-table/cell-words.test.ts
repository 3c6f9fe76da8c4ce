import { expect, test } from 'vitest'
import { baselineDelta } from './baseline-delta.ts'
import { type CellValue, cellWords } from './cell-words.ts'
import { type ColumnLook, columnLook, columnWords, firstDirection } from './column-look.ts'

const look = (text: string): ColumnLook => {
  const found = columnLook(text)
  if (!found) throw new Error(`${text} is no field`)
  return found
}
const words = (field: string, value: CellValue) => cellWords(look(field), value, 'USD')
const delta = (field: string, value: CellValue, baseline: CellValue) => baselineDelta(look(field), value, baseline)

test.each([
  ['metrics.loss', 0.24391234, '0.2439', '0.24391234'],
  ['metrics.loss', 'NaN', 'NaN', 'NaN'],
  ['metrics.loss', '-Infinity', '−∞', '-Infinity'],
  ['tokens', 482_000, '482k', '482,000'],
  ['duration', 8_040, '2 h 14 m', '8040 s'],
  ['cost', 0.00046, '$0.00046', '0.00046 USD'],
  ['config.lr', 0.003, '0.003', '0.003'],
  ['config.flag', false, 'false', 'false'],
  ['tag', ['a', 'b'], 'a, b', 'a, b'],
  ['metrics.loss', null, '', ''],
] as const)('%s of %s reads %s and is %s exactly', (field, value, text, exact) => {
  expect(words(field, value)).toMatchObject({ text, exact })
})

test('a number that is not finite stands out', () => {
  expect(words('metrics.loss', 'NaN').isBad).toBe(true)
  expect(words('name', 'NaN').isBad).toBe(false)
})

test('a moment of another year names its month, and its exact time is UTC', () => {
  const { text, exact } = words('created', Date.UTC(2020, 4, 3, 10, 20, 30))
  expect(text).toBe('May 2020')
  expect(exact).toBe('2020-05-03 10:20:30 UTC')
})

test('the head says which reading of a metric it is', () => {
  expect(columnWords(look('metrics.train/loss'))).toBe('train/loss (last)')
  expect(columnWords(look('metrics.loss.min'))).toBe('loss (min)')
  expect(columnWords(look('metrics.loss.checkpoint'))).toBe('loss (at checkpoint)')
  expect(columnWords(look('cost'))).toBe('Cost')
  expect(columnLook('nonsense')).toBeNull()
})

test('a change is better or worse by the direction of its metric, whichever sign it has', () => {
  expect(delta('metrics.loss', 2.1, 2.5)).toEqual({ text: '−0.4', arrow: '▲', word: 'better', tone: 'gained' })
  expect(delta('metrics.loss', 2.5, 2.1)).toEqual({ text: '+0.4', arrow: '▼', word: 'worse', tone: 'lost' })
  expect(delta('eval.mmlu', 0.61, 0.58)).toMatchObject({ text: '+0.03', word: 'better' })
  expect(delta('eval.mmlu', 0.58, 0.58)).toMatchObject({ text: '±0', word: 'same', tone: 'grey' })
})

test('money and time are more or less, config has a sign alone, and what is missing has no change', () => {
  expect(delta('cost', 3, 1)).toMatchObject({ text: '+200 %', arrow: '', word: 'more', tone: 'grey' })
  expect(delta('duration', 60, 90)).toMatchObject({ text: '−33 %', word: 'less' })
  expect(delta('tokens', 1_001, 1_000)).toMatchObject({ text: '+0.10 %', word: 'more' })
  expect(delta('cost', 3, 0)).toMatchObject({ text: '+', word: 'more' })
  expect(delta('config.lr', 0.2, 0.1)).toMatchObject({ text: '+0.1', word: '' })
  expect(delta('metrics.loss', null, 1)).toBeNull()
  expect(delta('metrics.loss', 'NaN', 1)).toBeNull()
  expect(delta('number', 4, 1)).toBeNull()
})

test('the first press on a head shows the better end first', () => {
  expect(firstDirection(look('metrics.loss'))).toBe('asc')
  expect(firstDirection(look('eval.mmlu'))).toBe('desc')
  expect(firstDirection(look('created'))).toBe('desc')
  expect(firstDirection(look('name'))).toBe('asc')
})
