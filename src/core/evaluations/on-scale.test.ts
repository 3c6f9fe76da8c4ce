import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { onScale } from './on-scale.ts'

describe('a score in another counting', () => {
  test('is a hundred times the fraction, or a hundredth of the percent', () =>
    expect([onScale(0.5, 1, 100), onScale(25, 100, 1)]).toEqual([50, 0.25]))
  test('that is missing stays missing', () => expect(onScale(null, 1, 100)).toBeNull())
  test('is the very same number where the counting is the same', () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.constantFrom(1 as const, 100 as const), (value, scale) =>
        Object.is(onScale(value, scale, scale), value),
      ),
    ))
})
