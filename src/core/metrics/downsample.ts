/**
 * Reduction of a line to what a screen can show. A point's bucket is its place on the x axis; each bucket keeps the extremes and the
 * mean of its finite values, so that a spike of one point stays. Buckets without finite values are left out: a gap stays a gap. NaN
 * and ±Infinity move nothing; they are listed.
 */

/** Points of one line: parallel arrays, ascending by x. */
export interface Line {
  x: Float64Array
  y: Float64Array
}

/** Parallel arrays, one entry per bucket that has finite values. `x` is the first x in the bucket, `y` the mean. */
export interface Buckets {
  x: Float64Array
  y: Float32Array
  min: Float32Array
  max: Float32Array
}

/**
 * At most `px` buckets of equal width over the line's own range of x.
 *
 * @param px at least 1
 */
export function downsample({ x, y }: Line, px: number): Buckets {
  const out: Buckets = {
    x: new Float64Array(px),
    y: new Float32Array(px),
    min: new Float32Array(px),
    max: new Float32Array(px),
  }
  const from = x[0] ?? 0
  const width = (x[x.length - 1] ?? 0) - from
  const perUnit = width > 0 ? px / width : 0
  let n = 0
  let at = 0
  while (at < x.length) {
    const bucket = bucketOf(x[at] as number)
    const first = x[at] as number
    let min = Number.POSITIVE_INFINITY
    let max = Number.NEGATIVE_INFINITY
    let sum = 0
    let count = 0
    for (; at < x.length && bucketOf(x[at] as number) === bucket; at++) {
      const value = y[at] as number
      if (!Number.isFinite(value)) continue
      if (value < min) min = value
      if (value > max) max = value
      sum += value
      count++
    }
    if (count === 0) continue
    out.x[n] = first
    out.min[n] = min
    out.max[n] = max
    // The mean of huge values may overflow to Infinity; of huge floats a mean of the extremes is the honest rest.
    out.y[n++] = Number.isFinite(sum) ? sum / count : min / 2 + max / 2
  }
  return {
    x: out.x.subarray(0, n),
    y: out.y.subarray(0, n),
    min: out.min.subarray(0, n),
    max: out.max.subarray(0, n),
  }

  function bucketOf(value: number): number {
    return Math.min(px - 1, Math.floor((value - from) * perUnit))
  }
}

/** Exact points are sent while there are at most this many per pixel. */
export const EXACT_POINTS_PER_PX = 2

/** The word of a value that JSON has no number for; null for a finite one. */
export function nonFiniteWord(value: number): 'NaN' | 'Infinity' | '-Infinity' | null {
  if (Number.isFinite(value)) return null
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}
