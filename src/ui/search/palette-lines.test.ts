import { expect, test } from 'vitest'
import { actionItems } from './palette-items.ts'
import { shorten } from './palette-lines.ts'

const pages = Array.from({ length: 5 }, (_, i) => ({ key: `k${i}`, word: `Page ${i}`, href: `/${i}` }))
const items = actionItems(pages, 'page')

test('beside other groups three lines are shown and one that says how many more; opened it says how many there are beyond', () => {
  const short = shorten({ title: 'Runs', items, found: 90 }, new Set(), 2)
  expect(short.lines).toHaveLength(4)
  expect(short.lines.at(-1)).toEqual({ kind: 'more', group: 'Runs', count: 87 })
  expect(short.count).toBe('90')
  const wide = shorten({ title: 'Runs', items, found: 90 }, new Set(['Runs']), 2)
  expect(wide.lines).toHaveLength(5)
  expect(wide.count).toBe('first 5 of 90')
})

test('a group that is alone, and one that is short, has no such line', () => {
  expect(shorten({ title: 'Actions', items, found: 5 }, new Set(), 1).lines).toHaveLength(5)
  expect(shorten({ title: 'Runs', items: items.slice(0, 3), found: 3 }, new Set(), 2).lines).toHaveLength(3)
})
