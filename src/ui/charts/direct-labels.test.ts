import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasDirectLabels, spreadApart } from './direct-labels.ts'

test('two to four lines are named beside them where there is room', () => {
  expect([1, 2, 4, 5].map((lines) => hasDirectLabels(lines, 600))).toEqual([false, true, true, false])
  expect(hasDirectLabels(3, 300)).toBe(false)
})

test('in full screen, where no table names them, up to sixteen lines are', () =>
  expect([5, 16, 17].map((lines) => hasDirectLabels(lines, 1_200, 600))).toEqual([true, true, false]))

test('names that have room for all stand apart, in their order and within bounds', () => {
  const places = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 4 })
  fc.assert(
    fc.property(places, (some) => {
      const sorted = some.toSorted((a, b) => a - b)
      const spread = spreadApart(sorted, 15, 0, 200)
      for (const [i, place] of spread.entries()) {
        expect(place).toBeGreaterThanOrEqual(-1e-9)
        expect(place).toBeLessThanOrEqual(200)
        if (i > 0) expect(place - (spread[i - 1] as number)).toBeGreaterThanOrEqual(15 - 1e-9)
      }
    }),
  )
})

test('names that do not touch stay where they are', () => {
  expect(spreadApart([10, 40, 90], 15, 0, 200)).toEqual([10, 40, 90])
})
