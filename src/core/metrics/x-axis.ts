import type { Line } from './downsample.ts'
import type { Series } from './series.ts'

/** How an x axis that is itself a metric is joined: at points whose step it has, or at its last value up to the step. */
export type StepJoin = 'exact' | 'lastKnown'

/** The line over steps. */
export const byStep = ({ steps, values }: Series): Line => ({ x: steps, y: values })

/** The line over wall time minus `origin`, both in ms; sorted by time, since clocks differ between processes. */
export function byTime({ times, values }: Series, origin: number): Line {
  const x = new Float64Array(times.length)
  for (let i = 0; i < x.length; i++) x[i] = (times[i] as number) - origin
  return ascending({ x, y: values })
}

/**
 * The line over another metric, joined by step. Points before that metric's first value are left out; so are, with `exact`, points
 * at steps that it lacks. NaN and ±Infinity of the axis are no place to draw at.
 */
export function byMetric({ steps, values }: Series, axis: Series, join: StepJoin): Line {
  const x = new Float64Array(steps.length)
  const y = new Float64Array(steps.length)
  let n = 0
  let next = 0
  let place = Number.NaN
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number
    let isAtStep = false
    while (next < axis.steps.length && (axis.steps[next] as number) <= step) {
      const value = axis.values[next] as number
      isAtStep = axis.steps[next] === step && Number.isFinite(value)
      if (Number.isFinite(value)) place = value
      next++
    }
    if (Number.isNaN(place) || (join === 'exact' && !isAtStep)) continue
    x[n] = place
    y[n++] = values[i] as number
  }
  return ascending({ x: x.subarray(0, n), y: y.subarray(0, n) })
}

/** The same points by x; equal ones keep their order. */
function ascending(line: Line): Line {
  let isSorted = true
  for (let i = 1; i < line.x.length && isSorted; i++) isSorted = (line.x[i] as number) >= (line.x[i - 1] as number)
  if (isSorted) return line
  const order = Uint32Array.from(line.x, (_, i) => i).sort(
    (a, b) => (line.x[a] as number) - (line.x[b] as number) || a - b,
  )
  return {
    x: Float64Array.from(order, (i) => line.x[i] as number),
    y: Float64Array.from(order, (i) => line.y[i] as number),
  }
}

/** The points whose x lies in from … to, both included; an end that is not given is open. */
export function cut({ x, y }: Line, from: number | undefined, to: number | undefined): Line {
  const first = from === undefined ? 0 : lowerBound(x, (value) => value >= from)
  const end = to === undefined ? x.length : lowerBound(x, (value) => value > to)
  return { x: x.subarray(first, Math.max(first, end)), y: y.subarray(first, Math.max(first, end)) }
}

/** The first index whose x passes a test that holds from there on. */
function lowerBound(x: Float64Array, passes: (value: number) => boolean): number {
  let low = 0
  let high = x.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(x[middle] as number)) high = middle
    else low = middle + 1
  }
  return low
}
