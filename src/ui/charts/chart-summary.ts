import { formatExactCount } from '#src/core/format/count.ts'
import { formatValue } from '#src/core/format/number.ts'
import { xReading, xWord } from './axis-words.ts'
import { groupWords } from './group-words.ts'
import type { PreparedChart, PreparedLine } from './prepared-chart.ts'

/**
 * What a chart shows, in sentences: metric, runs, points, last, least and greatest value.
 *
 * @param runName what a run is called; absent: by its number
 */
export function chartSummary(title: string, chart: PreparedChart, runName: (run: number) => string = String): string {
  const kept = chart.lines.filter((line) => !line.isSuperseded && !line.isMember)
  const parts = [`${title} over ${xWord(chart)}, ${formatExactCount(chart.n)} points.`]
  for (const line of kept.slice(0, 4)) parts.push(lineSentence(chart, line, kept.length > 1, runName))
  if (kept.length > 4) parts.push(`And ${kept.length - 4} more lines.`)
  if (chart.nonFiniteN > 0) parts.push(`${chart.nonFiniteN} values are NaN or infinite.`)
  for (const { run, why } of chart.leftOut.slice(0, 4)) parts.push(`Run ${runName(run)} is not drawn: ${why}.`)
  if (chart.nSuperseded > 0) parts.push(`${formatExactCount(chart.nSuperseded)} points are superseded.`)
  return parts.join(' ')
}

function lineSentence(
  chart: PreparedChart,
  { data, metric, run, group }: PreparedLine,
  named: boolean,
  runName: (run: number) => string,
): string {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < data.y.length; i++) {
    const low = data.low?.[i] ?? data.y[i] ?? Number.NaN
    const high = data.high?.[i] ?? data.y[i] ?? Number.NaN
    if (Number.isFinite(low) && low < least) least = low
    if (Number.isFinite(high) && high > greatest) greatest = high
  }
  const name = group
    ? `${group.name}, ${metric}, ${groupWords(group.shape, [group.runs.length])}`
    : `Run ${runName(run)}, ${metric}`
  const isNamed = named || group !== null
  const last = data.y.at(-1)
  const lastX = data.x.at(-1)
  if (last === undefined || lastX === undefined) return `${isNamed ? `${name}: ` : ''}no points.`
  const range = least <= greatest ? `, least ${formatValue(least)}, greatest ${formatValue(greatest)}` : ''
  return `${isNamed ? `${name}: l` : 'L'}ast ${formatValue(last)} at ${xReading(chart, lastX)}${range}.`
}
