import { expect, test } from 'vitest'
import { findHits } from './find-hits.ts'

test('every place is found, without regard to case, without overlap', () => {
  expect(findHits(['Loss loss', 'none', 'aaa'], 'loss')).toEqual([
    { line: 0, from: 0, to: 4 },
    { line: 0, from: 5, to: 9 },
  ])
  expect(findHits(['aaa'], 'aa')).toHaveLength(1)
})

test('an empty word finds nothing', () => {
  expect(findHits(['a'], '')).toEqual([])
})
