import type { LineData } from './prepared-chart.ts'

/** The index of the point nearest to `at`, or -1 without points. `x` ascends. */
export function nearestIndex(x: Float64Array, at: number): number {
  if (x.length === 0) return -1
  let low = 0
  let high = x.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((x[middle] as number) < at) low = middle + 1
    else high = middle
  }
  const before = x[low - 1]
  return before !== undefined && at - before < (x[low] as number) - at ? low - 1 : low
}

export interface Reading {
  x: number
  y: number
  smoothed: number | null
  low: number | null
  high: number | null
  /** Of a group: how many runs have a value there. */
  nRuns: number | null
}

/** What a line says at its point nearest to `at`; null beyond its ends by more than `reach`. */
export function readAt(data: LineData, at: number, reach: number): Reading | null {
  const i = nearestIndex(data.x, at)
  const x = data.x[i]
  const y = data.y[i]
  if (x === undefined || y === undefined || Math.abs(x - at) > reach) return null
  return {
    x,
    y,
    smoothed: data.smoothed?.[i] ?? null,
    low: data.low?.[i] ?? null,
    high: data.high?.[i] ?? null,
    nRuns: data.nRuns?.[i] ?? null,
  }
}
