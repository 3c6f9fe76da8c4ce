/** What a chart says of itself in words: what is left out, why nothing is drawn, and what a saved picture must tell. */
import { formatExactCount } from '#src/core/format/count.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import { xWord } from './axis-words.ts'
import { groupWords } from './group-words.ts'
import type { PreparedChart } from './prepared-chart.ts'

/** "3 values lie above or below what is shown." */
export const beyondWords = (n: number): string =>
  `${formatExactCount(n)} ${n === 1 ? 'value lies' : 'values lie'} above or below what is shown.`

/** What a saved picture must say itself: the axis, the smoothing, the scale, the grouping, and what is left out. */
export function pictureNotes(
  chart: PreparedChart,
  look: {
    smoothing: Smoothing | null
    isGrouped: boolean
    runName?: ((run: number) => string) | undefined
    /** What the page adds: filter, baseline. */
    notes?: readonly string[] | undefined
  },
): string[] {
  const { smoothing, isGrouped } = look
  const corner = cornerWords(chart, true, undefined)
  const groups = chart.lines.flatMap((line) => line.group ?? [])
  const parts = [
    `Over ${xWord(chart)}${chart.x.isLog ? ', log' : ''}${chart.isLog ? '; values on a log scale' : ''}.`,
    chart.lines.some((line) => line.data.smoothed) && smoothing
      ? `Smoothed: ${SMOOTHING_WORDS[smoothing.kind](smoothing.amount)}; the raw line is faint.`
      : '',
    isGrouped && groups[0] ? '' : corner === '' ? '' : `${corner}.`,
    isGrouped && groups[0] ? `Each line: ${corner}.` : '',
    chart.beyondY > 0 ? beyondWords(chart.beyondY) : '',
    chart.leftOut.length > 0 ? leftOutWords(chart.leftOut, look.runName) : '',
  ]
  return [...parts.filter((part) => part !== ''), ...(look.notes ?? [])]
}

const SMOOTHING_WORDS: Readonly<Record<Smoothing['kind'], (amount: number) => string>> = {
  ema: (amount) => `average weighed by distance, ${amount} a pixel`,
  mean: (amount) => `mean of ${amount} pixels`,
  gaussian: (amount) => `Gaussian of ${amount} pixels`,
}

/** Why there is nothing to see. */
export function emptyWords(chart: PreparedChart | null, isZoomed: boolean, none?: string): string {
  if (chart && chart.leftOut.length > 0) return 'Nothing to draw over this axis.'
  if (isZoomed) return 'No points in this range.'
  return none ?? 'No points yet. The first one appears by itself.'
}

/** "Runs #3, #5 have no place on this axis: no tokens were logged." The reasons of the first two, each once. */
export function leftOutWords(leftOut: PreparedChart['leftOut'], runName = byNumber, isNamed = true): string {
  const runs = leftOut.slice(0, NAMED_MAX).map(({ run }) => runName(run))
  const more = leftOut.length > NAMED_MAX ? ` and ${leftOut.length - NAMED_MAX} more` : ''
  const whys = [...new Set(leftOut.map(({ why }) => why))].slice(0, 2)
  const have = leftOut.length === 1 ? `Run ${runs[0]} has` : `Runs ${runs.join(', ')}${more} have`
  // Many small charts of the same runs need not name them again and again.
  if (!isNamed && leftOut.length > 1)
    return `${formatExactCount(leftOut.length)} runs have no place on this axis: ${whys[0]}.`
  return `${have} no place on this axis: ${whys.join('; ')}.`
}

const NAMED_MAX = 5

const byNumber = (run: number): string => `#${run}`

/** "400 of 5,000 points, 23 of 30 runs" where something is left out, superseded ones named, NaN counted. */
export function cornerWords(chart: PreparedChart, full: boolean, runsAsked: number | undefined): string {
  const kept = chart.lines.filter((line) => !line.isSuperseded && !line.isMember)
  const buckets = kept.reduce((n, line) => n + line.data.x.length, 0)
  const parts: string[] = []
  const groups = chart.lines.flatMap((line) => line.group ?? [])
  const [first] = groups
  if (first) {
    const count = new Set(groups.map((group) => group.name)).size
    const sizes = groups.map((group) => group.runs.length)
    parts.push(`${count > 1 ? `${count} groups, ` : ''}${groupWords(first.shape, sizes)}`)
  } else if (chart.isReduced)
    parts.push(
      full
        ? `${formatExactCount(buckets)} buckets of ${formatExactCount(chart.n)} points`
        : `${formatExactCount(buckets)} of ${formatExactCount(chart.n)}`,
    )
  else if (full || chart.n !== chart.nTotal)
    parts.push(`${formatExactCount(chart.n)} of ${formatExactCount(chart.nTotal)}${full ? ' points' : ''}`)
  const drawn = new Set(kept.flatMap((line) => line.group?.runs ?? [line.run])).size
  if (runsAsked !== undefined && drawn < runsAsked)
    parts.push(`${formatExactCount(drawn)} of ${formatExactCount(runsAsked)} runs`)
  if (full && chart.nSuperseded > 0) parts.push(`${formatExactCount(chart.nSuperseded)} superseded`)
  if (chart.nonFiniteN > 0) parts.push(`${formatExactCount(chart.nonFiniteN)} not finite`)
  return parts.join(', ')
}
