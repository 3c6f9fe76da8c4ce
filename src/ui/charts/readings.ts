import type { Cursor } from './group-state.tsx'
import { type PlotBox, yToPx } from './plot-box.ts'
import type { PreparedChart, PreparedLine } from './prepared-chart.ts'
import { type Reading, readAt } from './read-at.ts'

export interface LineReading {
  line: PreparedLine
  reading: Reading
}

/** Readings at a place of the x axis in the order of the lines; superseded ones last. */
export function readingsAt(chart: PreparedChart, x: number): LineReading[] {
  const reach = (chart.x.max - chart.x.min) / 20
  return chart.lines
    .flatMap((line) => {
      if (line.isMember) return []
      // A superseded line is read only where it is drawn: beside it the line that counts speaks alone.
      const reading = readAt(line.data, x, line.isSuperseded ? stepOf(line) / 2 : reach)
      return reading ? [{ line, reading }] : []
    })
    .sort((a, b) => Number(a.line.isSuperseded) - Number(b.line.isSuperseded))
}

/** The usual distance of two points. */
function stepOf({ data: { x } }: PreparedLine): number {
  return x.length > 1 ? ((x.at(-1) ?? 0) - (x[0] ?? 0)) / (x.length - 1) : 0
}

/** The height that a cursor looks at, CSS px; null where keys moved it. */
export const heightOf = (cursor: Cursor): number | null => cursor.px ?? null

/** Lines that a tooltip names, and that carry a dot. */
const NAMED_MAX = 8

/** The lines nearest to a height in the plot, the nearest first, as many as can be named; without a height they stand as they come. */
export function nearestTo(
  readings: readonly LineReading[],
  px: number | null,
  { y, isLog }: Pick<PreparedChart, 'y' | 'isLog'>,
  box: PlotBox,
): readonly LineReading[] {
  if (px === null && readings.length <= NAMED_MAX) return readings
  // Where keys moved the cursor through a thicket its middle is as good as any height.
  const height = px ?? box.top + box.height / 2
  const away = ({ line, reading }: LineReading) => {
    const at = yToPx(box, y, isLog, reading.smoothed ?? reading.y)
    if (at === null) return Number.POSITIVE_INFINITY
    // What does not count is named behind what does.
    return Math.abs(at - height) + (line.isSuperseded ? box.height : 0)
  }
  return readings
    .map((reading) => ({ reading, away: away(reading) }))
    .sort((a, b) => a.away - b.away)
    .slice(0, NAMED_MAX)
    .map(({ reading }) => reading)
}
