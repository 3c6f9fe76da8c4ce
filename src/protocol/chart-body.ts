/**
 * A chart's answer as bytes, little-endian, for those who ask for `application/vnd.descent.chart.v1`:
 *
 *   u32 bytes of the header | header | arrays
 *
 * The header is JSON: the answer as `ChartAnswer`, with `{offset, n, type}` (type f4, f8 or u2) in the place of each array, or
 * `{n, first, by}` for the numbers first, first + by, first + 2·by …, which take no bytes. Offsets count from the end of the header;
 * the header is padded with blanks to a multiple of 8, and so is each array with zeros: a reader lays typed arrays over the bytes
 * without a copy. NaN in an array is NaN.
 */
import type { ChartAnswer, ChartGroupLine, ChartSeries } from './chart.ts'

export const CHART_CONTENT_TYPE = 'application/vnd.descent.chart.v1'

type Floats = Float32Array | Float64Array

/** A line with its arrays as numbers; otherwise as `ChartSeries`. */
export interface ChartLine extends Omit<ChartSeries, 'x' | 'y' | 'min' | 'max' | 'smoothed'> {
  x: Float64Array
  y: Floats
  min?: Floats | undefined
  max?: Floats | undefined
  smoothed?: Floats | undefined
}

/** The line of a group with its arrays as numbers; otherwise as `ChartGroupLine`. */
export interface ChartGroup extends Omit<ChartGroupLine, 'x' | 'center' | 'low' | 'high' | 'n_runs'> {
  x: Float64Array
  center: Floats
  low?: Floats | undefined
  high?: Floats | undefined
  n_runs: Uint16Array
}

/** An answer with its arrays as numbers. */
export interface ChartData extends Omit<ChartAnswer, 'series' | 'groups'> {
  series: ChartLine[]
  groups: ChartGroup[]
}

type Column = Floats | Uint16Array
const TYPES = { f4: Float32Array, f8: Float64Array, u2: Uint16Array } as const
type ColumnType = keyof typeof TYPES

interface Place {
  offset: number
  n: number
  type: ColumnType
}

/** Numbers at even distances: most x are. */
interface Even {
  n: number
  first: number
  by: number
}

/** More than any chart has in one line. */
const COLUMN_MAX = 1_000_000
/** Fewer numbers than this are sent as they are. */
const EVEN_MIN = 4

/** Bytes to which header and arrays are padded. */
const ALIGNED = 8

/** Thrown on bytes that are no chart. */
export class ChartBodyError extends Error {
  override readonly name = 'ChartBodyError'
}

const LINE_COLUMNS = ['x', 'y', 'min', 'max', 'smoothed'] as const
const GROUP_COLUMNS = ['x', 'center', 'low', 'high', 'n_runs'] as const

/** The answer as bytes. */
export function encodeChart(chart: ChartData): Uint8Array<ArrayBuffer> {
  const columns: Column[] = []
  let offset = 0
  const place = (column: Column): Place | Even => {
    const even = column instanceof Float64Array ? evenOf(column) : null
    if (even) return even
    const at = { offset, n: column.length, type: typeOf(column) }
    columns.push(column)
    offset += padded(column.byteLength)
    return at
  }
  const placed = <T extends object>(item: T, names: readonly string[]) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        names.includes(name) && value ? place(value as Column) : value,
      ]),
    )
  const header = new TextEncoder().encode(
    JSON.stringify({
      ...chart,
      series: chart.series.map((line) => placed(line, LINE_COLUMNS)),
      groups: chart.groups.map((group) => placed(group, GROUP_COLUMNS)),
    }),
  )
  // Four bytes of length stand in front.
  const begin = padded(4 + header.length)
  const out = new Uint8Array(begin + offset)
  out.fill(0x20, 4 + header.length, begin)
  new DataView(out.buffer).setUint32(0, begin - 4, true)
  out.set(header, 4)
  let at = begin
  for (const column of columns) {
    out.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at)
    at += padded(column.byteLength)
  }
  return out
}

/**
 * The answer; its arrays lie in the given bytes.
 *
 * @throws ChartBodyError
 */
export function decodeChart(bytes: ArrayBuffer): ChartData {
  if (bytes.byteLength < 4) throw new ChartBodyError(`A chart of ${bytes.byteLength} bytes is too short.`)
  const begin = 4 + new DataView(bytes).getUint32(0, true)
  if (begin > bytes.byteLength) throw new ChartBodyError(`A chart of ${bytes.byteLength} bytes has no whole header.`)
  const header = parsed(new TextDecoder().decode(new Uint8Array(bytes, 4, begin - 4)))
  const columnAt = (place: Place | Even): Column => {
    if ('by' in place) return spread(place)
    const { offset, n, type } = place
    const Kind = TYPES[type]
    if (!Kind || offset % ALIGNED !== 0 || begin + offset + n * Kind.BYTES_PER_ELEMENT > bytes.byteLength)
      throw new ChartBodyError(`An array of ${n} ${type} at ${offset} does not lie in the chart.`)
    return new Kind(bytes, begin + offset, n)
  }
  const placed = (item: object, names: readonly string[]) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        names.includes(name) && value ? columnAt(value as Place | Even) : value,
      ]),
    )
  return {
    ...header,
    series: header.series.map((line) => placed(line, LINE_COLUMNS)),
    groups: header.groups.map((group) => placed(group, GROUP_COLUMNS)),
  } as unknown as ChartData
}

function parsed(text: string): { series: object[]; groups: object[] } {
  try {
    const header = JSON.parse(text)
    if (Array.isArray(header?.series) && Array.isArray(header?.groups)) return header
  } catch {}
  throw new ChartBodyError('The header of a chart cannot be read.')
}

function evenOf(column: Float64Array): Even | null {
  if (column.length < EVEN_MIN) return null
  const first = column[0] as number
  const by = (column[1] as number) - first
  if (!Number.isFinite(first) || !Number.isFinite(by) || Object.is(first, -0)) return null
  for (let i = 2; i < column.length; i++) if (column[i] !== first + i * by) return null
  return { n: column.length, first, by }
}

function spread({ n, first, by }: Even): Float64Array {
  if (!(Number.isSafeInteger(n) && n >= 0 && n <= COLUMN_MAX))
    throw new ChartBodyError(`An array cannot have ${n} numbers.`)
  const column = new Float64Array(n)
  for (let i = 0; i < n; i++) column[i] = first + i * by
  return column
}

const padded = (bytes: number): number => Math.ceil(bytes / ALIGNED) * ALIGNED

function typeOf(column: Column): ColumnType {
  if (column instanceof Float32Array) return 'f4'
  return column instanceof Float64Array ? 'f8' : 'u2'
}
