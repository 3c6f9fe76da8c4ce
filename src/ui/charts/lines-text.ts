import { formatExactCount } from '#src/core/format/count.ts'
import type { TableText } from '#src/core/publish/table.ts'
import { readingValue, xReading, xWord } from './axis-words.ts'
import type { PreparedChart, PreparedLine } from './prepared-chart.ts'

/** A chart in a row per line, for Markdown and its like: last value and where, least, greatest, points. The CSV has the points. */
export function linesText(
  chart: PreparedChart,
  words: { title: string; notes: readonly string[]; labelOf: (line: PreparedLine) => string },
): TableText {
  const isSmoothed = chart.lines.some((line) => line.data.smoothed !== null)
  const names = ['Line', 'Last', ...(isSmoothed ? ['Last smoothed'] : []), 'At', 'Least', 'Greatest', 'Drawn']
  const rows = chart.lines
    .filter((line) => !line.isSuperseded && !line.isMember)
    .map((line) => {
      const { data } = line
      const last = data.y.length - 1
      const [least, greatest] = extremesOf(data)
      return [
        words.labelOf(line),
        numberText(data.y[last]),
        ...(isSmoothed ? [numberText(data.smoothed?.[last])] : []),
        last < 0 ? '' : xReading(chart, data.x[last] as number),
        numberText(least),
        numberText(greatest),
        formatExactCount(data.x.length),
      ].map((text) => ({ text }))
    })
  return {
    title: `${words.title} over ${xWord(chart)}`,
    table: {
      columns: names.map((name) => ({ name, align: name === 'Line' ? 'left' : 'right' })),
      rows,
    },
    footRows: 0,
    notes: words.notes,
  }
}

const numberText = (value: number | undefined): string =>
  value === undefined ? '' : Number.isFinite(value) ? readingValue(value) : String(value)

function extremesOf({ y, low, high }: PreparedLine['data']): [number | undefined, number | undefined] {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < y.length; i++) {
    for (const value of [low?.[i] ?? y[i], high?.[i] ?? y[i], y[i]]) {
      if (value === undefined || !Number.isFinite(value)) continue
      if (value < least) least = value
      if (value > greatest) greatest = value
    }
  }
  return least <= greatest ? [least, greatest] : [undefined, undefined]
}
