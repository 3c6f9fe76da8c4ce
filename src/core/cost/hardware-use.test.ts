import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chipsAt, heldMs, itemsWithin, sumOfLines, usualDistance, utilisationLine, withGaps } from './hardware-use.ts'
import type { LedgerItem } from './ledger.ts'
import { type Allocation, segmentsOf } from './segments.ts'

const HOUR = 3_600_000

const allocation = (count: number, fromHour: number, toHour: number): Allocation => ({
  id: 1,
  runId: 1,
  runNumber: 1,
  attempt: 1,
  deviceKind: 'gpu',
  deviceName: 'L4',
  count,
  devices: [],
  provider: null,
  region: null,
  commitment: null,
  startMs: fromHour * HOUR,
  endMs: toHour * HOUR,
})

const items = (...held: Allocation[]): LedgerItem[] =>
  segmentsOf(held, [], () => 'L4').map((segment) => ({
    node: null,
    experimentId: 1,
    runId: 1,
    kind: 'work',
    segment,
    cost: segment.cost,
  }))

const hours = (list: readonly LedgerItem[]) => list.reduce((sum, { segment }) => sum + (segment?.deviceHours ?? 0), 0)

describe('the parts of what was held', () => {
  test('add up to the whole, wherever it is cut', () => {
    const instant = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), instant, instant), { maxLength: 5 }),
        instant,
        (held, cut) => {
          const all = items(...held.map(([count, a, b]) => allocation(count, Math.min(a, b), Math.max(a, b))))
          const parts = [...itemsWithin(all, 0, cut * HOUR), ...itemsWithin(all, cut * HOUR, 20 * HOUR)]
          expect(hours(parts)).toBeCloseTo(hours(all), 9)
        },
      ),
    )
  })

  test('hold no entry, since an entry has no time', () => {
    const [item] = items(allocation(1, 0, 1)) as [LedgerItem]
    expect(itemsWithin([{ ...item, segment: null }], 0, HOUR)).toEqual([])
  })
})

test('time in which devices were held side by side counts once', () => {
  expect(heldMs(items(allocation(8, 0, 2), allocation(8, 1, 3), allocation(1, 5, 6))) / HOUR).toBe(4)
})

test('where one stretch ends and the next begins the devices of the next are held; at the very end those of the last', () => {
  const held = items(allocation(2, 0, 1), allocation(3, 1, 2))
  expect([0, 0.5, 1, 2, 3].map((hour) => chipsAt(held, hour * HOUR))).toEqual([2, 2, 3, 3, 0])
})

describe('MFU along a line of speeds', () => {
  const speed = { timesMs: [0, HOUR, 5 * HOUR], values: [1000, null, 1000] }
  const given = { flopsPerToken: 6e9, peakTflops: 120 }

  test('divides by the devices held then, and is not known without speed or devices', () => {
    const { values } = utilisationLine(speed, items(allocation(2, 0, 2)), { ...given, isPerDevice: false })
    expect(values).toEqual([2.5, null, null])
  })

  test('of a speed that is told per device does not divide again', () => {
    const { values } = utilisationLine(speed, items(allocation(2, 0, 2)), { ...given, isPerDevice: true })
    expect(values[0]).toBe(5)
  })
})

test('samples further apart than three usual distances are parted', () => {
  const line = { timesMs: [0, 10, 20, 60, 70], values: [1, 2, 3, 4, 5] }
  expect(withGaps(line, usualDistance(line.timesMs))).toEqual({
    timesMs: [0, 10, 20, 40, 60, 70],
    values: [1, 2, 3, null, 4, 5],
  })
})

test('a sum is known where every line was sampled', () => {
  const a = { timesMs: [0, 10, 20, 30], values: [1, 1, null, 1] }
  const b = { timesMs: [5, 15, 25], values: [2, 3, 4] }
  expect(sumOfLines([a, b], 10)).toEqual({ timesMs: [0, 10, 20, 30], values: [null, 3, null, 5] })
})
