import { formatExactCount } from '#src/core/format/count.ts'
import { formatValue } from '#src/core/format/number.ts'
import { X_WORDS, xReading } from './axis-words.ts'
import type { PreparedChart, PreparedLine } from './prepare-lines.ts'

/** What a chart shows, in sentences: metric, runs, points, last, least and greatest value. */
export function chartSummary(title: string, chart: PreparedChart): string {
  const kept = chart.lines.filter((line) => !line.isSuperseded)
  const parts = [`${title} over ${X_WORDS[chart.axis]}, ${formatExactCount(chart.n)} points.`]
  for (const line of kept.slice(0, 4)) parts.push(lineSentence(chart, line, kept.length > 1))
  if (kept.length > 4) parts.push(`And ${kept.length - 4} more lines.`)
  if (chart.nonFiniteN > 0) parts.push(`${chart.nonFiniteN} values are NaN or infinite.`)
  if (chart.nSuperseded > 0) parts.push(`${formatExactCount(chart.nSuperseded)} points are superseded.`)
  return parts.join(' ')
}

function lineSentence(chart: PreparedChart, { data, metric, run }: PreparedLine, named: boolean): string {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < data.y.length; i++) {
    const low = data.low?.[i] ?? data.y[i] ?? Number.NaN
    const high = data.high?.[i] ?? data.y[i] ?? Number.NaN
    if (Number.isFinite(low) && low < least) least = low
    if (Number.isFinite(high) && high > greatest) greatest = high
  }
  const last = data.y.at(-1)
  const lastX = data.x.at(-1)
  if (last === undefined || lastX === undefined) return `${named ? `Run ${run}, ${metric}: ` : ''}no points.`
  const range = least <= greatest ? `, least ${formatValue(least)}, greatest ${formatValue(greatest)}` : ''
  return `${named ? `Run ${run}, ${metric}: l` : 'L'}ast ${formatValue(last)} at ${xReading(chart.axis, lastX)}${range}.`
}
