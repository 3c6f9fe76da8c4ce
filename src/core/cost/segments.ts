/**
 * Allocated time to money: Σ count × hours × price over segments, where an allocation is cut at each day on which its price changes.
 * Allocated time counts, not only busy time.
 */
import { dayOf, startOfDay } from './days.ts'
import { decimal, plain } from './money.ts'
import { fits, type PriceAnswer, type PriceQuery, type PriceRecord, priceAt } from './price-book.ts'
import { lacking, type Tally } from './tally.ts'

const MS_PER_HOUR = 3_600_000

/** Hardware that an attempt held. */
export interface Allocation {
  id: number
  runId: number
  /** As people name the run. */
  runNumber: number
  attempt: number
  deviceKind: 'gpu' | 'cpu'
  /** As the machine tells it, such as `NVIDIA H100 80GB HBM3`. */
  deviceName: string
  count: number
  /** The devices by agent and UUID, such as `3:GPU-…`; empty when they are not known. */
  devices: readonly string[]
  provider: string | null
  region: string | null
  commitment: string | null
  startMs: number
  /** Not null: one that is still open is cut at the time of the reader. */
  endMs: number
}

/** A stretch of an allocation under one price. */
export interface Segment {
  allocation: Allocation
  startMs: number
  endMs: number
  deviceHours: number
  price: PriceAnswer
  cost: Tally
}

/** What makes an allocation not monotone. */
export class NotMonotone extends RangeError {
  override readonly name = 'NotMonotone'
  readonly allocation: Allocation
  readonly field: 'startMs' | 'endMs'

  constructor(allocation: Allocation, field: NotMonotone['field'], message: string) {
    super(message)
    this.allocation = allocation
    this.field = field
  }
}

/**
 * Refuses allocations that are not monotone.
 *
 * @throws NotMonotone when one ends before it starts, or two of one device (agent and UUID) overlap; the message names run, attempt and
 *   times
 */
export function checkAllocations(allocations: readonly Allocation[]): void {
  const lastOf = new Map<string, Allocation>()
  for (const held of allocations.toSorted((a, b) => a.startMs - b.startMs)) {
    if (!(held.endMs >= held.startMs))
      throw new NotMonotone(
        held,
        'endMs',
        `${named(held)} ends (${at(held.endMs)}) before it starts (${at(held.startMs)})`,
      )
    for (const device of held.devices) {
      const last = lastOf.get(device)
      if (last && held.startMs < last.endMs && held.endMs > held.startMs)
        throw new NotMonotone(
          held,
          'startMs',
          `${named(held)} holds ${device} from ${at(held.startMs)}, but ${named(last)} holds it until ${at(last.endMs)}`,
        )
      if (!last || held.endMs > last.endMs) lastOf.set(device, held)
    }
  }
}

/**
 * The priced segments of allocations, in their order, each allocation's ascending and without gaps; none for an allocation of no
 * length.
 *
 * @param deviceOf the name in the book of what an allocation holds
 */
export function segmentsOf(
  allocations: readonly Allocation[],
  book: readonly PriceRecord[],
  deviceOf: (held: Allocation) => string,
): Segment[] {
  return allocations.flatMap((allocation) => {
    const query = { ...allocation, device: deviceOf(allocation) }
    const cuts = cutsOf(book, query, allocation.startMs, allocation.endMs)
    const pieces: Segment[] = []
    for (let i = 0; i + 1 < cuts.length; i++)
      pieces.push(pricedSegment(allocation, cuts[i] as number, cuts[i + 1] as number, book, query))
    return joined(pieces)
  })
}

/**
 * The part of a segment from … to; null when nothing of it lies there.
 */
export function clipSegment(segment: Segment, fromMs: number, toMs: number): Segment | null {
  const [startMs, endMs] = [Math.max(segment.startMs, fromMs), Math.min(segment.endMs, toMs)]
  if (endMs <= startMs) return null
  if (startMs === segment.startMs && endMs === segment.endMs) return segment
  return withCost(segment.allocation, startMs, endMs, segment.price)
}

/** The money of devices held for a time in ms at a price per device-hour, all decimals exact up to the last division. */
export const moneyOfTime = (count: number, ms: number, perHour: string): string =>
  plain(decimal(perHour).times(count).times(ms).div(MS_PER_HOUR))

/** The money of device-hours at a price per device-hour. */
export const moneyOfHours = (hours: number, perHour: string): string => plain(decimal(perHour).times(hours))

/** The sum of amounts of one currency. */
export const sumMoney = (amounts: readonly string[]): string =>
  plain(amounts.reduce((sum, amount) => sum.plus(amount), decimal(0)))

/** Device-hours of a count of devices over a time in ms. */
export const deviceHours = (count: number, ms: number): number => (count * ms) / MS_PER_HOUR

function pricedSegment(
  allocation: Allocation,
  startMs: number,
  endMs: number,
  book: readonly PriceRecord[],
  query: PriceQuery,
): Segment {
  return withCost(allocation, startMs, endMs, priceAt(book, query, dayOf(startMs)))
}

function withCost(allocation: Allocation, startMs: number, endMs: number, price: PriceAnswer): Segment {
  const { count, runId } = allocation
  const of = (perHour: string) =>
    plain(
      decimal(perHour)
        .times(count)
        .times(endMs - startMs)
        .div(MS_PER_HOUR),
    )
  const cost: Tally =
    price.kind === 'unknown'
      ? lacking({ why: 'no_price', runId, what: price.device, on: price.on })
      : {
          amounts: [{ currency: price.currency, amount: of(price.perHour), low: of(price.low), high: of(price.high) }],
          lacks: [],
          assumed: price.assumed,
        }
  return { allocation, startMs, endMs, deviceHours: deviceHours(count, endMs - startMs), price, cost }
}

/** Neighbours under one record are one segment. */
function joined(pieces: readonly Segment[]): Segment[] {
  const out: Segment[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (last && recordOf(last.price) === recordOf(piece.price))
      out[out.length - 1] = withCost(last.allocation, last.startMs, piece.endMs, last.price)
    else out.push(piece)
  }
  return out
}

const recordOf = (price: PriceAnswer): PriceRecord | null => (price.kind === 'known' ? price.record : null)

/** Start, each day between on which some price begins or ends, end; empty for no length. */
function cutsOf(book: readonly PriceRecord[], query: PriceQuery, startMs: number, endMs: number): number[] {
  if (endMs <= startMs) return []
  const days = book
    .filter((record) => fits(record, query))
    .flatMap(({ validFrom, validTo }) => [validFrom, validTo])
    .flatMap((day) => (day === null ? [] : [startOfDay(day)]))
    .filter((ms) => ms > startMs && ms < endMs)
  return [startMs, ...[...new Set(days)].sort((a, b) => a - b), endMs]
}

const at = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : String(ms))

const named = ({ runNumber, attempt, deviceName }: Allocation): string =>
  `the allocation of ${deviceName} by run ${runNumber}, attempt ${attempt},`
