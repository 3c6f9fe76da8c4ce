import { expect, test } from 'vitest'
import type { GroupNumbers, RunGroup } from '#src/protocol/runs-table.ts'
import { columnLook } from './column-look.ts'
import { groupTree } from './group-tree.ts'
import { groupCell, groupName } from './group-words.ts'

const numbers = (values: readonly number[], more: Partial<GroupNumbers> = {}): GroupNumbers => ({
  n: values.length,
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  median: values[0] ?? 0,
  min: Math.min(...values),
  max: Math.max(...values),
  sum: values.reduce((sum, value) => sum + value, 0),
  sd: 0.1,
  best: { number: values.length, value: Math.min(...values) },
  ...more,
})
const answered: RunGroup[] = [
  { values: ['sft', 1], count: 2, states: { finished: 1, failed: 1 }, numbers: [numbers([1, 3])] },
  { values: ['sft', 2], count: 1, states: { finished: 1 }, numbers: [numbers([5])] },
  { values: [null, null], count: 4, states: { running: 4 }, numbers: [null] },
]
const look = (text: string) => {
  const found = columnLook(text)
  if (!found) throw new Error(text)
  return found
}
const tree = groupTree(answered, ['stage', 'config.seed'], ['metrics.loss'], new Set())

test('groups nest by their keys and know where their runs begin', () => {
  expect(tree.map(({ group, count }) => [group.value, count, group.start])).toEqual([
    ['sft', 3, 0],
    [null, 4, 3],
  ])
  expect(tree[0]?.inside?.map(({ group }) => [group.value, group.count, group.start])).toEqual([
    [1, 2, 0],
    [2, 1, 2],
  ])
  expect(tree[0]?.inside?.[0]?.inside).toBeNull()
})

test('an outer group adds up what is inside: counts, states, and the mean weighed by them', () => {
  expect(tree[0]?.group.states).toEqual({ finished: 2, failed: 1 })
  expect(tree[0]?.group.aggregates.get('metrics.loss')).toMatchObject({ n: 3, mean: 3, min: 1, max: 5, median: null })
  expect(tree[1]?.group.aggregates.size).toBe(0)
})

test('a group that was closed is found again by its path', () => {
  const path = tree[0]?.group.path ?? ''
  const [first] = groupTree(answered, ['stage', 'config.seed'], ['metrics.loss'], new Set([path]))
  expect(first?.isOpen).toBe(false)
  expect(
    new Set(tree.flatMap(({ group, inside }) => [group.path, ...(inside ?? []).map((one) => one.group.path)])).size,
  ).toBe(5)
})

test('a group says its value, and that there is none', () => {
  const [first, second] = tree
  expect(first && groupName(first.group, 'USD').words).toBe('sft')
  expect(second && groupName(second.group, 'USD').words).toBe('no Stage')
  const inner = first?.inside?.[0]?.group
  expect(inner && groupName(inner, 'USD').words).toBe('seed 1')
})

test('a cell of a group is the median with its spread, a mean where only that is known, a sum of amounts', () => {
  const inner = tree[0]?.inside?.[0]?.group
  const outer = tree[0]?.group
  expect(inner && groupCell(inner, look('metrics.loss'), 'USD')).toMatchObject({ text: '1', spread: '±0.1' })
  expect(outer && groupCell(outer, look('metrics.loss'), 'USD')).toMatchObject({ text: '3', spread: 'mean' })
  const [money] = groupTree(
    [{ values: ['a'], count: 2, states: {}, numbers: [numbers([1, 2])] }],
    ['stage'],
    ['cost'],
    new Set(),
  )
  expect(money && groupCell(money.group, look('cost'), 'USD')).toMatchObject({ text: '$3.00', spread: 'sum' })
})

test('the best run of a group is named by the column that is asked for, and of an outer group it is the best of all', () => {
  expect(tree[0]?.group.best).toEqual({ number: 2, value: 1, field: 'metrics.loss' })
  expect(tree[0]?.inside?.[1]?.group.best).toEqual({ number: 1, value: 5, field: 'metrics.loss' })
  expect(tree[1]?.group.best).toBeNull()
})

test('with a baseline the median of a group is told against it', () => {
  const inner = tree[0]?.inside?.[0]?.group
  expect(inner && groupCell(inner, look('metrics.loss'), 'USD', 3)?.delta).toMatchObject({ text: '−2', word: 'better' })
})
