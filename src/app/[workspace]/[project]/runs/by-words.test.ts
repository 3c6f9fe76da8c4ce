import { expect, test } from 'vitest'
import { byWords } from './by-words.ts'

test.each([
  [{ created_by: 'key:3', created_by_name: 'nightly' }, 'key nightly'],
  [{ created_by: 'user:1', created_by_name: 'Ada' }, 'Ada'],
  [{ created_by: 'job:8', created_by_name: null }, 'job:8'],
  [{ created_by: 'key:3' }, 'key:3'],
])('%o is said as %s', (run, words) => {
  expect(byWords(run)).toBe(words)
})
