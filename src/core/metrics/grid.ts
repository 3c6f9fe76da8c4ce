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
  const dx = Math.max((to - from) / px, spacing)
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

/** Puts one line on a grid: points and reduced buckets in any order and any mixture; what has no place (NaN) is passed over. */
export class GridLine {
  readonly #grid: Grid
  #n = 0
  #columns = makeColumns(64)
  #isAscending = true

  constructor(grid: Grid) {
    this.#grid = grid
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
    for (let i = 0; i < x.length; i++) {
      const count = (finite ?? counts)[i] as number
      if (count > 0) this.#add(x[i] as number, mean[i] as number, min[i] as number, max[i] as number, count)
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
    const { index, x, sum, min, max, count } = this.#columns
    const n = this.#n
    const y = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      const [low, high] = [min[i] as number, max[i] as number]
      const mean = (sum[i] as number) / (count[i] as number)
      // The sum of huge values may overflow: of them the middle of the extremes is the honest rest. Rounding stays between them too.
      y[i] = Number.isFinite(mean) ? Math.min(high, Math.max(low, mean)) : low / 2 + high / 2
    }
    return {
      index: index.slice(0, n),
      x: x.slice(0, n),
      y,
      min: min.slice(0, n),
      max: max.slice(0, n),
      count: count.slice(0, n),
    }
  }

  #add(x: number, mean: number, min: number, max: number, count: number): void {
    const bucket = bucketOf(this.#grid, x)
    if (bucket - bucket !== 0) return
    const columns = this.#columns
    const last = this.#n - 1
    const before = last < 0 ? Number.NEGATIVE_INFINITY : (columns.index[last] as number)
    if (bucket < before) this.#isAscending = false
    if (bucket !== before) {
      if (this.#n === columns.index.length) this.#columns = grown(columns)
      begin(this.#columns, this.#n++, bucket)
    }
    put(this.#columns, this.#n - 1, x, mean * count, min, max, count)
  }

  #merge(): void {
    const from = this.#columns
    const order = Uint32Array.from({ length: this.#n }, (_, i) => i).sort(
      (a, b) => (from.index[a] as number) - (from.index[b] as number) || a - b,
    )
    const to = makeColumns(order.length)
    let n = 0
    for (const i of order) {
      const bucket = from.index[i] as number
      if (n === 0 || to.index[n - 1] !== bucket) begin(to, n++, bucket)
      const { x, sum, min, max, count } = from
      put(to, n - 1, x[i] as number, sum[i] as number, min[i] as number, max[i] as number, count[i] as number)
    }
    this.#columns = to
    this.#n = n
    this.#isAscending = true
  }
}

const NAMES = ['index', 'x', 'sum', 'min', 'max', 'count'] as const
type Accumulators = Record<(typeof NAMES)[number], Float64Array>

const makeColumns = (n: number): Accumulators =>
  Object.fromEntries(NAMES.map((name) => [name, new Float64Array(n)])) as Accumulators

function grown(columns: Accumulators): Accumulators {
  const wider = makeColumns(columns.index.length * 2)
  for (const name of NAMES) wider[name].set(columns[name])
  return wider
}

function begin(columns: Accumulators, at: number, bucket: number): void {
  columns.index[at] = bucket
  columns.sum[at] = 0
  columns.count[at] = 0
  columns.x[at] = Number.POSITIVE_INFINITY
  columns.min[at] = Number.POSITIVE_INFINITY
  columns.max[at] = Number.NEGATIVE_INFINITY
}

function put(to: Accumulators, at: number, x: number, sum: number, min: number, max: number, count: number): void {
  if (x < (to.x[at] as number)) to.x[at] = x
  if (min < (to.min[at] as number)) to.min[at] = min
  if (max > (to.max[at] as number)) to.max[at] = max
  to.sum[at] = (to.sum[at] as number) + sum
  to.count[at] = (to.count[at] as number) + count
}

/** A finer grain than this share of a line's height is not seen. */
const SEEN_SHARE = 1e-4

/**
 * What to take off the values of buckets before they become 32-bit numbers, and to add again behind: 0 unless their range is so small
 * beside their size that 32 bits would show steps.
 */
export function baseOf({ min, max }: Pick<GridBuckets, 'min' | 'max'>): number {
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
