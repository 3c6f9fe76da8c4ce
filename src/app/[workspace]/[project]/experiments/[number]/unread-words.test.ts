import { expect, test } from 'vitest'
import { unreadWords } from './unread-words.ts'

test('labels of too many items are said not to have been read, with how many there are', () => {
  const recall = { view: 'recall' as const, items: 250_000, most: 200_000 }
  expect(unreadWords({ unread: [] })).toBeNull()
  expect(unreadWords({ unread: [recall] })).toBe(
    'Labels of items were not read for recall of taught facts: 250,000 items are more than the 200,000 that are read at once. An open cell of the matrix shows the labels of its own items.',
  )
  expect(unreadWords({ unread: [{ ...recall, view: 'domains', items: 210_000 }, recall] })).toContain(
    'for facets of a domain and recall of taught facts: 250,000 items',
  )
})
