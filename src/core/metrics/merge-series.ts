import type { Series } from './series.ts'

/** Two series as one; where both have a step, the point of `over` stays. Either is returned as it is when the other is empty. */
export function mergeSeries(under: Series, over: Series): Series {
  const [n, m] = [under.steps.length, over.steps.length]
  if (n === 0) return over
  if (m === 0) return under
  if ((under.steps[n - 1] as number) < (over.steps[0] as number)) return joinSeries(under, over)
  const steps = new Float64Array(n + m)
  const times = new Float64Array(n + m)
  const values = new Float64Array(n + m)
  let [i, j, at] = [0, 0, 0]
  while (i < n || j < m) {
    const below = i < n ? (under.steps[i] as number) : Number.POSITIVE_INFINITY
    const above = j < m ? (over.steps[j] as number) : Number.POSITIVE_INFINITY
    if (below === above) i++
    const [from, k] = below < above ? [under, i++] : [over, j++]
    steps[at] = from.steps[k] as number
    times[at] = from.times[k] as number
    values[at++] = from.values[k] as number
  }
  return { steps: steps.subarray(0, at), times: times.subarray(0, at), values: values.subarray(0, at) }
}

/** One series behind another, whose steps are all greater. */
export function joinSeries(first: Series, second: Series): Series {
  if (first.steps.length === 0) return second
  if (second.steps.length === 0) return first
  return {
    steps: joined(first.steps, second.steps),
    times: joined(first.times, second.times),
    values: joined(first.values, second.values),
  }
}

/** Points `from` … `to`−1, as views. */
export const sliceSeries = ({ steps, times, values }: Series, from: number, to: number): Series => ({
  steps: steps.subarray(from, to),
  times: times.subarray(from, to),
  values: values.subarray(from, to),
})

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const all = new Float64Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
