/**
 * The change of a benchmark between two checkpoints, with interval and p.
 *
 * Same items: d_i = new − old. Clusters → clustered SE, t with C−1, also for 0/1 items; 0/1 → McNemar exact, ± 1.96 SE; other
 * scores → paired t; losses → paired drift by document, t with D−1; labels → paired bootstrap, p at least 1/(B+1). Fewer than
 * 90 % shared items, or none: z of Δ/sqrt(se₁² + se₂²), labelled unpaired. Sign: new − old in the benchmark's own counting.
 */
import { bootstrap, percentile } from './bootstrap.ts'
import { t95, tTwoSided, Z95, zTwoSided } from './distributions.ts'
import { lossDocuments, lossDrift, lossRatio, lossUnit } from './loss-units.ts'
import { type Labelled, labelScore, labelScoreOfChoice } from './macro-f1.ts'
import { mcnemarExact } from './mcnemar.ts'
import { meanError } from './mean-error.ts'
import { itemFactor } from './score-interval.ts'
import { type SlimItem, sharedForm } from './slim-item.ts'
import { averageTrials } from './trials.ts'

export interface ChangeEstimate {
  change: number
  low: number | null
  high: number | null
  p: number | null
  /** Items (or documents) that both answered; null when unpaired. */
  pairedN: number | null
  method: string
}

/** One side of a comparison. */
export interface Measured {
  metric: string
  score: number
  scale: 1 | 100
  /** Standard error of the score; null: missing. */
  se: number | null
  items: readonly SlimItem[]
}

/** At least this share of the items must be shared for a paired comparison. */
export const SHARED_MIN = 0.9

/** The change from `before` to `after`, in the scale of `after`. Both must have been measured under one protocol. */
export function changeBetween(before: Measured, after: Measured): ChangeEstimate {
  const rescale = after.scale / before.scale
  const form = sharedForm(after.items)
  const paired =
    form !== null && form === sharedForm(before.items)
      ? form === 'score'
        ? pairedScores(before, after)
        : form === 'loss'
          ? pairedLosses(before, after)
          : pairedLabels(before, after)
      : null
  if (paired) return paired
  const change = after.score - before.score * rescale
  const pairedN = null
  if (after.se === null || before.se === null)
    return { change, low: null, high: null, p: null, pairedN, method: 'no interval: a standard error is missing' }
  const se = Math.hypot(after.se, before.se * rescale)
  return {
    change,
    low: change - Z95 * se,
    high: change + Z95 * se,
    p: se === 0 ? Number(change === 0) : zTwoSided(change / se),
    pairedN,
    method: 'unpaired z; conservative when the scores are positively correlated',
  }
}

const isShared = (both: number, before: number, after: number): boolean =>
  both >= 2 && both >= SHARED_MIN * Math.max(before, after)

/** p of a statistic whose standard error may be exactly 0. */
const pOfT = (change: number, se: number, df: number): number =>
  se === 0 ? Number(change === 0) : tTwoSided(change / se, df)

function pairedScores(before: Measured, after: Measured): ChangeEstimate | null {
  const old = averageTrials(before.items)
  const now = averageTrials(after.items)
  const known = new Map(old.map((item) => [item.id, item.score]))
  const both = now.filter((item) => known.has(item.id))
  if (!isShared(both.length, old.length, now.length)) return null
  const factor = itemFactor(
    now.reduce((sum, i) => sum + i.score / now.length, 0),
    after.score,
    after.scale,
  )
  const differences = both.map((item) => item.score - (known.get(item.id) ?? 0))
  const error = meanError(
    differences,
    both.map((item) => item.cluster),
  )
  const pairedN = both.length
  const change = error.mean * factor
  if (error.se === null)
    return { change, low: null, high: null, p: null, pairedN, method: 'no interval: a single cluster' }
  const se = error.se * factor
  const around = (width: number) => ({ change, low: change - width * se, high: change + width * se, pairedN })
  if (error.clusters !== null)
    return {
      ...around(t95(error.df)),
      p: pOfT(change, se, error.df),
      method: `paired, clustered t over ${error.clusters} clusters`,
    }
  const isBinary = both.every((item) => isBit(item.score) && isBit(known.get(item.id) ?? 0))
  if (!isBinary) return { ...around(t95(error.df)), p: pOfT(change, se, error.df), method: 'paired t' }
  const lost = differences.filter((d) => d < 0).length
  const gained = differences.filter((d) => d > 0).length
  return {
    ...around(Z95),
    p: mcnemarExact(lost, gained),
    method: `paired, McNemar exact: ${lost} lost, ${gained} gained`,
  }
}

const isBit = (score: number): boolean => score === 0 || score === 1

function pairedLosses(before: Measured, after: Measured): ChangeEstimate | null {
  const unit = lossUnit(after.metric)
  const old = lossDocuments(before.items, unit)
  const now = lossDocuments(after.items, unit)
  const drift = lossDrift(old, now)
  if (!drift || !isShared(drift.documents, old.length, now.length) || drift.se === null) return null
  const width = t95(drift.documents - 1) * drift.se
  const p = pOfT(drift.value, drift.se, drift.documents - 1)
  const method = `paired drift over ${drift.documents} documents, clustered t`
  const pairedN = drift.documents
  if (unit !== 'perplexity')
    return { change: drift.value, low: drift.value - width, high: drift.value + width, p, pairedN, method }
  // Differences of perplexities mean nothing; the drift in nats is carried over to the old perplexity.
  const base = Math.exp(lossRatio(old)?.value ?? 0)
  const carried = (nats: number) => base * (Math.exp(nats) - 1)
  return {
    change: carried(drift.value),
    low: carried(drift.value - width),
    high: carried(drift.value + width),
    p,
    pairedN,
    method: `${method}, in nats`,
  }
}

function pairedLabels(before: Measured, after: Measured): ChangeEstimate | null {
  const score = labelScore(after.metric)
  const key = (item: SlimItem) => `${item.trial ?? 0} ${item.id}`
  const known = new Map(before.items.map((item) => [key(item), item]))
  const both = after.items.flatMap((now) => {
    const old = known.get(key(now))
    return old ? [{ old: labelled(old), now: labelled(now) }] : []
  })
  if (!isShared(both.length, before.items.length, after.items.length)) return null
  const [old, now] = [both.map((pair) => pair.old), both.map((pair) => pair.now)]
  const [scoreOfOld, scoreOfNow] = [old, now].map((side) => labelScoreOfChoice(after.metric, side)) as [Choice, Choice]
  const factor = itemFactor(score(now) ?? 0, after.score, after.scale)
  const values = bootstrap(both.length, (indices) => scoreOfNow(indices) - scoreOfOld(indices))
  const below = values.filter((v) => v <= 0).length / values.length
  const above = values.filter((v) => v >= 0).length / values.length
  return {
    change: ((score(now) ?? 0) - (score(old) ?? 0)) * factor,
    low: percentile(values, 0.025) * factor,
    high: percentile(values, 0.975) * factor,
    p: Math.min(1, Math.max(2 * Math.min(below, above), 1 / (values.length + 1))),
    pairedN: both.length,
    method: `paired bootstrap, ${values.length.toLocaleString('en')} resamples`,
  }
}

type Choice = ReturnType<typeof labelScoreOfChoice>

const labelled = (item: SlimItem): Labelled => ({ pred: item.pred ?? '', gold: item.gold ?? '' })
