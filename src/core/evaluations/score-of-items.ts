import { corpusScore } from './corpus-metric.ts'
import { lossDocuments, lossRatio, lossUnit } from './loss-units.ts'
import { itemFactor } from './score-interval.ts'
import { scoredItems } from './scored-items.ts'
import { type SlimItem, sharedForm } from './slim-item.ts'
import { averageTrials } from './trials.ts'

/** The score that the items give, on the scale of `stated`; null when it cannot be told from them. */
export function scoreOfItems(
  given: readonly SlimItem[],
  stated: { metric: string; score: number; scale: 1 | 100 },
): number | null {
  const items = scoredItems(given, stated.metric)
  const form = sharedForm(items)
  if (form === 'loss') {
    const ratio = lossRatio(lossDocuments(items, stated.metric))
    return ratio && (lossUnit(stated.metric) === 'perplexity' ? Math.exp(ratio.value) : ratio.value)
  }
  const value =
    form === 'score'
      ? averageTrials(items, stated.metric).reduce((sum, item, _, all) => sum + item.score / all.length, 0)
      : form === null
        ? null
        : corpusScore(items)
  return value === null ? null : value * itemFactor(value, stated.score, stated.scale)
}

/** True when a stated score is the items' score, rounded to three decimals or finer (one decimal on a scale of 100). */
export const agrees = (stated: number, fromItems: number, scale: 1 | 100): boolean =>
  Math.abs(stated - fromItems) <= 0.0005001 * scale + 1e-6 * Math.abs(fromItems)
