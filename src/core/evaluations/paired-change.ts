/**
 * The change of a benchmark between two checkpoints, with interval and p.
 *
 * Same items: d_i = new − old. Clusters → clustered SE, t with C−1, also for 0/1 items (McNemar over 40 passages of 10 items errs in 11 %
 * at a level of 5 %); 0/1 → McNemar exact, ± 1.96 SE; other scores → paired t; losses → paired drift by document, t with D−1;
 * macro-F1 and BLEU → paired bootstrap, p = 2·min(share ≤ 0, share ≥ 0), at least 1/(B+1). Fewer than 90 % shared items, or none:
 * z of Δ/sqrt(se₁² + se₂²), labelled unpaired. Sign: new − old in the benchmark's own counting. p is not adjusted.
 */

import { groupBy } from '../lineage/group-by.ts'
import { bootstrap, percentile, resamplesFor, spread } from './bootstrap.ts'
import { corpusScore, scoreOfUnits, unitsOf } from './corpus-metric.ts'
import { t95, tTwoSided, Z95, zTwoSided } from './distributions.ts'
import { verdict } from './flips.ts'
import { lossDocuments, lossDrift, lossRatio, lossUnit } from './loss-units.ts'
import { binaryChange } from './paired-binary.ts'
import { pairedItems } from './paired-items.ts'
import { minimumDetectable } from './power.ts'
import { itemFactor } from './score-interval.ts'
import { scoredItems } from './scored-items.ts'
import { type SlimItem, sharedForm } from './slim-item.ts'
import { averageTrials } from './trials.ts'

export interface ChangeEstimate {
  /** On the scale of the new, as are `se`, `low`, `high` and `detectable`. */
  change: number
  /** Null: missing, never zero. */
  se: number | null
  low: number | null
  high: number | null
  p: number | null
  /** Items (or documents) that both answered; null when unpaired. */
  pairedN: number | null
  /** Shared items whose score fell, rose and stayed; null when unpaired, and where items have no score of their own. */
  moved: Moved | null
  /** The smallest difference that such a comparison finds in four of five cases; null without a standard error. */
  detectable: number | null
  method: string
}

export interface Moved {
  lost: number
  gained: number
  same: number
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

/**
 * The change from `before` to `after`, in the scale of `after`. Both must have been measured under one protocol.
 *
 * @param resamples of a bootstrap; as many as a page may wait for when absent
 */
export function changeBetween(before: Measured, after: Measured, resamples?: number): ChangeEstimate {
  const old = scoredItems(before.items, before.metric)
  const now = scoredItems(after.items, after.metric)
  const form = sharedForm(now)
  if (form === null || form !== sharedForm(old)) return unpaired(before, after, 'no items')
  const paired =
    form === 'score'
      ? pairedScores(old, now, after)
      : form === 'loss'
        ? pairedLosses(old, now, after)
        : pairedCorpora(old, now, after, resamples)
  return typeof paired === 'string' ? unpaired(before, after, paired) : paired
}

/** @param why there is no pair, in words */
function unpaired(before: Measured, after: Measured, why: string): ChangeEstimate {
  const rescale = after.scale / before.scale
  const change = after.score - before.score * rescale
  if (after.se === null || before.se === null) {
    const method = `no interval: ${why}, and a standard error is missing`
    return { change, pairedN: null, moved: null, ...NO_ERROR, method }
  }
  // Not Math.hypot, which takes three times as long and guards against squares that no score has.
  const se = Math.sqrt(after.se ** 2 + (before.se * rescale) ** 2)
  const { low, high } = within(change, se, Z95)
  // Named one by one: spread out of two objects it takes 6 µs instead of 0.1, and a matrix tells thousands.
  return {
    change,
    se,
    low,
    high,
    p: se === 0 ? Number(change === 0) : zTwoSided(change / se),
    pairedN: null,
    moved: null,
    detectable: minimumDetectable(se),
    method: `unpaired z (${why}); conservative when the scores are positively correlated`,
  }
}

const NO_ERROR = { se: null, low: null, high: null, p: null, detectable: null }

const within = (change: number, se: number, width: number) => ({
  se,
  low: change - width * se,
  high: change + width * se,
})

/** Why so few shared items are no pair; null when they are. */
function tooFew(shared: number, before: number, after: number): string | null {
  if (shared >= 2 && shared >= SHARED_MIN * Math.max(before, after)) return null
  return `only ${shared} shared items of ${before} and ${after}`
}

/** Says that not every item is shared, with the number of both sides. */
const ofBoth = (shared: number, before: number, after: number): string =>
  shared === before && shared === after ? '' : `; ${shared} shared items of ${before} and ${after}`

/** p of a statistic whose standard error may be exactly 0. */
const pOfT = (change: number, se: number, df: number): number =>
  se === 0 ? Number(change === 0) : tTwoSided(change / se, df)

function pairedScores(before: readonly SlimItem[], after: readonly SlimItem[], of: Measured): ChangeEstimate | string {
  const old = averageTrials(before, of.metric)
  const now = averageTrials(after, of.metric)
  const known = new Map(old.map((item) => [item.id, item.score]))
  const both = now.filter((item) => known.has(item.id))
  const few = tooFew(both.length, old.length, now.length)
  if (few) return few
  const factor = itemFactor(
    now.reduce((sum, i) => sum + i.score / now.length, 0),
    of.score,
    of.scale,
  )
  const scores = both.map((item) => item.score)
  const oldScores = both.map((item) => known.get(item.id) ?? 0)
  const { lost, gained, same, ...error } = pairedItems(
    oldScores,
    scores,
    both.map((item) => item.cluster),
  )
  const rest = ofBoth(both.length, old.length, now.length)
  const change = error.mean * factor
  const paired = { change, pairedN: both.length, moved: { lost, gained, same } }
  if (error.se === null) return { ...paired, ...NO_ERROR, method: `no interval: a single cluster${rest}` }
  const se = error.se * factor
  const byT = {
    ...paired,
    ...within(change, se, t95(error.df)),
    p: pOfT(change, se, error.df),
    detectable: minimumDetectable(se),
  }
  if (error.clusters !== null) return { ...byT, method: `paired, clustered t over ${error.clusters} clusters${rest}` }
  if (![...scores, ...oldScores].every((score) => score === 0 || score === 1))
    return { ...byT, method: `paired t${rest}` }
  const { p, detectable } = binaryChange(both.length, lost, gained)
  return {
    ...paired,
    ...within(change, se, Z95),
    p,
    detectable: detectable * factor,
    method: `paired, McNemar exact: ${lost} lost, ${gained} gained${rest}`,
  }
}

function pairedLosses(before: readonly SlimItem[], after: readonly SlimItem[], of: Measured): ChangeEstimate | string {
  const unit = lossUnit(of.metric)
  const old = lossDocuments(before, of.metric)
  const now = lossDocuments(after, of.metric)
  const drift = lossDrift(old, now)
  const few = tooFew(drift?.documents ?? 0, old.length, now.length)
  if (few || !drift || drift.se === null) return few ?? 'one document'
  const df = drift.documents - 1
  const paired = {
    pairedN: drift.documents,
    moved: null,
    p: pOfT(drift.value, drift.se, df),
  }
  const method = `paired drift over ${drift.documents} documents, clustered t${ofBoth(drift.documents, old.length, now.length)}`
  const error = within(drift.value, drift.se, t95(df))
  if (unit !== 'perplexity')
    return { ...paired, change: drift.value, ...error, detectable: minimumDetectable(drift.se), method }
  // Differences of perplexities mean nothing; the drift in nats is carried over to the old perplexity.
  const base = Math.exp(lossRatio(old)?.value ?? 0)
  const carried = (nats: number) => base * (Math.exp(nats) - 1)
  const se = base * Math.exp(drift.value) * drift.se
  return {
    ...paired,
    change: carried(drift.value),
    se,
    low: carried(error.low),
    high: carried(error.high),
    detectable: minimumDetectable(se),
    method: `${method}, in nats`,
  }
}

function pairedCorpora(
  before: readonly SlimItem[],
  after: readonly SlimItem[],
  of: Measured,
  resamples?: number,
): ChangeEstimate | string {
  const ids = (items: readonly SlimItem[]) => new Set(items.map((item) => item.id))
  const [idsBefore, idsAfter] = [ids(before), ids(after)]
  const now = after.filter((item) => idsBefore.has(item.id))
  const clusters = new Map(now.map((item) => [item.id, item.cluster]))
  const few = tooFew(clusters.size, idsBefore.size, idsAfter.size)
  if (few) return few
  // In the order of the new, and with its clusters, which the old may have been measured without.
  const byId = groupBy(before, (item) => item.id)
  const old = [...clusters].flatMap(([id, cluster]) => (byId.get(id) ?? []).map((item) => ({ ...item, cluster })))
  const units = unitsOf(now)
  const factor = itemFactor(corpusScore(now) ?? 0, of.score, of.scale)
  const paired = {
    change: ((corpusScore(now) ?? 0) - (corpusScore(old) ?? 0)) * factor,
    pairedN: clusters.size,
    moved: movedVerdicts(old, now),
  }
  const rest = ofBoth(clusters.size, idsBefore.size, idsAfter.size)
  if (units.length < 2) return { ...paired, ...NO_ERROR, method: `no interval: a single cluster${rest}` }
  const [scoreOfOld, scoreOfNow] = [scoreOfUnits(old, units), scoreOfUnits(now, units)]
  const values = bootstrap(
    units.length,
    (chosen) => scoreOfNow(chosen) - scoreOfOld(chosen),
    resamples ?? resamplesFor(now.length),
  )
  const below = values.filter((v) => v <= 0).length / values.length
  const above = values.filter((v) => v >= 0).length / values.length
  const se = spread(values) * factor
  return {
    ...paired,
    se,
    low: percentile(values, 0.025) * factor,
    high: percentile(values, 0.975) * factor,
    p: Math.min(1, Math.max(2 * Math.min(below, above), 1 / (values.length + 1))),
    detectable: minimumDetectable(se),
    method: `paired bootstrap, ${values.length.toLocaleString('en')} resamples${rest}`,
  }
}

/** How verdicts of labels moved; null for what has no verdict, and for several trials. */
function movedVerdicts(old: readonly SlimItem[], now: readonly SlimItem[]): Moved | null {
  if (old.length !== now.length) return null
  const moved = { lost: 0, gained: 0, same: 0 }
  for (const [i, item] of now.entries()) {
    const before = old[i]
    const [was, is] = [before?.id === item.id ? verdict(before) : null, verdict(item)]
    if (was === null || is === null) return null
    moved[was === is ? 'same' : was ? 'lost' : 'gained']++
  }
  return moved
}
