/**
 * Hardware of a run over time: what held devices were for at a moment, and how near the training came to their peak.
 *
 *   MFU = tokens/s · FLOPs per token ÷ (chips · dense peak)      source: see `utilisation.ts`
 */
import { nominalPeriod } from './energy.ts'
import type { LedgerItem } from './ledger.ts'
import { clipSegment } from './segments.ts'

/** A line over time; null where nothing was sampled. Times in epoch ms, ascending. */
export interface TimeLine {
  timesMs: readonly number[]
  values: readonly (number | null)[]
}

/** The parts of items between two times (epoch ms); an entry, which has no time, is in none. */
export const itemsWithin = (items: readonly LedgerItem[], fromMs: number, toMs: number): LedgerItem[] =>
  items.flatMap((item) => {
    const part = item.segment && clipSegment(item.segment, fromMs, toMs)
    return part ? [{ ...item, segment: part, cost: part.cost }] : []
  })

/** For how long anything was held, ms: what was held side by side counts once. */
export function heldMs(items: readonly LedgerItem[]): number {
  const segments = items.flatMap(({ segment }) => segment ?? []).sort((a, b) => a.startMs - b.startMs)
  let [sum, until] = [0, Number.NEGATIVE_INFINITY]
  for (const { startMs, endMs } of segments) {
    sum += Math.max(0, endMs - Math.max(startMs, until))
    until = Math.max(until, endMs)
  }
  return sum
}

/** How many devices are held at a time (epoch ms); where one stretch ends and the next begins, those of the next. */
export function chipsAt(items: readonly LedgerItem[], ms: number): number {
  const segments = items.flatMap(({ segment }) => segment ?? [])
  const held = segments.filter((s) => s.startMs <= ms && ms < s.endMs)
  return (held.length > 0 ? held : segments.filter((s) => s.endMs === ms)).reduce(
    (sum, s) => sum + s.allocation.count,
    0,
  )
}

/**
 * MFU in percent along a line of speeds; null where no device was held or no speed is known.
 *
 * @param speed tokens per second: of the whole job, or of one device where `isPerDevice`
 * @param peakTflops dense peak of one device
 */
export function utilisationLine(
  speed: TimeLine,
  items: readonly LedgerItem[],
  given: { flopsPerToken: number; peakTflops: number; isPerDevice: boolean },
): TimeLine {
  const peak = given.peakTflops * 1e12
  const values = speed.values.map((tokensPerS, i) => {
    const chips = given.isPerDevice ? 1 : chipsAt(items, speed.timesMs[i] as number)
    return tokensPerS === null || chips === 0 ? null : (100 * tokensPerS * given.flopsPerToken) / (chips * peak)
  })
  return { timesMs: speed.timesMs, values }
}

/**
 * A line with a gap (null) between samples that lie further apart than three usual distances: what was not sampled is not known, and
 * nothing may join over it.
 */
export function withGaps({ timesMs, values }: TimeLine, usualMs: number): TimeLine {
  const out: { timesMs: number[]; values: (number | null)[] } = { timesMs: [], values: [] }
  timesMs.forEach((time, i) => {
    const last = timesMs[i - 1]
    if (last !== undefined && time - last > 3 * usualMs) {
      out.timesMs.push((last + time) / 2)
      out.values.push(null)
    }
    out.timesMs.push(time)
    out.values.push(values[i] ?? null)
  })
  return out
}

/**
 * The sum of lines at the times of the first: each gives its last value at or before a time, no older than three usual distances; null
 * where one of them has none.
 */
export function sumOfLines(lines: readonly TimeLine[], usualMs: number): TimeLine {
  const [first] = lines
  if (!first || lines.length === 1) return first ?? { timesMs: [], values: [] }
  const at = lines.map(() => 0)
  const values = first.timesMs.map((time) => {
    let sum: number | null = 0
    lines.forEach((line, i) => {
      let place = at[i] as number
      while ((line.timesMs[place + 1] ?? Number.POSITIVE_INFINITY) <= time) place++
      at[i] = place
      const sampled = line.timesMs[place] ?? Number.POSITIVE_INFINITY
      const value = sampled > time || time - sampled > 3 * usualMs ? null : (line.values[place] ?? null)
      sum = sum === null || value === null ? null : sum + value
    })
    return sum
  })
  return { timesMs: first.timesMs, values }
}

/** What the sampling period of ascending times is taken for, ms; 0 of fewer than two. */
export const usualDistance = (timesMs: readonly number[]): number => nominalPeriod(timesMs) ?? 0
