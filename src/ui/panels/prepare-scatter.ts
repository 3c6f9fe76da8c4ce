/** Runs as dots over two fields. Pure. */
import { type Column, readColumn } from '#src/core/panels/column.ts'
import { type Association, associations } from '#src/core/panels/importance.ts'
import type { ScatterContent } from '#src/core/panels/panel-content.ts'
import type { ColouredBy } from '#src/ui/charts/run-colour.ts'
import { fieldValue } from './field-format.ts'
import { categoryAxis, numberAxis, type PanelAxis, placeOn } from './panel-axis.ts'
import { categoryDot, type DotLook, RAMP, rampSteps, runDot } from './panel-colours.ts'
import { columnOf, type PanelValues } from './panel-values.ts'

export interface ScatterDot {
  /** Place among the runs. */
  run: number
  /** 0 to 1, from the left and from the foot. */
  x: number
  y: number
}

/** Dots that are painted alike. */
export interface DotGroup extends DotLook {
  dots: ScatterDot[]
}

export type ScatterLegend =
  | { kind: 'runs' }
  | { kind: 'categories'; field: string; names: (DotLook & { name: string; n: number })[] }
  | { kind: 'numbers'; field: string; low: string; high: string }

export interface Scatter {
  x: PanelAxis
  y: PanelAxis
  /** In the order of the runs. */
  dots: ScatterDot[]
  groups: DotGroup[]
  legend: ScatterLegend
  /** Runs without one of the two values, or with one that is not finite. */
  without: number
  /** Runs at or below 0 on a log scale. */
  leftOutOfLog: number
  /** Of two numbers. */
  association: Association | null
}

/** Dots of the runs that have both values; the others are counted. */
export function prepareScatter(
  values: PanelValues,
  content: ScatterContent,
  { colouredBy, groupOf }: { colouredBy: ColouredBy; groupOf: readonly (string | null)[] },
): Scatter {
  const x = readColumn(columnOf(values, content.x))
  const y = readColumn(columnOf(values, content.y))
  const both = values.runs.flatMap((_, run) => {
    const [across, up] = [x.values[run] ?? null, y.values[run] ?? null]
    return across === null || up === null ? [] : [{ run, across, up }]
  })
  const axes = {
    x: axisOf(
      content.x,
      x,
      both.map(({ across }) => across),
      content.logX ?? false,
    ),
    y: axisOf(
      content.y,
      y,
      both.map(({ up }) => up),
      content.logY ?? false,
    ),
  }
  const dots = both.flatMap(({ run, across, up }) => {
    const place = { x: placeOn(axes.x, across), y: placeOn(axes.y, up) }
    return place.x === null || place.y === null ? [] : [{ run, x: place.x, y: place.y }]
  })
  const colour = content.colour === undefined ? null : readColumn(columnOf(values, content.colour))
  const looks = looksOf(values, colour, colouredBy, groupOf)
  const isNumbers = x.kind === 'number' && y.kind === 'number'
  return {
    ...axes,
    dots,
    groups: grouped(dots, looks),
    legend: legendOf(content.colour, colour, dots),
    without: values.runs.length - both.length,
    leftOutOfLog: both.length - dots.length,
    association: isNumbers ? (associations([{ field: content.x, column: x }], y).told[0] ?? null) : null,
  }
}

function axisOf(field: string, column: Column, used: readonly number[], isLog: boolean): PanelAxis {
  return column.kind === 'category' ? categoryAxis(field, column.names) : numberAxis(field, used, { isLog })
}

function looksOf(
  { runs }: PanelValues,
  colour: Column | null,
  colouredBy: ColouredBy,
  groupOf: readonly (string | null)[],
): DotLook[] {
  if (colour === null) return runs.map((run, i) => runDot({ ...run, groupKey: groupOf[i] ?? null }, colouredBy))
  if (colour.kind === 'category') return runs.map((_, i) => categoryDot(colour, colour.values[i] ?? null))
  const steps = rampSteps(colour)
  return steps.map((step) => ({
    colour: step === null ? 'var(--text-3)' : (RAMP[step] ?? 'var(--text-3)'),
    // A dot without the value is told by its form too.
    shape: step === null ? 'diamond' : 'circle',
  }))
}

function grouped(dots: readonly ScatterDot[], looks: readonly DotLook[]): DotGroup[] {
  const groups = new Map<string, DotGroup>()
  for (const dot of dots) {
    const look = looks[dot.run]
    if (!look) continue
    const key = `${look.colour} ${look.shape}`
    const group = groups.get(key) ?? { ...look, dots: [] }
    group.dots.push(dot)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function legendOf(field: string | undefined, colour: Column | null, dots: readonly ScatterDot[]): ScatterLegend {
  if (field === undefined || colour === null) return { kind: 'runs' }
  if (colour.kind === 'category') {
    const counts = new Map<number | null, number>()
    for (const { run } of dots) {
      const at = colour.values[run] ?? null
      counts.set(at, (counts.get(at) ?? 0) + 1)
    }
    const names = colour.names.flatMap((name, at) => {
      const n = counts.get(at) ?? 0
      return n === 0 ? [] : [{ ...categoryDot(colour, at), name, n }]
    })
    const missing = counts.get(null) ?? 0
    if (missing > 0) names.push({ ...categoryDot(colour, null), name: 'missing', n: missing })
    return { kind: 'categories', field, names }
  }
  const present = colour.values.filter((value) => value !== null)
  const low = present.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = present.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (present.length === 0) return { kind: 'numbers', field, low: 'missing', high: '' }
  return { kind: 'numbers', field, low: fieldValue(field, low), high: fieldValue(field, high) }
}

/** The dot nearest to a place in px, within reach; null: none. */
export function nearestDot(
  dots: readonly ScatterDot[],
  at: { x: number; y: number },
  plot: { width: number; height: number },
  reach: number,
): ScatterDot | null {
  let [best, least] = [null as ScatterDot | null, reach * reach]
  for (const dot of dots) {
    const [dx, dy] = [dot.x * plot.width - at.x, (1 - dot.y) * plot.height - at.y]
    const far = dx * dx + dy * dy
    if (far <= least) [best, least] = [dot, far]
  }
  return best
}
