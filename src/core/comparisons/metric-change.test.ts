import { expect, test } from 'vitest'
import { metricChange } from './metric-change.ts'

test('a change is new minus baseline, and better or worse by the direction of the metric', () => {
  expect(metricChange(2, 3, 'lower')).toEqual({ delta: -1, verdict: 'better' })
  expect(metricChange(2, 3, 'higher')).toEqual({ delta: -1, verdict: 'worse' })
  expect(metricChange(2, 2, 'lower')).toEqual({ delta: 0, verdict: 'same' })
  expect(metricChange(4, 3, null)).toEqual({ delta: 1, verdict: 'unknown' })
})

test('what is missing or not finite is subtracted from nothing', () => {
  expect(metricChange(null, 3, 'lower')).toBeNull()
  expect(metricChange(3, 'NaN', 'lower')).toBeNull()
  expect(metricChange('Infinity', 3, 'lower')).toBeNull()
})
