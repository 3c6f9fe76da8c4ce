/** An axis of a panel: where values lie on it, from 0 to 1, and where it is marked. */
import { innerScale, linearScale, logScale } from '#src/ui/charts/ticks.ts'
import { fieldMark } from './field-format.ts'

export interface PanelAxis {
  kind: 'number' | 'category'
  field: string
  isLog: boolean
  /** Ends in the axis' own units: log10 where `isLog`, places of categories otherwise. */
  min: number
  max: number
  marks: { at: number; text: string }[]
}

/**
 * An axis around values, a little wider than they reach. On a log scale only values above 0 count.
 *
 * @param zero whether 0 is on it, as bars need
 */
export function numberAxis(
  field: string,
  values: readonly number[],
  { isLog = false, zero = false, count = 5 }: { isLog?: boolean; zero?: boolean; count?: number } = {},
): PanelAxis {
  const used = isLog ? values.filter((value) => value > 0) : values
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of used) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) [low, high] = isLog ? [1, 10] : [0, 1]
  const scale = isLog ? scaleOfLog(low, high, count) : scaleOf(low, high, zero, count)
  const { min, max } = scale
  const real = (mark: number) => (isLog ? Number((10 ** mark).toPrecision(6)) : mark)
  const marks = scale.at.map((mark) => ({ at: (mark - min) / (max - min), text: fieldMark(field, real(mark)) }))
  return { kind: 'number', field, isLog, min, max, marks }
}

function scaleOfLog(low: number, high: number, count: number) {
  return low === high ? logScale(low / 2, high * 2, count) : logScale(low, high, count)
}

function scaleOf(low: number, high: number, zero: boolean, count: number) {
  if (zero)
    return low === 0 && high === 0 ? linearScale(0, 1, count) : linearScale(Math.min(0, low), Math.max(0, high), count)
  if (low === high) return linearScale(low, high, count)
  const pad = (high - low) * 0.04
  return innerScale(low - pad, high + pad, count, false)
}

/** An axis on which each category has a place of its own. */
export function categoryAxis(field: string, names: readonly string[]): PanelAxis {
  const max = Math.max(1, names.length)
  return {
    ...{ kind: 'category', field, isLog: false, min: 0, max },
    marks: names.map((text, i) => ({ at: (i + 0.5) / max, text })),
  }
}

/** Where a value lies, 0 to 1; of a category, which is told by its place among the names, the middle. Null: nowhere. */
export function placeOn({ kind, isLog, min, max }: PanelAxis, value: number): number | null {
  if (kind === 'category') return (value + 0.5) / max
  if (isLog && value <= 0) return null
  return ((isLog ? Math.log10(value) : value) - min) / (max - min)
}
