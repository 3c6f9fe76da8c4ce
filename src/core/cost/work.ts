/**
 * What held hardware was for. Each moment of an allocation has one kind: preparation goes before work that was rolled back, that before
 * idle time.
 *
 *   preparation  held before the training process reported itself
 *   rolled back  work since the checkpoint that a later attempt resumed from
 *   idle         utilisation below 5 % for more than 10 minutes
 *
 * The limits are conventions of this product.
 */
import { clipSegment, type Segment } from './segments.ts'

export const SEGMENT_KINDS = [
  'work',
  'preparation',
  'idle',
  'rolled_back',
  'duplicate',
  'evaluation',
  'failed',
  'other_run',
  'later_steps',
  'api_tokens',
  'labels',
  'storage',
  'egress',
  'people',
  'other',
] as const
export type SegmentKind = (typeof SEGMENT_KINDS)[number]

/** A stretch of time in ms; its ends may be ±Infinity. */
export interface Stretch {
  fromMs: number
  toMs: number
  /** Of this attempt alone; absent: of all. */
  attempt?: number
}

/** A try of a run, as rolled-back work needs it. */
export interface TriedAttempt {
  number: number
  /** The step at which it began. */
  firstStep: number
  /** When the checkpoint that it resumed from was saved; null: it began without one. */
  fromSavedMs: number | null
}

export const IDLE_BELOW_PCT = 5
export const IDLE_OVER_MS = 600_000

/**
 * Stretches of work that a later attempt did again: what earlier attempts did after the checkpoint was saved that it resumed from, or
 * all that they did where it began anew. The last attempt has none.
 */
export function rolledBack(attempts: readonly TriedAttempt[]): Stretch[] {
  const sorted = attempts.toSorted((a, b) => a.number - b.number)
  return sorted.flatMap(({ number }, i) => {
    const keptUntil = Math.min(...sorted.slice(i + 1).map(keptBy))
    return keptUntil < Number.POSITIVE_INFINITY ? [{ attempt: number, fromMs: keptUntil, toMs: Infinity }] : []
  })
}

/** Up to when an attempt keeps what was before it; +Infinity: all, since nothing says that it went back. */
const keptBy = ({ firstStep, fromSavedMs }: TriedAttempt): number =>
  fromSavedMs ?? (firstStep === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)

/** Samples of one device's utilisation in percent, ascending by time (ms). */
export interface Samples {
  timesMs: readonly number[]
  values: readonly number[]
}

/**
 * Stretches of more than 10 minutes in which every sample lies below 5 %. A gap of more than 3 nominal periods ends a stretch: what was
 * not sampled is not known to be idle.
 */
export function idleStretches({ timesMs, values }: Samples, periodMs: number): Stretch[] {
  const found: Stretch[] = []
  let from: number | null = null
  let last = 0
  const close = () => {
    if (from !== null && last - from > IDLE_OVER_MS) found.push({ fromMs: from, toMs: last })
    from = null
  }
  timesMs.forEach((time, i) => {
    const isIdle = (values[i] as number) < IDLE_BELOW_PCT
    if (from !== null && time - last > 3 * periodMs) close()
    if (!isIdle) close()
    else from ??= time
    last = time
  })
  close()
  return found
}

/** Stretches in all of the lists: a run is idle while all of its devices are. None of no list. */
export function inAll(lists: readonly (readonly Stretch[])[]): Stretch[] {
  const [first, ...rest] = lists
  if (!first) return []
  return rest.reduce<Stretch[]>(
    (common, list) =>
      common.flatMap((a) =>
        list.flatMap((b) => {
          const [fromMs, toMs] = [Math.max(a.fromMs, b.fromMs), Math.min(a.toMs, b.toMs)]
          return fromMs < toMs ? [{ fromMs, toMs }] : []
        }),
      ),
    [...first],
  )
}

/** A piece of held hardware with what it was for. */
export interface Piece {
  kind: SegmentKind
  segment: Segment
}

/**
 * Segments cut by stretches: the first list that holds a moment says its kind, else `rest`. The pieces cover the segments exactly.
 *
 * @param marks by precedence
 */
export function piecesOf(
  segments: readonly Segment[],
  marks: readonly { kind: SegmentKind; stretches: readonly Stretch[] }[],
  rest: SegmentKind,
): Piece[] {
  return segments.flatMap((segment) => {
    const { attempt } = segment.allocation
    const own = marks.map(({ kind, stretches }) => ({
      kind,
      stretches: stretches.filter((s) => s.attempt === undefined || s.attempt === attempt),
    }))
    const edges = own
      .flatMap(({ stretches }) => stretches.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))
      .filter((ms) => ms > segment.startMs && ms < segment.endMs)
    const cuts = [segment.startMs, ...[...new Set(edges)].sort((a, b) => a - b), segment.endMs]
    return cuts.slice(1).flatMap((to, i) => {
      const from = cuts[i] as number
      const part = clipSegment(segment, from, to)
      const mark = own.find(({ stretches }) => stretches.some((s) => s.fromMs <= from && to <= s.toMs))
      return part ? [{ kind: mark?.kind ?? rest, segment: part }] : []
    })
  })
}

/**
 * Used device-hours of held ones: allocated × mean utilisation of the samples, with the share of the time that was sampled. Null without
 * samples.
 */
export function usedHours(
  allocated: number,
  heldMs: number,
  samples: readonly Samples[],
  periodMs: number,
): { used: number; coverage: number } | null {
  let [weighted, covered] = [0, 0]
  for (const { timesMs, values } of samples)
    for (let i = 0; i + 1 < timesMs.length; i++) {
      const ms = (timesMs[i + 1] as number) - (timesMs[i] as number)
      if (ms > 3 * periodMs) continue
      weighted += (ms * ((values[i] as number) + (values[i + 1] as number))) / 200
      covered += ms
    }
  if (covered === 0 || heldMs <= 0) return null
  return { used: (allocated * weighted) / covered, coverage: Math.min(1, covered / (heldMs * samples.length)) }
}
