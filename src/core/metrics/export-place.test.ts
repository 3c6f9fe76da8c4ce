import { describe, expect, test } from 'vitest'
import { formatPlace, parsePlace } from './export-place.ts'

describe('the place of a row', () => {
  test.each([
    { run: 17, attempt: 1, step: 1200, metric: 'train/loss' },
    { run: 2 ** 31 - 1, attempt: 2 ** 31 - 1, step: Number.MAX_SAFE_INTEGER, metric: 'a:b\nc' },
  ])('is read as it was written ($run)', (place) => {
    expect(parsePlace(formatPlace(place))).toEqual(place)
  })

  test.each([
    ['', 'nothing'],
    ['17:1:1200:', 'no metric'],
    ['17:1:x:loss', 'no number'],
    ['2147483648:1:1:loss', 'a run that no table can hold'],
    ['1:2147483648:1:loss', 'an attempt that no table can hold'],
    ['1:1:9007199254740993:loss', 'a step beyond 2^53'],
  ])('%j is none: %s', (cursor) => {
    expect(parsePlace(cursor)).toBeNull()
  })
})
