import { expect, test } from 'vitest'
import type { ChartLine } from '#src/protocol/chart-body.ts'
import { plotBox } from './plot-box.ts'
import { prepareLines } from './prepare-lines.ts'
import { nearestTo, readingsAt } from './readings.ts'

const BOX = plotBox(400, 230)

/** Level lines at these heights. */
function chartOf(values: readonly number[], logY = false) {
  const series = values.map(
    (value, i): ChartLine => ({
      run: i + 1,
      run_uid: `r${i}`,
      metric: 'loss',
      attempt: null,
      superseded: false,
      exact: true,
      n: 2,
      n_total: 2,
      shown: 2,
      x: Float64Array.of(0, 10),
      y: Float64Array.of(value, value),
      base: 0,
      non_finite: [],
      non_finite_n: 0,
      last_step: 10,
      last_t: 1,
    }),
  )
  return prepareLines(
    { x: 'step', from: null, to: null, px: 100, attempts: [], series, grid: null, groups: [], last_write: null },
    { smoothing: null, logY, zoom: null, width: 400, height: 230 },
  )
}

/** Runs as the tooltip names them with the pointer at a share of the plot's height, from above. */
function named(chart: ReturnType<typeof chartOf>, share: number): number[] {
  return nearestTo(readingsAt(chart, 0), BOX.top + share * BOX.height, chart, BOX).map(({ line }) => line.run)
}

const HUNDRED = Array.from({ length: 100 }, (_, i) => i)

test('of many lines the eight nearest to the pointer are named, the nearest first', () => {
  const chart = chartOf(HUNDRED)
  expect(named(chart, 0)[0]).toBe(100)
  expect(named(chart, 1)[0]).toBe(1)
  const around = named(chart, 0.5)
  expect(around).toHaveLength(8)
  expect(Math.max(...around) - Math.min(...around)).toBe(7)
})

test('on a log scale nearness is that of the picture, and what has no place there comes last', () => {
  const chart = chartOf([0, ...Array.from({ length: 11 }, (_, i) => 10 ** i)], true)
  expect(named(chart, 0.5)[0]).toBe(7)
  expect(named(chart, 0.5)).not.toContain(1)
})

test('of few lines the nearest stands first too, and where keys moved the cursor they stand as they come', () => {
  const chart = chartOf([5, 1, 9])
  expect(named(chart, 0)).toEqual([3, 1, 2])
  expect(named(chart, 1)).toEqual([2, 1, 3])
  expect(nearestTo(readingsAt(chart, 0), null, chart, BOX).map(({ line }) => line.run)).toEqual([1, 2, 3])
})
