import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LINES_MAX } from '#src/core/layouts/layout.ts'
import { askedRuns } from './use-asked-runs.ts'

test('a run that is hidden and shown again costs no question', () => {
  const all = [1, 2, 3, 4]
  expect(askedRuns(all, [1, 3])).toBe(all)
  expect(askedRuns(all, all)).toBe(all)
})

test('a few more are asked for with those that are held; another set begins anew', () => {
  expect(askedRuns([1, 2, 3], [2, 3, 4])).toEqual([1, 2, 3, 4])
  expect(askedRuns([1, 2, 3], [7, 8])).toEqual([7, 8])
})

test('all that are shown are asked for, and never more than a chart draws', () => {
  const runs = fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: LINES_MAX })
  fc.assert(
    fc.property(runs, runs, (held, shown) => {
      const asked = askedRuns(held, shown)
      const known = new Set(asked)
      expect(shown.filter((run) => !known.has(run))).toEqual([])
      expect(asked.length).toBeLessThanOrEqual(LINES_MAX)
      expect(known.size).toBe(asked.length)
    }),
  )
})
