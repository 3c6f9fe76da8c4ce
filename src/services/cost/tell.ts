/** Reckoned costs as every door shows them. */
import { dayOf } from '#src/core/cost/days.ts'
import type { LedgerItem } from '#src/core/cost/ledger.ts'
import type { PriceRecord } from '#src/core/cost/price-book.ts'
import type { Segment } from '#src/core/cost/segments.ts'
import { type Lack, runsLacking, sumTallies, type Tally } from '#src/core/cost/tally.ts'
import { type Samples, type SegmentKind, usedHours } from '#src/core/cost/work.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { CostHours, CostPiece, CostSegment, CostTotal } from '#src/protocol/cost-parts.ts'
import type { PriceUse } from '#src/protocol/prices.ts'
import { viewPrice } from './book.ts'
import { deviceOf, type Gathered } from './gather.ts'

/** A tally with its runs by name. */
export const viewTotal = (g: Gathered, tally: Tally): CostTotal => ({
  amounts: tally.amounts.map((amount) => ({ ...amount })),
  lacks: tally.lacks.toSorted(byRun).map(({ why, runId, what, on }) => {
    const run = runId === null ? undefined : g.runs.get(runId)
    return { why, run: run ? { project: run.project, number: run.number } : null, what, on }
  }),
  runs_lacking: runsLacking(tally),
  assumed: tally.assumed,
})

const byRun = (a: Lack, b: Lack): number => (a.runId ?? 0) - (b.runId ?? 0) || (a.what < b.what ? -1 : 1)

/** The sum of items. */
export const totalOf = (g: Gathered, items: readonly LedgerItem[]): CostTotal =>
  viewTotal(g, sumTallies(items.map(({ cost }) => cost)))

/** Items by kind: money, hours, runs and attempts of each. */
export function segmentsOfItems(
  g: Gathered,
  items: readonly LedgerItem[],
  kindOf: (item: LedgerItem) => SegmentKind,
): CostSegment[] {
  return [...groupBy(items, kindOf)].map(([kind, mine]) => ({
    kind,
    total: totalOf(g, mine),
    hours: hoursOf(g, mine),
    runs: [...new Set(mine.flatMap(({ runId }) => (runId === null ? [] : (g.runs.get(runId)?.number ?? []))))].sort(
      (a, b) => a - b,
    ),
    attempts: new Set(
      mine.flatMap(({ segment }) => (segment ? `${segment.allocation.runId} ${segment.allocation.attempt}` : [])),
    ).size,
  }))
}

/** Device-hours of items by device: allocated, and used as far as utilisation was sampled while it was held. */
export function hoursOf(g: Gathered, items: readonly LedgerItem[]): CostHours[] {
  const segments = items.flatMap(({ segment }) => segment ?? [])
  return [...groupBy(segments, (s) => `${s.allocation.deviceKind} ${deviceOf(s.allocation)}`).values()].map((mine) => {
    const { allocation } = mine[0] as Segment
    const found = mine.map((segment) => ({ hours: segment.deviceHours, use: useOf(g, segment) }))
    const allocated = found.reduce((sum, { hours }) => sum + hours, 0)
    const sampled = found.flatMap(({ hours, use }) => (use ? [{ hours, ...use }] : []))
    const sampledHours = sampled.reduce((sum, { hours }) => sum + hours, 0)
    const used = sampled.reduce((sum, s) => sum + s.used, 0)
    return {
      device_kind: allocation.deviceKind,
      device: deviceOf(allocation),
      allocated,
      used: sampledHours > 0 ? (allocated * used) / sampledHours : null,
      coverage: sampledHours > 0 ? sampled.reduce((sum, s) => sum + s.coverage * s.hours, 0) / allocated : null,
    }
  })
}

/** Segments are asked for again and again: by kind, by device, by leaf. */
const uses = new WeakMap<Segment, ReturnType<typeof usedHours>>()

function useOf(g: Gathered, segment: Segment): ReturnType<typeof usedHours> {
  const known = uses.get(segment)
  if (known !== undefined) return known
  const { allocation, startMs, endMs, deviceHours } = segment
  const telemetry = g.telemetry.get(allocation.runId)
  const found =
    telemetry?.periodMs && deviceHours > 0
      ? usedHours(
          deviceHours,
          endMs - startMs,
          telemetry.util.map((samples) => within(samples, startMs, endMs)),
          telemetry.periodMs,
        )
      : null
  uses.set(segment, found)
  return found
}

/** The samples of a span of time, both ends included; times ascend. */
export function within({ timesMs, values }: Samples, fromMs: number, toMs: number): Samples {
  const first = firstWhere(timesMs, (time) => time >= fromMs)
  const end = firstWhere(timesMs, (time) => time > toMs)
  return { timesMs: timesMs.slice(first, end), values: values.slice(first, end) }
}

/** The first index of ascending times from which on `holds`; their number when it never does. */
function firstWhere(times: readonly number[], holds: (time: number) => boolean): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(times[middle] as number)) high = middle
    else low = middle + 1
  }
  return low
}

/** Held hardware as rows, ascending by time: Σ hours × price is the money of compute. */
export function piecesOfItems(
  g: Gathered,
  items: readonly LedgerItem[],
  kindOf: (item: LedgerItem) => SegmentKind,
): CostPiece[] {
  return items
    .flatMap((item) => (item.segment ? [{ kind: kindOf(item), segment: item.segment }] : []))
    .sort((a, b) => a.segment.startMs - b.segment.startMs)
    .map(({ kind, segment }) => viewPiece(g, kind, segment))
}

function viewPiece(g: Gathered, kind: SegmentKind, segment: Segment): CostPiece {
  const { allocation, price, cost, startMs, endMs } = segment
  const run = g.runs.get(allocation.runId)
  return {
    experiment: g.stages.get(run?.experiment_id ?? 0)?.number ?? 0,
    project: run?.project ?? '',
    run: allocation.runNumber,
    attempt: allocation.attempt,
    kind,
    device: deviceOf(allocation),
    count: allocation.count,
    from: new Date(startMs).toISOString(),
    to: new Date(endMs).toISOString(),
    device_hours: segment.deviceHours,
    per_hour: price.kind === 'known' ? price.perHour : null,
    currency: price.kind === 'known' ? price.currency : null,
    amount: price.kind === 'known' ? (cost.amounts[0]?.amount ?? null) : null,
  }
}

/** The prices that items were reckoned with: how many device-hours each, and the first day on which it was used. */
export function sourcesOf(items: readonly LedgerItem[]): PriceUse[] {
  const uses = new Map<PriceRecord, { hours: number; perHour: string; firstMs: number }>()
  for (const { segment } of items) {
    if (segment?.price.kind !== 'known') continue
    const { record, perHour } = segment.price
    const known = uses.get(record)
    uses.set(record, {
      perHour,
      hours: (known?.hours ?? 0) + segment.deviceHours,
      firstMs: Math.min(known?.firstMs ?? Number.POSITIVE_INFINITY, segment.startMs),
    })
  }
  return [...uses]
    .sort(([, a], [, b]) => b.hours - a.hours)
    .map(([record, { hours, perHour, firstMs }]) => ({
      ...viewPrice(record),
      device_hours: hours,
      per_hour: perHour,
      on: dayOf(firstMs),
    }))
}

/** What no total holds, in words that end "without …". */
export function exclusionsOf(g: Gathered): string[] {
  const unrecorded = (kinds: readonly string[], words: string) =>
    kinds.some((kind) => g.entryKinds.has(kind)) ? [] : [`${words} (none recorded)`]
  const hasOutside = [...g.stages.values()].some((s) => s.rootKind === 'external_base' || s.rootKind === 'api_model')
  return [
    ...(g.ask.people ? unrecorded(['people'], 'time of people') : ['time of people']),
    ...unrecorded(['storage'], 'storage'),
    ...unrecorded(['egress'], 'network traffic'),
    ...unrecorded(['labels'], 'labels'),
    ...unrecorded(['api_tokens'], 'calls of other models'),
    ...(hasOutside ? ['what external bases took before (embodied)'] : []),
    ...([...g.runs.values()].some((run) => run.is_deleted) ? ['runs that were deleted'] : []),
  ]
}
