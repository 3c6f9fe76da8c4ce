/** Changes of different benchmarks in a unit that they share: rates in points, losses in nats or bits per byte. */
import type { BenchmarkKind } from '../evaluations/benchmarks.ts'
import { Z95 } from '../evaluations/distributions.ts'
import { lossUnit } from '../evaluations/loss-units.ts'
import type { ScoreScale } from './normalise.ts'
import type { Channel } from './states.ts'

export const COMMON_UNITS = ['points', 'nats', 'bits_per_byte'] as const
export type CommonUnit = (typeof COMMON_UNITS)[number]

/** How a benchmark counts. */
export interface Counting {
  kind: BenchmarkKind
  metric: string
  orientation: 1 | -1
  /** Scores are fractions (1) or percent (100); of a loss, always 1. */
  scale: 1 | 100
  /** In the benchmark's own scale, or as fractions; null: nobody said. */
  chance: number | null
  best: number | null
  /** The smallest change that matters, in the benchmark's own scale; null: the default of the unit. */
  margin: number | null
}

/** 1 point, 0.01 nats, 0.01 bits per byte. */
export const DEFAULT_MARGIN: Readonly<Record<CommonUnit, number>> = { points: 1, nats: 0.01, bits_per_byte: 0.01 }

/** The unit of a benchmark's changes; null for ratings and what nobody described: their changes share no unit with others. */
export function commonUnit({ kind, metric }: Pick<Counting, 'kind' | 'metric'>): CommonUnit | null {
  if (kind === 'accuracy' || kind === 'rate') return 'points'
  if (kind !== 'loss') return null
  return lossUnit(metric) === 'bits_per_byte' ? 'bits_per_byte' : 'nats'
}

export const channelOf = (unit: CommonUnit): Channel => (unit === 'points' ? 'points' : 'loss')

/** A change in a common unit, as utility: negative is worse. */
export interface UnitChange {
  delta: number
  se: number | null
  low: number | null
  high: number | null
}

/** A change as a benchmark counts, new − old, with its interval. */
export interface RawChange {
  /** Score of the reference. */
  before: number
  change: number
  se: number | null
  low: number | null
  high: number | null
}

/**
 * A change in points (100 per whole scale), nats or bits per byte, turned so that negative is worse. A perplexity becomes nats by
 * its logarithm, for differences of perplexities mean nothing; its standard error is then that of the interval.
 */
export function inCommonUnit(of: Counting, raw: RawChange): UnitChange | null {
  const unit = commonUnit(of)
  if (unit === null) return null
  if (unit !== 'points' && lossUnit(of.metric) === 'perplexity') return fromPerplexity(of.orientation, raw)
  return asUtility(of.orientation, unit === 'points' ? 100 / of.scale : 1, raw)
}

function fromPerplexity(orientation: 1 | -1, raw: RawChange): UnitChange | null {
  const nats = (by: number) => Math.log1p(by / raw.before)
  if (!(raw.before > 0) || !(raw.before + raw.change > 0)) return null
  const isBounded = raw.low !== null && raw.high !== null && raw.before + raw.low > 0
  const [low, high] = isBounded ? [nats(raw.low ?? 0), nats(raw.high ?? 0)] : [null, null]
  const se = low === null || high === null ? null : (high - low) / (2 * Z95)
  return asUtility(orientation, 1, { ...raw, change: nats(raw.change), se, low, high })
}

/** A score as utility in its common unit (a perplexity by its logarithm); one without a unit in its own scale. */
export function utilityInUnit(of: Counting, score: number): number {
  const unit = commonUnit(of)
  if (unit === 'nats' && lossUnit(of.metric) === 'perplexity') return of.orientation * Math.log(score)
  return of.orientation * score * (unit === 'points' ? 100 / of.scale : 1)
}

/** A change turned so that negative is worse, times a factor above 0. */
export function asUtility(orientation: 1 | -1, factor: number, { change, se, low, high }: RawChange): UnitChange {
  const to = (value: number) => orientation * factor * value || 0
  const ends = low === null || high === null ? null : [to(low), to(high)]
  return {
    delta: to(change),
    se: se === null ? null : factor * se,
    low: ends && Math.min(...ends),
    high: ends && Math.max(...ends),
  }
}

/**
 * What guessing gives and the best there can be, in the benchmark's own scale; null for a loss and for ratings. Where nobody said:
 * the best is the end of the scale, and of an unknown chance level `chanceKnown` is false and the other end stands for it.
 */
export function scaleOf(of: Counting): (ScoreScale & { chanceKnown: boolean }) | null {
  if (commonUnit(of) !== 'points') return null
  const [worst, end] = of.orientation === 1 ? [0, of.scale] : [of.scale, 0]
  // A percentage of 1 or less for chance and best alike is a fraction: nobody guesses one in a hundred and reaches one.
  const isFraction = of.scale === 100 && Math.abs(of.chance ?? 0) <= 1 && Math.abs(of.best ?? 1) <= 1
  const to = (value: number) => (isFraction ? 100 * value : value)
  const scale = { chance: of.chance === null ? worst : to(of.chance), best: of.best === null ? end : to(of.best) }
  return scale.chance === scale.best ? null : { ...scale, chanceKnown: of.chance !== null }
}

/** A change in points as a share of what lies between chance and best: normalised points, in which rates are averaged. */
export function normalisedPoints(of: Counting, change: UnitChange): { delta: number; se: number | null } {
  const scale = scaleOf(of)
  const factor = scale ? of.scale / Math.abs(scale.best - scale.chance) : 1
  return { delta: change.delta * factor, se: change.se === null ? null : change.se * factor }
}

/** A margin or tolerance of the benchmark's own scale in its common unit. A perplexity's is taken as a share: nats, to first order. */
export const toleranceInUnit = (
  of: Pick<Counting, 'kind' | 'metric' | 'scale'>,
  own: number,
  before: number,
): number =>
  commonUnit(of) === 'points'
    ? (own * 100) / of.scale
    : lossUnit(of.metric) === 'perplexity' && before > 0
      ? Math.log1p(own / before)
      : own
