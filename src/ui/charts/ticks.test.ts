import { expect, test } from 'vitest'
import { innerScale, linearScale, logScale, timeScale } from './ticks.ts'

test('linear ends are marks themselves', () => {
  expect(linearScale(0.3, 6.7, 4)).toEqual({ min: 0, max: 8, at: [0, 2, 4, 6, 8] })
  expect(linearScale(0.1, 0.3, 2).at).toEqual([0.1, 0.2, 0.3])
})

test('a flat range is widened around its value', () => {
  const scale = linearScale(5, 5, 4)
  expect(scale.min).toBeLessThan(5)
  expect(scale.max).toBeGreaterThan(5)
})

test('steps are marked on whole numbers only', () => {
  expect(innerScale(0, 3, 8, true).at).toEqual([0, 1, 2, 3])
})

test('a log range below a decade is marked like a linear one', () => {
  const marks = logScale(1.2, 5.1, 4).at.map((v) => Number((10 ** v).toFixed(3)))
  expect(marks).toEqual([2, 3, 4, 5])
})

test('a log range of more than a decade is marked at 1, 2 and 5', () => {
  const marks = logScale(0.9, 9, 4).at.map((v) => Number((10 ** v).toFixed(3)))
  expect(marks).toEqual([1, 2, 5])
})

test('a log range of many decades is marked at powers of ten', () => {
  const marks = logScale(1e-6, 10, 6).at.map((v) => Math.round(v * 100) / 100)
  expect(marks.every(Number.isInteger)).toBe(true)
})

test('time is marked at steps that clocks have', () => {
  expect(timeScale(0, 120_000, 4).at).toEqual([0, 30_000, 60_000, 90_000, 120_000])
})
