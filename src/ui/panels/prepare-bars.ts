/** A number of each run, or of each group of runs, as bars. Pure. */

import { formatChange } from '#src/core/format/number.ts'
import { readColumn } from '#src/core/panels/column.ts'
import type { BarContent, BarSpread } from '#src/core/panels/panel-content.ts'
import { aggregated, type Spread, spreadOf } from '#src/core/panels/spread.ts'
import { type ColouredBy, lookOfRun, valueLook } from '#src/ui/charts/run-colour.ts'
import { AGGREGATE_WORDS, fieldName } from './field-format.ts'
import { numberAxis, type PanelAxis, placeOn } from './panel-axis.ts'
import { columnOf, type PanelValues } from './panel-values.ts'

export interface Bar {
  key: string
  name: string
  /** Number of the run; null: a group. */
  run: number | null
  /** Runs with the value. */
  n: number
  value: number
  /** Where it ends, 0 to 1; of a box its median. */
  at: number
  /** The ends of its whisker, 0 to 1. */
  whisker: readonly [number, number] | null
  /** 0 to 1, with the single values beyond its whiskers. */
  box: { q1: number; q3: number; outliers: number[] } | null
  /** Null of a mere count. */
  spread: Spread | null
  colour: string
  isBaseline: boolean
  /** Against the baseline; null without one, and of itself. */
  change: BarChange | null
}

export interface BarChange {
  text: string
  /** By the direction of the field; null where none is known, and of no change. */
  word: 'better' | 'worse' | null
  arrow: '▲' | '▼' | ''
}

export interface Bars {
  field: string
  /** What lies along the axis: the field, of groups with what its number is. */
  axisName: string
  axis: PanelAxis
  /** Where 0 lies; null where bars are boxes, which need none. */
  zero: number | null
  bars: Bar[]
  /** Where the baseline lies; null: none, or it has no value. */
  baseline: { at: number; value: number; name: string } | null
  /** What the bars are: runs, or values of a field. */
  by: string | null
  /** Runs without the value, or with one that is not finite. */
  without: number
  /** Null: the field holds words, which no bar can tell. */
  problem: string | null
}

/** Bars of the runs, or of their groups. A missing value has no bar, and is counted. */
export function prepareBars(
  values: PanelValues,
  content: BarContent,
  { colouredBy, groupedBy }: { colouredBy: ColouredBy; groupedBy: string | null },
): Bars {
  const column = readColumn(columnOf(values, content.field))
  const by = content.by ?? groupedBy
  const axisOf = (numbers: readonly number[], zero: boolean) => numberAxis(content.field, numbers, { zero })
  if (column.kind === 'category')
    return {
      ...{
        field: content.field,
        axisName: fieldName(content.field),
        axis: axisOf([], true),
        zero: 0,
        bars: [],
        baseline: null,
        by,
        without: 0,
      },
      problem: 'holds words, which bars cannot tell',
    }
  const groups = by === null ? runGroups(values, column.values, colouredBy) : valueGroups(values, column.values, by)
  const spread = by === null ? 'none' : (content.spread ?? 'sd')
  const isBox = spread === 'box'
  const aggregate = isBox ? 'median' : (content.aggregate ?? 'mean')
  const read = groups.flatMap((group) => {
    const told = spreadOf(group.numbers)
    if (!told) return []
    // A whisker of single values belongs to their middle, not to their sum or count.
    const ends =
      aggregate === 'sum' || aggregate === 'count' ? null : whiskerOf(told, spread, aggregated(told, aggregate))
    return [{ ...group, spread: told, value: aggregated(told, aggregate), ends }]
  })
  const base = baselineOf(values, content.field)
  const baseRun = values.baseline?.run.number ?? null
  const reached = read.flatMap(({ value, ends, spread: told }) => [
    value,
    ...(ends ?? []),
    ...(isBox ? [told.min, told.max] : []),
  ])
  const axis = axisOf(base === null ? reached : [...reached, base.value], !isBox)
  const on = (value: number) => placeOn(axis, value) ?? 0
  const bars = read.map(({ numbers: _numbers, ends, ...bar }) => ({
    ...bar,
    n: bar.spread.n,
    at: on(bar.value),
    whisker: ends && ([on(ends[0]), on(ends[1])] as const),
    box: isBox ? { q1: on(bar.spread.q1), q3: on(bar.spread.q3), outliers: bar.spread.outliers.map(on) } : null,
    isBaseline: bar.run !== null && bar.run === baseRun,
    change:
      base === null || (bar.run !== null && bar.run === baseRun)
        ? null
        : changeOf(values, content.field, bar.value - base.value),
  }))
  if (content.order === 'value') bars.sort((a, b) => b.value - a.value)
  return {
    ...{ field: content.field, axisName: axisNameOf(content, by), axis, zero: isBox ? null : on(0), bars, by },
    baseline: base && { ...base, at: on(base.value) },
    without: column.missing + column.notFinite,
    problem: null,
  }
}

const SHORT_WORDS: Readonly<Record<BarSpread, string>> = {
  sd: ' ± SD',
  range: ', least to greatest',
  box: '',
  none: '',
}

function axisNameOf({ field, aggregate = 'mean', spread = 'sd' }: BarContent, by: string | null): string {
  const name = fieldName(field)
  if (by === null) return name
  if (spread === 'box') return `${name}, quartiles, whiskers to 1.5 IQR`
  return `${name}, ${AGGREGATE_WORDS[aggregate]}${aggregate === 'sum' || aggregate === 'count' ? '' : SHORT_WORDS[spread]}`
}

interface Group {
  key: string
  name: string
  run: number | null
  numbers: number[]
  colour: string
}

function runGroups({ runs }: PanelValues, numbers: readonly (number | null)[], by: ColouredBy): Group[] {
  return runs.flatMap((run, i) => {
    const value = numbers[i] ?? null
    const colour = lookOfRun({ ...run, groupKey: null }, by === 'group' ? 'run' : by).colour
    return value === null
      ? []
      : [{ key: `run ${run.number}`, name: run.name, run: run.number, numbers: [value], colour }]
  })
}

function valueGroups(values: PanelValues, numbers: readonly (number | null)[], by: string): Group[] {
  const column = readColumn(columnOf(values, by))
  const groups = new Map<string, Group>()
  values.runs.forEach((_, i) => {
    const value = numbers[i] ?? null
    if (value === null) return
    const at = column.values[i] ?? null
    const name = at === null ? null : column.kind === 'category' ? (column.names[at] ?? null) : String(at)
    const key = name === null ? 'missing' : `value ${name}`
    const group = groups.get(key) ?? {
      ...{ key, name: name ?? 'missing', run: null, numbers: [] },
      colour: valueLook(name).colour,
    }
    group.numbers.push(value)
    groups.set(key, group)
  })
  return [...groups.values()]
}

function whiskerOf(spread: Spread, kind: BarSpread, value: number): readonly [number, number] | null {
  if (kind === 'box') return [spread.lowWhisker, spread.highWhisker]
  if (kind === 'range') return spread.n > 1 ? [spread.min, spread.max] : null
  if (kind === 'none' || spread.sd === null) return null
  return [value - spread.sd, value + spread.sd]
}

/** The baseline with its value of a field; null where it has none. */
export function baselineOf({ baseline }: PanelValues, field: string): { value: number; name: string } | null {
  const value = baseline?.values.get(field)
  return typeof value === 'number' && Number.isFinite(value) ? { value, name: baseline?.run.name ?? '' } : null
}

/** A change with its sign; arrow and word by what is better for the field. */
export function changeOf({ better }: Pick<PanelValues, 'better'>, field: string, change: number): BarChange {
  const orientation = better.get(field)
  const text = change === 0 ? '0' : formatChange(change, digitsOf(change))
  if (change === 0 || orientation === undefined) return { text, word: null, arrow: '' }
  const isBetter = change > 0 === (orientation === 'higher')
  return { text, word: isBetter ? 'better' : 'worse', arrow: isBetter ? '▲' : '▼' }
}

/** Decimals that leave three significant digits. */
const digitsOf = (change: number): number => Math.max(0, Math.min(8, 2 - Math.floor(Math.log10(Math.abs(change)))))
