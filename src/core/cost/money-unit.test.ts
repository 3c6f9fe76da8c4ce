import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readableUnit } from './money-unit.ts'

describe('the unit of money per which a gain is told', () => {
  test.each([
    ['2500', 1000],
    ['100', 1000],
    ['99.99', 10],
    ['10', 10],
    ['1', 1],
    ['0.999', 0.1],
    ['0.00044', 0.0001],
    ['0.001', 0.001],
    ['0', null],
  ])('for a cost of %s is %s', (cost, unit) => expect(readableUnit(cost)).toBe(unit))

  test('below 100 is never more than was paid, nor less than a tenth of it', () =>
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 99.999, noNaN: true }), (cost) => {
        const unit = readableUnit(cost.toFixed(12)) as number
        expect(unit).toBeLessThanOrEqual(Number(cost.toFixed(12)))
        expect(unit * 10).toBeGreaterThan(Number(cost.toFixed(12)) * (1 - 1e-12))
      }),
    ))

  test('a negative cost is refused by its value', () => expect(() => readableUnit('-1')).toThrow(/-1/))
})
