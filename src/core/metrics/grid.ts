/**
 * The buckets that all reduced lines of a chart share. A bucket keeps the extremes and the mean of its finite values, so that a spike
 * of one point stays; one without finite values is left out, so that a gap stays a gap. NaN and ±Infinity move nothing; they are
 * listed.
 */

/** Bucket i holds x0 + i·dx ≤ x < x0 + (i+1)·dx. */
export interface Grid {
  x0: number
  dx: number
}

/** Parallel arrays, ascending, one entry per bucket that has finite values. */
export interface GridBuckets {
  index: Float64Array
  /** The least x in the bucket. */
  x: Float64Array
  /** The mean of its finite values. */
  y: Float64Array
  min: Float64Array
  max: Float64Array
  /** How many finite values. */
  count: Float64Array
}

type Values = Float32Array | Float64Array

/** Buckets that were reduced before, as sealed levels hold them. */
export interface ReducedColumns {
  min: Values
  max: Values
  mean: Values
  /** Values per bucket, those that are not finite included. */
  counts: Values
  /** Finite values per bucket; null when all are. */
  finite: Values | null
}

/**
 * The grid of a range: `px` buckets, and one more that begins at the range's end.
 *
 * @param px at least 1
 * @param spacing the widest usual distance of points of one line. Runs that are drawn as a group need buckets in which each of them
 *   has a value: narrower ones would hold now one run and now another
 */
export function gridOf(from: number, to: number, px: number, spacing = 0): Grid {
  // The width of all there is has no number, that of its parts has.
  const width = Number.isFinite(to - from) ? (to - from) / px : Math.min(to / px - from / px, Number.MAX_VALUE)
  const dx = Math.max(width, spacing)
  // A range without width has one bucket; so has one so narrow that its parts cannot be told apart.
  return { x0: from, dx: dx > 0 && Number.isFinite(1 / dx) ? dx : 1 }
}

/**
 * The grid with its bounds on those of reduced buckets of one width, so that each of them lies in one bucket as a whole: extremes and
 * mean of a bucket are then those of its points, and not of the one beside it. It has at least as many buckets, less than twice as
 * many, or one for each reduced one where these are fewer.
 *
 * @param width of the reduced buckets, of which one begins at `origin`
 */
export function alignGrid({ x0, dx }: Grid, origin: number, width: number): Grid {
  return {
    x0: origin + Math.floor((x0 - origin) / width) * width,
    dx: Math.max(1, Math.floor(dx / width)) * width,
  }
}

/** The width of buckets that begin at these places, where it is one and the same; else null. */
export function regularWidth(x: Float64Array): number | null {
  if (x.length < 2) return null
  const first = x[0] as number
  const width = (x[1] as number) - first
  if (!(width > 0)) return null
  for (let i = 2; i < x.length; i++) if (x[i] !== first + i * width) return null
  return width
}

/** The bucket of a place. */
export const bucketOf = ({ x0, dx }: Grid, x: number): number => Math.floor((x - x0) / dx)

/** The usual distance of points: the median; 0 with fewer than two. `x` ascends. */
export function spacingOf(x: Float64Array): number {
  if (x.length < 2) return 0
  const distances = new Float64Array(x.length - 1)
  for (let i = 1; i < x.length; i++) distances[i - 1] = (x[i] as number) - (x[i - 1] as number)
  distances.sort()
  return distances[distances.length >> 1] as number
}

/** Buckets as a chart sends them: `base` is to be added to y, min and max. */
export interface NarrowBuckets {
  x: Float64Array
  y: Float32Array
  min: Float32Array
  max: Float32Array
  base: number
}

const START_CAPACITY = 64

/** Puts one line on a grid: points and reduced buckets in any order and any mixture; what has no place (NaN) is passed over. */
export class GridLine {
  readonly grid: Grid
  #n = 0
  #isAscending = true
  #index = new Float64Array(START_CAPACITY)
  #x = new Float64Array(START_CAPACITY)
  #sum = new Float64Array(START_CAPACITY)
  #min = new Float64Array(START_CAPACITY)
  #max = new Float64Array(START_CAPACITY)
  #count = new Float64Array(START_CAPACITY)

  constructor(grid: Grid) {
    this.grid = grid
  }

  /** Takes points. */
  addPoints(x: Float64Array, values: Values): void {
    for (let i = 0; i < x.length; i++) {
      const value = values[i] as number
      if (value - value === 0) this.#add(x[i] as number, value, value, value, 1)
    }
  }

  /** Takes reduced buckets, each with all it holds at `x`, the place of its first point. */
  addBuckets(x: Float64Array, { min, max, mean, counts, finite }: ReducedColumns): void {
    const weights = finite ?? counts
    for (let i = 0; i < x.length; i++) {
      const count = weights[i] as number
      if (count > 0) this.#add(x[i] as number, (mean[i] as number) * count, min[i] as number, max[i] as number, count)
    }
  }

  /** Begins another line on the same grid, in the same memory. */
  reset(): void {
    this.#n = 0
    this.#isAscending = true
  }

  /** The buckets so far. */
  buckets(): GridBuckets {
    if (!this.#isAscending) this.#merge()
    const n = this.#n
    const y = new Float64Array(n)
    for (let i = 0; i < n; i++) y[i] = this.#mean(i)
    return {
      index: this.#index.slice(0, n),
      x: this.#x.slice(0, n),
      y,
      min: this.#min.slice(0, n),
      max: this.#max.slice(0, n),
      count: this.#count.slice(0, n),
    }
  }

  /** The buckets so far in 32 bits, around a base where values lie far from 0. */
  narrow(): NarrowBuckets {
    if (!this.#isAscending) this.#merge()
    const n = this.#n
    const base = baseOf({ min: this.#min.subarray(0, n), max: this.#max.subarray(0, n) })
    const [y, min, max] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)]
    for (let i = 0; i < n; i++) {
      y[i] = this.#mean(i) - base
      min[i] = (this.#min[i] as number) - base
      max[i] = (this.#max[i] as number) - base
    }
    return { x: this.#x.slice(0, n), y, min, max, base }
  }

  /** The sum of huge values may overflow: of them the middle of the extremes is the honest rest. Rounding stays between them too. */
  #mean(i: number): number {
    const [low, high] = [this.#min[i] as number, this.#max[i] as number]
    const mean = (this.#sum[i] as number) / (this.#count[i] as number)
    if (mean - mean !== 0) return low / 2 + high / 2
    return Math.min(high, Math.max(low, mean))
  }

  #add(x: number, sum: number, min: number, max: number, count: number): void {
    const bucket = Math.floor((x - this.grid.x0) / this.grid.dx)
    if (bucket - bucket !== 0) return
    const last = this.#n - 1
    const before = last < 0 ? Number.NEGATIVE_INFINITY : (this.#index[last] as number)
    if (bucket !== before) {
      if (bucket < before) this.#isAscending = false
      this.#begin(bucket, x, sum, min, max, count)
      return
    }
    if (x < (this.#x[last] as number)) this.#x[last] = x
    if (min < (this.#min[last] as number)) this.#min[last] = min
    if (max > (this.#max[last] as number)) this.#max[last] = max
    this.#sum[last] = (this.#sum[last] as number) + sum
    this.#count[last] = (this.#count[last] as number) + count
  }

  #begin(bucket: number, x: number, sum: number, min: number, max: number, count: number): void {
    const at = this.#n++
    if (at === this.#index.length) this.#grow()
    this.#index[at] = bucket
    this.#x[at] = x
    this.#sum[at] = sum
    this.#min[at] = min
    this.#max[at] = max
    this.#count[at] = count
  }

  #grow(): void {
    const wider = (column: Float64Array) => {
      const grown = new Float64Array(column.length * 2)
      grown.set(column)
      return grown
    }
    this.#index = wider(this.#index)
    this.#x = wider(this.#x)
    this.#sum = wider(this.#sum)
    this.#min = wider(this.#min)
    this.#max = wider(this.#max)
    this.#count = wider(this.#count)
  }

  /** Puts buckets in order, and those of one number together. */
  #merge(): void {
    const from = {
      index: this.#index,
      x: this.#x,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      count: this.#count,
    }
    const order = Uint32Array.from({ length: this.#n }, (_, i) => i).sort(
      (a, b) => (from.index[a] as number) - (from.index[b] as number) || a - b,
    )
    const capacity = Math.max(START_CAPACITY, order.length)
    this.#index = new Float64Array(capacity)
    this.#x = new Float64Array(capacity)
    this.#sum = new Float64Array(capacity)
    this.#min = new Float64Array(capacity)
    this.#max = new Float64Array(capacity)
    this.#count = new Float64Array(capacity)
    this.#n = 0
    for (const i of order) {
      const bucket = from.index[i] as number
      const [x, sum] = [from.x[i] as number, from.sum[i] as number]
      const [min, max, count] = [from.min[i] as number, from.max[i] as number, from.count[i] as number]
      const last = this.#n - 1
      if (last < 0 || this.#index[last] !== bucket) this.#begin(bucket, x, sum, min, max, count)
      else {
        this.#x[last] = Math.min(this.#x[last] as number, x)
        this.#min[last] = Math.min(this.#min[last] as number, min)
        this.#max[last] = Math.max(this.#max[last] as number, max)
        this.#sum[last] = (this.#sum[last] as number) + sum
        this.#count[last] = (this.#count[last] as number) + count
      }
    }
    this.#isAscending = true
  }
}

/** A finer grain than this share of a line's height is not seen. */
const SEEN_SHARE = 1e-4

/**
 * What to take off the values of buckets before they become 32-bit numbers, and to add again behind: 0 unless their range is so small
 * beside their size that 32 bits would show steps.
 */
export function baseOf({ min, max }: { min: Values; max: Values }): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < min.length; i++) {
    if ((min[i] as number) < low) low = min[i] as number
    if ((max[i] as number) > high) high = max[i] as number
  }
  if (!(low <= high)) return 0
  const grain = Math.max(Math.abs(low), Math.abs(high)) * 2 ** -24
  return grain > (high - low) * SEEN_SHARE ? low / 2 + high / 2 : 0
}
