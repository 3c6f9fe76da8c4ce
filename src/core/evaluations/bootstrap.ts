/** Resamples of a bootstrap that a page waits for. */
export const BOOTSTRAP_N = 1000
const RESAMPLES_MIN = 200
/** Draws that the server's one thread may spend on an interval: about half a second. */
const DRAWS_MAX = 20_000_000

/** How many resamples of so many items: 1,000, fewer above 20,000 items, where an interval is narrow anyway. */
export const resamplesFor = (items: number): number =>
  Math.min(BOOTSTRAP_N, Math.max(RESAMPLES_MIN, Math.floor(DRAWS_MAX / Math.max(1, items))))

/** Uniform numbers in [0, 1) from a seed (mulberry32): the same seed, the same interval. */
export function seededUniform(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Values of a statistic over resamples with replacement of `n` items, sorted.
 *
 * @param statistic of the chosen indices; a null is left out
 */
export function bootstrap(
  n: number,
  statistic: (indices: Int32Array) => number | null,
  resamples = resamplesFor(n),
  seed = 12_345,
): number[] {
  const uniform = seededUniform(seed)
  const indices = new Int32Array(n)
  const values: number[] = []
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < n; i++) indices[i] = Math.floor(uniform() * n)
    const value = statistic(indices)
    if (value !== null) values.push(value)
  }
  return values.sort((a, b) => a - b)
}

/** The percentile of sorted values, interpolated. */
export function percentile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** The standard deviation of bootstrap values. */
export function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, values.length - 1))
}
