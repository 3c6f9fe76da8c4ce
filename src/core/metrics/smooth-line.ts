/**
 * Smoothing of a line by distance in x, counted in pixels, so that unevenly spaced points are weighed right and a line looks alike
 * however many points it has. Values that are not finite stay as they are and move nothing: a gap stays a gap.
 */
import type { SMOOTHINGS } from './chart-choices.ts'

export interface Smoothing {
  kind: (typeof SMOOTHINGS)[number]
  /**
   * ema: the weight of the past per pixel, from 0 (off) to 0.999. mean: the whole width of the window in pixels. gaussian: its width
   * at half of its height in pixels. 0 is off.
   */
  amount: number
}

const EMA_MAX = 0.999
/** A series of two points is not smoothed. */
const POINTS_MIN = 3
/** A curve that turns this rarely is a schedule or a counter: nothing to smooth. */
const TURNS_SHARE_MIN = 0.1
/** Standard deviation of a normal curve as a share of its width at half height: 1 / (2 √(2 ln 2)). */
const SD_OF_WIDTH = 1 / (2 * Math.sqrt(2 * Math.log(2)))
/** Points of one window: of more, as many are taken, evenly, the middle one among them. Time would grow with their square. */
const WINDOW_POINTS_MAX = 512
/** Beyond so many standard deviations a weight is below 1.2 % of the middle's. */
const REACH_SD = 3

/**
 * The smoothed values, parallel to ascending `x` and `y`; non-finite ones stay as they are.
 *
 * - ema: sₙ = Σ wᵈ yᵢ / Σ wᵈ over i ≤ n, d = (xₙ − xᵢ) / pixel. Dividing by the weights frees it of the pull to its first value; a
 *   gap in x forgets by its width
 * - mean: of all points within half a window on both sides
 * - gaussian: of all points, weighed by a normal curve and cut at three standard deviations
 *
 * Of a window of very many points 512 stand for all.
 *
 * @param pixel how much of x one pixel is; above 0
 */
export function smoothLine(x: Float64Array, y: Float64Array, { kind, amount }: Smoothing, pixel: number): Float64Array {
  if (!(amount > 0) || !(pixel > 0)) return y
  if (kind === 'ema') return exponential(x, y, Math.min(amount, EMA_MAX), pixel)
  const width = amount * pixel
  if (kind === 'mean') return windowed(x, y, width / 2, () => 1)
  const sd = width * SD_OF_WIDTH
  return windowed(x, y, REACH_SD * sd, (distance) => Math.exp(-0.5 * (distance / sd) ** 2))
}

/** Whether a curve gains by smoothing: it has three finite points at least and turns more often than a schedule or a counter. */
export function isRough(y: Float64Array): boolean {
  const finite = y.filter(Number.isFinite)
  if (finite.length < POINTS_MIN) return false
  let turns = 0
  for (let i = 2; i < finite.length; i++) {
    const rise = (finite[i - 1] as number) - (finite[i - 2] as number)
    const next = (finite[i] as number) - (finite[i - 1] as number)
    if ((rise > 0 && next < 0) || (rise < 0 && next > 0)) turns++
  }
  return turns / Math.max(1, finite.length - 2) >= TURNS_SHARE_MIN
}

function exponential(x: Float64Array, y: Float64Array, weight: number, pixel: number): Float64Array {
  const out = Float64Array.from(y)
  let smoothed = 0
  let total = 0
  let before = Number.NaN
  for (let i = 0; i < y.length; i++) {
    const value = y[i] as number
    if (!Number.isFinite(value)) continue
    const at = x[i] as number
    const kept = total === 0 ? 0 : total * weight ** ((at - before) / pixel)
    total = kept + 1
    // As a mix of the last and the new, never as a sum of all: the result cannot leave the range of the values.
    smoothed = mix(smoothed, value, 1 / total)
    before = at
    out[i] = smoothed
  }
  return out
}

function windowed(
  x: Float64Array,
  y: Float64Array,
  reach: number,
  weightAt: (distance: number) => number,
): Float64Array {
  const out = Float64Array.from(y)
  let from = 0
  let to = 0
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) continue
    const at = x[i] as number
    while (at - (x[from] as number) > reach) from++
    while (to < y.length && (x[to] as number) - at <= reach) to++
    const stride = Math.ceil((to - from) / WINDOW_POINTS_MAX)
    let smoothed = 0
    let total = 0
    for (let j = from + ((i - from) % stride); j < to; j += stride) {
      const value = y[j] as number
      if (!Number.isFinite(value)) continue
      const weight = weightAt((x[j] as number) - at)
      total += weight
      smoothed = mix(smoothed, value, weight / total)
    }
    out[i] = smoothed
  }
  return out
}

/** From `a` towards `b` by a share of 0 … 1; 1 gives `b` to the bit, and equal ends give themselves. */
const mix = (a: number, b: number, share: number): number => (share === 1 || a === b ? b : a + (b - a) * share)
