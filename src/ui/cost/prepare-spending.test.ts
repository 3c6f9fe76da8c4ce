import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CostPiece } from '#src/protocol/cost-parts.ts'
import type { UnitChoice } from './cost-units.ts'
import { prepareSpending } from './prepare-spending.ts'

const HOUR = 3_600_000
const money: UnitChoice = { unit: 'money', currency: 'USD', device: 'cpu' }

const piece = (
  experiment: number,
  fromH: number,
  toH: number,
  amount: string | null = String(toH - fromH),
): CostPiece => ({
  experiment,
  project: 'p',
  run: 1,
  attempt: 1,
  kind: 'work',
  device: 'cpu-core',
  count: 1,
  from: new Date(fromH * HOUR).toISOString(),
  to: new Date(toH * HOUR).toISOString(),
  device_hours: toH - fromH,
  per_hour: amount === null ? null : '1',
  currency: amount === null ? null : 'USD',
  amount,
})

test('the total rises while something is held, faster where two overlap', () => {
  const spent = prepareSpending([piece(1, 0, 2), piece(2, 1, 2), piece(1, 4, 5)], money)
  expect(spent?.running.map(({ ms, value }) => [ms / HOUR, Number(value.toFixed(9))])).toEqual([
    [0, 0],
    [1, 1],
    [2, 3],
    [4, 3],
    [5, 4],
  ])
})

test('lanes stand in the order in which stages began', () => {
  expect(
    prepareSpending([piece(2, 3, 4), piece(1, 0, 1), piece(2, 1, 2)], money)?.lanes.map((l) => l.experiment),
  ).toEqual([1, 2])
})

test('what has no price is counted and adds nothing', () => {
  const spent = prepareSpending([piece(1, 0, 1), piece(1, 1, 2, null)], money)
  expect(spent?.unpriced).toBe(1)
  expect(spent?.running.at(-1)?.value).toBeCloseTo(1, 9)
})

test('of nothing there is no course', () => expect(prepareSpending([], money)).toBeNull())

test('the course ends at the sum of all pieces, whatever their order and overlap', () => {
  const any = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 9 }))
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 12 }), (spans) => {
      const pieces = spans.map(([from, long], i) => piece(i, from, from + long))
      const sum = spans.reduce((all, [, long]) => all + long, 0)
      expect(prepareSpending(pieces, money)?.running.at(-1)?.value).toBeCloseTo(sum, 6)
    }),
  )
})
