/** Names of lines beside their ends, apart from each other. */
import { type PlotBox, yToPx } from './plot-box.ts'
import type { PreparedChart, PreparedLine } from './prepared-chart.ts'

/** More lines than this are told apart by the table beside the charts and by the tooltip. */
const NAMED_LINES_MAX = 4
/** Where a chart is as high as a screen there is no table beside it, and room for more names. */
const NAMED_LINES_MAX_TALL = 16
/** CSS px. */
const TALL = 400
/** Room for a name, CSS px. */
export const LABEL_ROOM = 92
/** In a narrower chart the lines need the room themselves. */
const WIDTH_MIN = 420
/** Distance of two names, CSS px. */
const LABEL_GAP = 15

export interface DirectLabel {
  line: PreparedLine
  /** Its middle, CSS px from above. */
  y: number
}

/** Whether a chart of this size, CSS px, names so many lines beside them; a single one is named by the title. */
export const hasDirectLabels = (lines: number, width: number, height = 0): boolean =>
  lines > 1 && lines <= (height >= TALL ? NAMED_LINES_MAX_TALL : NAMED_LINES_MAX) && width >= WIDTH_MIN

/** The names of the lines that count where their last points in view are, spread so that none covers another. */
export function directLabels(chart: PreparedChart, box: PlotBox): DirectLabel[] {
  const labels = chart.lines
    .filter((line) => !line.isSuperseded && !line.isMember)
    .flatMap((line) => {
      const value = lastIn(line, chart.x.max)
      const y = value === null ? null : yToPx(box, chart.y, chart.isLog, value)
      return y === null ? [] : [{ line, y: Math.min(box.top + box.height, Math.max(box.top, y)) }]
    })
    .sort((a, b) => a.y - b.y)
  const spread = spreadApart(
    labels.map(({ y }) => y),
    LABEL_GAP,
    box.top + 6,
    box.top + box.height,
  )
  return labels.map(({ line }, i) => ({ line, y: spread[i] as number }))
}

function lastIn({ data }: PreparedLine, to: number): number | null {
  for (let i = data.x.length - 1; i >= 0; i--) {
    const value = (data.smoothed ?? data.y)[i] as number
    if ((data.x[i] as number) <= to && Number.isFinite(value)) return value
  }
  return null
}

/** Ascending places moved as little as it takes to be `gap` apart and within bounds, as far as there is room. */
export function spreadApart(places: readonly number[], gap: number, from: number, to: number): number[] {
  const out: number[] = []
  for (const place of places) out.push(Math.max(place, (out.at(-1) ?? Number.NEGATIVE_INFINITY) + gap, from))
  let limit = to
  for (let i = out.length - 1; i >= 0; i--) {
    out[i] = Math.min(out[i] as number, limit)
    limit = (out[i] as number) - gap
  }
  return out
}
