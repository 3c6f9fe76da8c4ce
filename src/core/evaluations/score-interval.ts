/**
 * The 95 % interval of one score. From items: 0/1 without clusters Wilson if n < 100 or the share lies within 5 points of 0 or
 * 1, else ± 1.96 SE; other scores t with n−1; clusters t with C−1; losses by document, t with D−1; macro-F1 and BLEU a seeded
 * bootstrap; win rates (1 won, 0.5 tied, 0 lost) Wilson, or t over prompts that several raters judged.
 * Without items: the reported standard error, else the binomial one where the benchmark counts right answers.
 */
import type { BenchmarkKind } from './benchmarks.ts'
import { bootstrap, percentile, resamplesFor, spread } from './bootstrap.ts'
import { corpusScore, scoreOfUnits, unitsOf } from './corpus-metric.ts'
import { t95, Z95 } from './distributions.ts'
import { isPerByte, lossDocuments, lossRatio, lossUnit } from './loss-units.ts'
import { meanError } from './mean-error.ts'
import { scoredItems } from './scored-items.ts'
import { needsWilson, shareInterval } from './share-interval.ts'
import { type SlimItem, sharedForm } from './slim-item.ts'
import { averageTrials } from './trials.ts'
import { wilson } from './wilson.ts'

export interface ScoreInterval {
  low: number | null
  high: number | null
  /** Null: missing, never zero. */
  se: number | null
  /** Why there is none, or why it should be doubted; null when nothing needs saying. */
  note: string | null
  method: string
}

export interface ScoredBy {
  metric: string
  kind: BenchmarkKind
  score: number
  scale: 1 | 100
  stderr: number | null
  /** Null: missing. */
  n: number | null
  nClusters: number | null
}

/** Below this many clusters an interval is flagged. */
export const FEW_CLUSTERS = 20

/**
 * @param given items of the evaluation, empty when it came without
 * @param resamples of a bootstrap; as many as a page may wait for when absent
 */
export function scoreInterval(of: ScoredBy, given: readonly SlimItem[], resamples?: number): ScoreInterval {
  const items = scoredItems(given, of.metric)
  const form = sharedForm(items)
  if (form === 'score') return ofScores(of, items)
  if (form === 'loss') return ofLosses(of, items)
  return form === null ? withoutItems(of) : ofCorpus(of, items, resamples)
}

const none = (note: string): ScoreInterval => ({ low: null, high: null, se: null, note, method: 'none' })

const around = (value: number, se: number, width: number, method: string, note: string | null): ScoreInterval => ({
  low: value - width * se,
  high: value + width * se,
  se,
  note,
  method,
})

/** 100 when item scores are fractions of a score that is given in points; so they are taken to be when all are 0. */
export const itemFactor = (mean: number, score: number, scale: 1 | 100): 1 | 100 =>
  scale === 100 && Math.abs(100 * mean - score) <= Math.abs(mean - score) ? 100 : 1

function ofScores(of: ScoredBy, items: readonly SlimItem[]): ScoreInterval {
  const averaged = averageTrials(items, of.metric)
  const scores = averaged.map((item) => item.score)
  const error = meanError(
    scores,
    averaged.map((item) => item.cluster),
  )
  const factor = itemFactor(error.mean, of.score, of.scale)
  const at = error.mean * factor
  if (error.se === null)
    return none(error.clusters === null ? 'one item has no standard error' : 'a single cluster has no standard error')
  const se = error.se * factor
  if (error.clusters !== null) {
    const few = error.clusters < FEW_CLUSTERS ? `only ${error.clusters} clusters: the interval is unreliable` : null
    return around(at, se, t95(error.df), `clustered t, ${error.clusters} clusters`, few)
  }
  const isWins = /win/i.test(of.metric) && scores.every((s) => s === 0 || s === 0.5 || s === 1)
  if (!isWins && !scores.every((s) => s === 0 || s === 1)) return around(at, se, t95(error.df), 't', null)
  if (!isWins && !needsWilson(error.mean, error.n)) return around(at, se, Z95, 'normal', null)
  const { low, high } = wilson(error.mean, error.n)
  return { low: low * factor, high: high * factor, se, note: null, method: 'Wilson' }
}

function ofLosses(of: ScoredBy, items: readonly SlimItem[]): ScoreInterval {
  const unit = lossUnit(of.metric)
  const ratio = lossRatio(lossDocuments(items, of.metric))
  if (!ratio) return none(isPerByte(of.metric) ? 'the items have no bytes' : 'the items have no tokens')
  if (ratio.se === null) return none('one document has no standard error')
  const few = ratio.documents < FEW_CLUSTERS ? `only ${ratio.documents} documents: the interval is unreliable` : null
  const width = t95(ratio.documents - 1)
  const method = `clustered t, ${ratio.documents} documents`
  if (unit !== 'perplexity') return around(ratio.value, ratio.se, width, method, few)
  const low = Math.exp(ratio.value - width * ratio.se)
  const high = Math.exp(ratio.value + width * ratio.se)
  return { low, high, se: Math.exp(ratio.value) * ratio.se, note: few, method: `${method}, in nats` }
}

function ofCorpus(of: ScoredBy, items: readonly SlimItem[], resamples = resamplesFor(items.length)): ScoreInterval {
  const units = unitsOf(items)
  if (units.length < 2) return none(`a single ${items[0]?.cluster ? 'cluster' : 'item'} has no standard error`)
  const factor = itemFactor(corpusScore(items) ?? 0, of.score, of.scale)
  const values = bootstrap(units.length, scoreOfUnits(items, units), resamples)
  return {
    low: percentile(values, 0.025) * factor,
    high: percentile(values, 0.975) * factor,
    se: spread(values) * factor,
    note: null,
    method: `bootstrap, ${values.length.toLocaleString('en')} resamples`,
  }
}

function withoutItems(of: ScoredBy): ScoreInterval {
  if (of.stderr !== null) return around(of.score, of.stderr, Z95, 'reported standard error', null)
  const share = of.score / of.scale
  const counts = (of.kind === 'accuracy' || of.kind === 'rate') && !/f1|bleu|rouge|chrf|mcc|pass@/i.test(of.metric)
  if (!counts || of.n === null || of.nClusters !== null || share < 0 || share > 1)
    return none('no items and no standard error were given')
  const { se, low, high, method } = shareInterval(share, of.n)
  return {
    low: low * of.scale,
    high: high * of.scale,
    se: se * of.scale,
    note: null,
    method: `${method === 'wilson' ? 'Wilson' : 'normal'}, from n alone`,
  }
}
