import { type ColumnValue, readColumn, spansDecades } from './column.ts'

/** An axis of parallel coordinates: where each run crosses it. */
export interface ParallelAxis {
  field: string
  kind: 'number' | 'category'
  /** A log scale: all above 0 and more than two decades apart. */
  isLog: boolean
  /** Parallel to the runs, 0 at the foot and 1 at the head; null where the value is missing or not finite. */
  places: (number | null)[]
  /** Of numbers: what lies at 0 and at 1, in their own units; null without any. */
  ends: readonly [number, number] | null
  /** Of categories: from the foot up. */
  names: string[]
  missing: number
}

/**
 * Axes in the order of `fields`. The least number lies at the foot and the greatest at the head; categories stand evenly, a lone value or
 * category in the middle.
 */
export function parallelAxes(
  fields: readonly string[],
  valuesOf: (field: string) => readonly ColumnValue[],
): ParallelAxis[] {
  return fields.map((field) => axisOf(field, valuesOf(field)))
}

function axisOf(field: string, values: readonly ColumnValue[]): ParallelAxis {
  const column = readColumn(values)
  if (column.kind === 'category') {
    const last = column.names.length - 1
    const places = column.values.map((at) => (at === null ? null : last === 0 ? 0.5 : at / last))
    return { field, kind: 'category', isLog: false, places, ends: null, names: column.names, missing: column.missing }
  }
  const isLog = spansDecades(column)
  const on = (value: number) => (isLog ? Math.log10(value) : value)
  const present = column.values.filter((value) => value !== null)
  const ends = present.length === 0 ? null : ([least(present), greatest(present)] as const)
  const [low, high] = ends ? [on(ends[0]), on(ends[1])] : [0, 0]
  const places = column.values.map((value) =>
    value === null ? null : high === low ? 0.5 : (on(value) - low) / (high - low),
  )
  const missing = column.missing + column.notFinite
  return { field, kind: 'number', isLog, places, ends, names: [], missing }
}

/** The number at a place of an axis of numbers, 0 to 1. */
export function valueAt({ ends, isLog }: ParallelAxis, place: number): number | null {
  if (ends === null) return null
  const [low, high] = ends
  if (isLog) return low * (high / low) ** place
  return low + (high - low) * place
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
const greatest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)

/** What is chosen on one axis, as places 0 to 1, both ends in it. */
export interface AxisRange {
  field: string
  from: number
  to: number
  /** Of categories: those alone, by their place among the names. */
  only?: readonly number[]
}

/** Whether each run lies in every range; a run without a value on an axis with a range does not. */
export function withinRanges(axes: readonly ParallelAxis[], ranges: readonly AxisRange[], runs: number): boolean[] {
  const read = ranges.flatMap((range) => {
    const axis = axes.find(({ field }) => field === range.field)
    return axis ? [{ axis, range }] : []
  })
  return Array.from({ length: runs }, (_, i) =>
    read.every(({ axis, range }) => {
      const place = axis.places[i] ?? null
      if (place === null) return false
      if (range.only && axis.kind === 'category') return range.only.includes(categoryAt(axis, place))
      return place >= range.from - 1e-9 && place <= range.to + 1e-9
    }),
  )
}

/** Where a category stands. */
export const categoryPlace = ({ names }: ParallelAxis, at: number): number =>
  names.length === 1 ? 0.5 : at / (names.length - 1)

const categoryAt = ({ names }: ParallelAxis, place: number): number =>
  names.length === 1 ? 0 : Math.round(place * (names.length - 1))
