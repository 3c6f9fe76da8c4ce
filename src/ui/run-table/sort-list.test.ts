import { expect, test } from 'vitest'
import { pressSort, readSort, writeSort } from './sort-list.ts'

test('an address names the keys of an order, a minus stands for descending', () => {
  expect(readSort('-metrics.loss.min,name')).toEqual([
    { field: 'metrics.loss.min', direction: 'desc' },
    { field: 'name', direction: 'asc' },
  ])
  expect(writeSort(readSort('-cost,config.`a,b`'))).toBe('-cost,config.`a,b`')
})

test('a head that is pressed sorts, turns round, and lets go', () => {
  const press = (text: string, field: string, isAdded = false) => writeSort(pressSort(readSort(text), field, isAdded))
  expect(press('', 'cost')).toBe('cost')
  expect(press('cost', 'cost')).toBe('-cost')
  expect(press('-cost', 'cost')).toBe('')
  expect(press('name,-cost', 'cost')).toBe('')
})

test('a head that is added keeps the keys before it', () => {
  const press = (text: string, field: string) => writeSort(pressSort(readSort(text), field, true))
  expect(press('name', 'cost')).toBe('name,cost')
  expect(press('name,cost,tokens', 'cost')).toBe('name,-cost,tokens')
  expect(press('name,-cost,tokens', 'cost')).toBe('name,tokens')
})

test('where higher is better the first press shows the highest', () => {
  expect(writeSort(pressSort([], 'eval.mmlu', false, 'desc'))).toBe('-eval.mmlu')
})
