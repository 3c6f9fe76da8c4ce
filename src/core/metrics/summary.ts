import type { Series } from './series.ts'

/**
 * One metric of one run in the default view. `last*` belongs to the largest step, `first*` to the smallest, NaN and ±Infinity
 * included; extremes are over finite values, null while there are none. Times in ms.
 */
export interface Summary {
  n: number
  firstStep: number
  firstValue: number
  lastStep: number
  lastValue: number
  lastTime: number
  min: number | null
  minStep: number | null
  max: number | null
  maxStep: number | null
}

/** The summary of a series; null when it is empty. */
export function summarize({ steps, times, values }: Series): Summary | null {
  if (steps.length === 0) return null
  const summary = startAt(steps[0] as number, values[0] as number)
  extend(summary, steps, times, 0, values)
  return summary
}

function startAt(step: number, value: number): Summary {
  return {
    n: 0,
    firstStep: step,
    firstValue: value,
    lastStep: step,
    lastValue: value,
    lastTime: 0,
    min: null,
    minStep: null,
    max: null,
    maxStep: null,
  }
}

/**
 * The summary once these points are added, changed in place; null when it cannot be told without the stored points, because a step
 * is not greater than all before it.
 *
 * @param time stands for wall times that were not sent
 */
export function extendSummary(
  summary: Summary | undefined,
  steps: Float64Array,
  times: Float64Array | null,
  time: number,
  values: Float64Array,
): Summary | null {
  if ((steps[0] as number) <= (summary?.lastStep ?? -1) || !isAscending(steps)) return null
  const grown = summary ?? startAt(steps[0] as number, values[0] as number)
  extend(grown, steps, times, time, values)
  return grown
}

/** Neighbours are compared: a variable that begins as a field's value would become an object at every step. */
function isAscending(steps: Float64Array): boolean {
  for (let i = 1; i < steps.length; i++) if ((steps[i] as number) <= (steps[i - 1] as number)) return false
  return true
}

function extend(
  summary: Summary,
  steps: Float64Array,
  times: Float64Array | null,
  time: number,
  values: Float64Array,
): void {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let minAt = -1
  let maxAt = -1
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value - value !== 0) continue
    if (value < min) {
      min = value
      minAt = i
    }
    if (value > max) {
      max = value
      maxAt = i
    }
  }
  if (minAt >= 0 && (summary.min === null || min < summary.min)) {
    summary.min = min
    summary.minStep = steps[minAt] as number
  }
  if (maxAt >= 0 && (summary.max === null || max > summary.max)) {
    summary.max = max
    summary.maxStep = steps[maxAt] as number
  }
  const last = values.length - 1
  summary.n += values.length
  summary.lastStep = steps[last] as number
  summary.lastValue = values[last] as number
  summary.lastTime = times ? (times[last] as number) : time
}

/** The summary of parts whose steps are apart, in any order; null without one. Of equal extremes the one at the smaller step counts. */
export function combineSummaries(parts: readonly Summary[]): Summary | null {
  const [first, ...rest] = parts.toSorted((a, b) => a.firstStep - b.firstStep)
  if (!first) return null
  const whole = { ...first }
  for (const part of rest) {
    whole.n += part.n
    if (part.min !== null && (whole.min === null || part.min < whole.min)) {
      whole.min = part.min
      whole.minStep = part.minStep
    }
    if (part.max !== null && (whole.max === null || part.max > whole.max)) {
      whole.max = part.max
      whole.maxStep = part.maxStep
    }
    if (part.lastStep > whole.lastStep) {
      whole.lastStep = part.lastStep
      whole.lastValue = part.lastValue
      whole.lastTime = part.lastTime
    }
  }
  return whole
}
