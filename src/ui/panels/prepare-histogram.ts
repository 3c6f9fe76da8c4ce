/** How often values of a field fall where, for all runs or for each group of them. Pure. */
import { type ColumnValue, type NumberColumn, readColumn } from '#src/core/panels/column.ts'
import { type Histogram, histogram } from '#src/core/panels/histogram.ts'
import type { HistogramContent } from '#src/core/panels/panel-content.ts'
import { valueLook } from '#src/ui/charts/run-colour.ts'
import { numberAxis, type PanelAxis, placeOn } from './panel-axis.ts'
import { columnOf, type PanelValues } from './panel-values.ts'
import type { Bars } from './prepare-bars.ts'

export interface HistogramRow {
  /** The value of the group; null: all runs, or those without a value. */
  name: string | null
  colour: string
  n: number
  bins: { from: number; to: number; count: number /** 0 to 1, ends on the axis. */; left: number; right: number }[]
}

export interface HistogramModel {
  field: string
  x: PanelAxis
  /** The greatest count of a bin. */
  most: number
  rows: HistogramRow[]
  /** Groups that have no row of their own any more. */
  rowsLeftOut: number
  n: number
  without: number
  leftOutOfLog: number
  /** Where the value is a word: how many runs have which, the most first. */
  words: { name: string; count: number; colour: string }[] | null
}

/** Groups in rows of their own; more would be too low to read. */
export const HISTOGRAM_ROWS_MAX = 6

/** Bins over one axis; one row for all runs, or one for each group, the largest first. */
export function prepareHistogram(
  values: PanelValues,
  content: HistogramContent,
  groupedBy: string | null,
): HistogramModel {
  const column = readColumn(columnOf(values, content.field))
  if (column.kind === 'category') {
    const counts = column.names.map((name, at) => ({
      name,
      count: column.values.filter((value) => value === at).length,
      colour: valueLook(name).colour,
    }))
    return {
      ...{ field: content.field, x: numberAxis(content.field, []), rows: [], rowsLeftOut: 0 },
      ...{
        most: Math.max(0, ...counts.map(({ count }) => count)),
        n: column.n,
        without: column.missing,
        leftOutOfLog: 0,
      },
      words: counts.sort((a, b) => b.count - a.count),
    }
  }
  const isLog = content.log ?? false
  const groups = groupedBy === null ? null : groupsOf(columnOf(values, groupedBy), column)
  const told = histogram(column, {
    bins: content.bins ?? null,
    log: isLog,
    ...(groups && { groups: { of: groups.of, count: groups.names.length } }),
  })
  const x = axisOf(content.field, told, isLog)
  const rows = told.counts.map((counts, i) =>
    rowOf(groups ? (groups.names[i] ?? null) : null, groups !== null, counts, told, x),
  )
  return {
    ...{ field: content.field, x, rows, rowsLeftOut: groups?.leftOut ?? 0 },
    most: Math.max(0, ...told.counts.flat()),
    n: told.n,
    without: column.missing + column.notFinite,
    leftOutOfLog: told.leftOutOfLog,
    words: null,
  }
}

function axisOf(field: string, { edges }: Histogram, isLog: boolean): PanelAxis {
  const axis = numberAxis(field, edges, { isLog, count: 6 })
  const [first, last] = [edges[0], edges.at(-1)]
  if (first === undefined || last === undefined) return axis
  // From edge to edge: bars fill their axis.
  const on = (value: number) => (isLog ? Math.log10(value) : value)
  const [min, max] = [on(first), on(last)]
  const marks = axis.marks
    .map(({ at, text }) => ({ at: (axis.min + at * (axis.max - axis.min) - min) / (max - min), text }))
    .filter(({ at }) => at >= -1e-9 && at <= 1 + 1e-9)
  return { ...axis, min, max, marks }
}

function rowOf(
  name: string | null,
  isGroup: boolean,
  counts: readonly number[],
  { edges }: Histogram,
  x: PanelAxis,
): HistogramRow {
  const bins = counts.map((count, i) => {
    const [from, to] = [edges[i] as number, edges[i + 1] as number]
    return { from, to, count, left: placeOn(x, from) ?? 0, right: placeOn(x, to) ?? 1 }
  })
  return {
    name: isGroup ? (name ?? 'missing') : null,
    colour: isGroup ? valueLook(name).colour : 'var(--accent)',
    n: counts.reduce((sum, count) => sum + count, 0),
    bins,
  }
}

/** The largest groups, each with its runs; `of` is parallel to the runs. */
function groupsOf(values: readonly ColumnValue[], { values: numbers }: NumberColumn) {
  const column = readColumn(values)
  const nameAt = (i: number): string | null => {
    const at = column.values[i] ?? null
    return at === null ? null : column.kind === 'category' ? (column.names[at] ?? null) : String(at)
  }
  const counts = new Map<string | null, number>()
  numbers.forEach((value, i) => {
    if (value !== null) counts.set(nameAt(i), (counts.get(nameAt(i)) ?? 0) + 1)
  })
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || String(a[0]).localeCompare(String(b[0]), 'en'))
  const names = sorted.slice(0, HISTOGRAM_ROWS_MAX).map(([name]) => name)
  const of = numbers.map((_, i) => {
    const at = names.indexOf(nameAt(i))
    return at === -1 ? null : at
  })
  return { names, of, leftOut: sorted.length - names.length }
}

/** Words as bars: how many runs have which. */
export function wordBars({ field, words, without }: HistogramModel): Bars {
  const counts = words ?? []
  const axis = numberAxis(
    'count of runs',
    counts.map(({ count }) => count),
    { zero: true },
  )
  return {
    ...{ field, axisName: 'runs', axis, zero: placeOn(axis, 0), baseline: null, by: field, without, problem: null },
    bars: counts.map(({ name, count, colour }) => ({
      ...{ key: name, name, run: null, n: count, value: count, at: placeOn(axis, count) ?? 0, colour },
      ...{ whisker: null, box: null, spread: null, isBaseline: false, change: null },
    })),
  }
}
