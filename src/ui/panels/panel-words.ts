/** What panels say: their titles, sentences, and what was left out. Pure. */
import { formatExactCount } from '#src/core/format/count.ts'
import type { Panel } from '#src/core/layouts/layout.ts'
import type { PanelContent } from '#src/core/panels/panel-content.ts'
import { AGGREGATE_WORDS, fieldName, fieldValue } from './field-format.ts'
import { countWords, measureWords } from './importance-list.tsx'
import type { PanelValues } from './panel-values.ts'
import type { Bar, Bars } from './prepare-bars.ts'
import type { HistogramModel } from './prepare-histogram.ts'
import type { Parallel } from './prepare-parallel.ts'
import type { Scatter } from './prepare-scatter.ts'

/** The name of a panel: its own, else what it shows. */
export function panelTitle(panel: Pick<Panel, 'title'> & PanelContent): string {
  if (panel.title) return panel.title
  switch (panel.kind) {
    case 'scatter':
      return `${fieldName(panel.y)} over ${fieldName(panel.x)}`
    case 'bar':
      return panel.by === undefined ? fieldName(panel.field) : `${fieldName(panel.field)} by ${fieldName(panel.by)}`
    case 'histogram':
      return `Distribution of ${fieldName(panel.field)}`
    case 'parallel':
      return panel.target === undefined ? 'Parallel coordinates' : `What goes along with ${fieldName(panel.target)}`
    case 'table':
      return 'Table'
    case 'text':
      return 'Text'
    case 'number':
      return `${fieldName(panel.field)}, ${AGGREGATE_WORDS[panel.aggregate]}`
  }
}

const runsWord = (n: number): string => (n === 1 ? '1 run' : `${formatExactCount(n)} runs`)

/** "28 of 30 runs": how many are drawn of those that match; what is missing is said behind it. */
export function countSentence(drawn: number, values: PanelValues, left: readonly string[]): string {
  const all = values.matching
  const head = drawn === all ? runsWord(all) : `${formatExactCount(drawn)} of ${runsWord(all)}`
  return [head, ...left].join(', ')
}

/** What of a drawing was left out, each part with its number. */
export function leftOutWords(of: { without: number; leftOutOfLog?: number }, what = 'without a value'): string[] {
  return [
    ...(of.without > 0 ? [`${formatExactCount(of.without)} ${what}`] : []),
    ...((of.leftOutOfLog ?? 0) > 0
      ? [`${formatExactCount(of.leftOutOfLog ?? 0)} at or below 0 off the log scale`]
      : []),
  ]
}

export const scatterSentence = (scatter: Scatter, values: PanelValues): string =>
  countSentence(scatter.dots.length, values, leftOutWords(scatter, 'without both values'))

/** "|ρ| ↓ 0.71 over 10 runs, by chance 0.33"; null of words. */
export const associationWords = ({ association }: Scatter): string | null =>
  association &&
  `${measureWords(association)} ${association.strength.toFixed(2)} over ${runsWord(association.n)}, by chance ${association.byChance.toFixed(2)}`

export const barsSentence = (bars: Bars, values: PanelValues): string =>
  countSentence(
    bars.bars.reduce((sum, bar) => sum + bar.n, 0),
    values,
    leftOutWords(bars),
  )

export function histogramSentence(histogram: HistogramModel, values: PanelValues): string {
  const left = leftOutWords(histogram)
  if (histogram.rowsLeftOut > 0) left.push(`${histogram.rowsLeftOut} smaller groups not drawn`)
  return countSentence(histogram.n, values, left)
}

export function parallelSentence(parallel: Parallel, values: PanelValues): string {
  const chosen =
    parallel.chosen === parallel.lines.length ? [] : [`${formatExactCount(parallel.chosen)} in the chosen ranges`]
  return countSentence(parallel.lines.length, values, chosen)
}

/** The reading of a bar: "cpt_replay 0.431, ▲ +0.120 better than base; mean of 3, SD 0.02". */
export function barReading(bar: Bar, bars: Bars): string {
  const parts = [`${bar.name} ${fieldValue(bars.field, bar.value)}`]
  if (bar.change && bars.baseline)
    parts.push(`${bar.change.text}${bar.change.word ? ` ${bar.change.word}` : ''} against ${bars.baseline.name}`)
  if (bar.run === null && bar.spread) {
    parts.push(runsWord(bar.n))
    if (bar.spread.sd !== null) parts.push(`SD ${fieldValue(bars.field, bar.spread.sd)}`)
    parts.push(`${fieldValue(bars.field, bar.spread.min)} to ${fieldValue(bars.field, bar.spread.max)}`)
  }
  return parts.join(', ')
}

/** The reading of a bin: "0.4 to 0.5: 12 runs, 40 %". */
export function binReading(histogram: HistogramModel, row: number, bin: number): string {
  const at = histogram.rows[row]
  const one = at?.bins[bin]
  if (!at || !one) return ''
  const share = at.n === 0 ? 0 : Math.round((100 * one.count) / at.n)
  const name = at.name === null ? '' : `${at.name}: `
  return `${name}${fieldValue(histogram.field, Number(one.from.toPrecision(6)))} to ${fieldValue(histogram.field, Number(one.to.toPrecision(6)))}: ${runsWord(one.count)}, ${share} %`
}

/** What a panel tells in sentences, for those who do not see it. */
export function importanceSentence(parallel: Parallel): string {
  const strongest = parallel.importance?.told[0]
  if (!strongest || !parallel.importance) return ''
  return `Most strongly associated with ${fieldName(parallel.importance.target)}: ${fieldName(strongest.field)}, ${measureWords(strongest)} ${strongest.strength.toFixed(2)}, ${countWords(strongest)}.`
}
