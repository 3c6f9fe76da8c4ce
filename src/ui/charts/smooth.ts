/**
 * Smoothing of a line by an exponential moving average that is weighted by distance in x and free of the pull to its first value:
 * s = sum(w^((x_n - x_i) / d) y_i) / sum(w^((x_n - x_i) / d)), d the median distance of two points. A gap in x thus forgets more.
 */

/** Share of the points that the average may span. At 0.9 on a run of 90 steps the curve lagged a quarter behind. */
const WINDOW_SHARE = 0.05
const POINTS_MIN = 3
/** A curve that turns this rarely is a schedule or a counter: nothing to smooth. */
const TURNS_SHARE_MIN = 0.1

/**
 * The smoothed values, parallel to `x` and `y`; non-finite ones stay as they are and move nothing. Null when there is nothing to
 * smooth: weight 0, fewer than three points, or a curve that is smooth already.
 *
 * @param weight from 0 (off) to below 1; lowered so that the window 1 / (1 - weight) covers at most 5 % of the points
 */
export function smooth(x: Float64Array, y: Float64Array, weight: number): Float64Array | null {
  if (weight <= 0) return null
  const finite = y.filter((v) => Number.isFinite(v))
  if (finite.length < POINTS_MIN || turnsShare(finite) < TURNS_SHARE_MIN) return null
  const w = Math.min(weight, 0.999, 1 - 1 / Math.max(2, WINDOW_SHARE * finite.length))
  const distance = medianDistance(x)
  const out = new Float64Array(y.length)
  let sum = 0
  let total = 0
  let before = Number.NaN
  for (let i = 0; i < y.length; i++) {
    const value = y[i] as number
    if (!Number.isFinite(value)) {
      out[i] = value
      continue
    }
    const at = x[i] as number
    const keep = Number.isNaN(before) ? 0 : distance > 0 ? w ** ((at - before) / distance) : w
    sum = sum * keep + value
    total = total * keep + 1
    before = at
    out[i] = sum / total
  }
  return out
}

/** Share of inner points where the curve changes direction. */
function turnsShare(values: Float64Array): number {
  let turns = 0
  for (let i = 2; i < values.length; i++) {
    const rise = (values[i - 1] as number) - (values[i - 2] as number)
    const next = (values[i] as number) - (values[i - 1] as number)
    if (rise * next < 0) turns++
  }
  return turns / Math.max(1, values.length - 2)
}

function medianDistance(x: Float64Array): number {
  const distances = new Float64Array(Math.max(0, x.length - 1))
  for (let i = 1; i < x.length; i++) distances[i - 1] = (x[i] as number) - (x[i - 1] as number)
  distances.sort()
  return distances[Math.floor(distances.length / 2)] ?? 0
}
