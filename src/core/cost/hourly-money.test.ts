import { describe, expect, test } from 'vitest'
import { hourlyAt } from '../metrics/x-axis.ts'
import { startOfDay } from './days.ts'
import { currencyOfMost, hourlyMoney, knownMoney } from './hourly-money.ts'
import type { PriceRecord } from './price-book.ts'
import { type Allocation, segmentsOf } from './segments.ts'
import { sumTallies } from './tally.ts'

const HOUR = 3_600_000
const START = startOfDay('2026-03-01')
const record = (more: Partial<PriceRecord> = {}): PriceRecord => ({
  device: 'L4',
  provider: null,
  region: null,
  commitment: null,
  currency: 'USD',
  low: null,
  typical: '1.5',
  high: null,
  paid: null,
  assumed: false,
  source: 'a list',
  pricedOn: null,
  validFrom: null,
  validTo: null,
  origin: 'workspace',
  ...more,
})
const held = (more: Partial<Allocation> = {}): Allocation => ({
  id: 1,
  runId: 7,
  runNumber: 7,
  attempt: 1,
  deviceKind: 'gpu',
  deviceName: 'L4',
  count: 2,
  devices: [],
  provider: null,
  region: null,
  commitment: null,
  startMs: START,
  endMs: START + 40 * HOUR,
  ...more,
})
const priced = (allocations: Allocation[], book: PriceRecord[]) => segmentsOf(allocations, book, (a) => a.deviceName)
const rate = { from: 'EUR', to: 'USD', rate: '2', on: '2026-01-01', source: 'a bank' }
const never = () => false

describe('money over time', () => {
  test('adds up to what the segments cost, over a day on which the price changes', () => {
    const book = [record({ validTo: '2026-03-02' }), record({ typical: '3', validFrom: '2026-03-02' })]
    const segments = priced([held()], book)
    const known = knownMoney(hourlyMoney(segments, 'USD', [], never))
    if ('why' in known) throw new Error(known.why)
    const [sum] = sumTallies(segments.map(({ cost }) => cost)).amounts
    expect(hourlyAt(known.taken, START + 40 * HOUR)).toBeCloseTo(Number(sum?.amount), 9)
    expect(hourlyAt(known.taken, START + 10 * HOUR)).toBe(10 * 2 * 1.5)
  })

  test('goes on while hardware is still held, and ends with an allocation that is over', () => {
    const spans = (isOpen: boolean) => hourlyMoney(priced([held()], [record()]), 'USD', [], () => isOpen)
    expect(spans(true).map(({ endMs }) => endMs)).toEqual([null])
    expect(spans(false).map(({ endMs }) => endMs)).toEqual([START + 40 * HOUR])
  })

  test('in another currency is turned by the rate of its day, and unknown without one', () => {
    const segments = priced([held()], [record({ currency: 'EUR' })])
    expect(hourlyMoney(segments, 'USD', [rate], never)[0]).toMatchObject({ perHour: 6, why: null })
    expect(hourlyMoney(segments, 'USD', [], never)[0]).toMatchObject({
      perHour: null,
      why: 'there is no rate from EUR to USD on 2026-03-01',
    })
  })

  test('without a price is unknown, but not before the time from which it was held', () => {
    const spans = hourlyMoney(
      priced([held(), held({ id: 2, deviceName: 'L40S', startMs: START + 5 * HOUR })], [record()]),
      'USD',
      [],
      never,
    )
    expect(knownMoney(spans)).toEqual({ why: 'there is no price for L40S on 2026-03-01' })
    expect(knownMoney(spans, START + 5 * HOUR)).toMatchObject({ taken: [{ perHour: 3 }] })
  })
})

test('the currency is that of most runs, not of most segments; without any price there is none', () => {
  const [eur, usd] = [record({ currency: 'EUR' }), record()].map((price) => priced([held()], [price])) as [
    ReturnType<typeof priced>,
    ReturnType<typeof priced>,
  ]
  expect(currencyOfMost([[...usd, ...usd, ...usd], eur, eur])).toBe('EUR')
  expect(currencyOfMost([usd, eur])).toBe('EUR')
  expect(currencyOfMost([priced([held()], [])])).toBeNull()
})
