import { expect, test } from 'vitest'
import type { Change } from '#src/protocol/evaluations.ts'
import { budgetAt, groupScale } from './dumbbell-scale.ts'

const of = (kind: 'accuracy' | 'loss', value: number, baseline: number | null): Change =>
  ({
    benchmark: { kind, higher_is_better: kind === 'accuracy', unit: null },
    value,
    value_low: null,
    value_high: null,
    baseline,
    baseline_low: null,
    baseline_high: null,
    tolerance: 0.1,
  }) as Change

test('shares are shown from 0 to 1', () => {
  expect(groupScale([of('accuracy', 0.4, 0.5)])).toEqual({ min: 0, max: 1, at: [0, 0.25, 0.5, 0.75, 1] })
})

test('losses take the range that values and budgets need', () => {
  const scale = groupScale([of('loss', 4, 2.4)])
  expect(scale.min).toBeLessThanOrEqual(2.4)
  expect(scale.max).toBeGreaterThanOrEqual(4)
})

test('the budget lies below the baseline of a score and above that of a loss', () => {
  expect(budgetAt(of('accuracy', 0.4, 0.5))).toBeCloseTo(0.4)
  expect(budgetAt(of('loss', 4, 2.4))).toBeCloseTo(2.5)
  expect(budgetAt(of('loss', 4, null))).toBeNull()
})
