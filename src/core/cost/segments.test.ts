import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BUILT_IN_PRICES } from './built-in-prices.ts'
import { startOfDay } from './days.ts'
import { bookDevice, DEVICE_SPECS } from './device-specs.ts'
import { decimal } from './money.ts'
import { checkedPrice, type PriceQuery, type PriceRecord, priceAt } from './price-book.ts'
import { checkedRate, rateAt } from './rates.ts'
import { type Allocation, checkAllocations, clipSegment, segmentsOf } from './segments.ts'
import { inCurrency, sumTallies, tallyOf } from './tally.ts'

const HOUR = 3_600_000
const record = (more: Partial<PriceRecord> = {}): PriceRecord => ({
  device: 'L4',
  provider: null,
  region: null,
  commitment: null,
  currency: 'USD',
  low: null,
  typical: '1',
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
  deviceName: 'NVIDIA L4',
  count: 1,
  devices: [],
  provider: null,
  region: null,
  commitment: null,
  startMs: startOfDay('2026-03-01'),
  endMs: startOfDay('2026-03-01') + 10 * HOUR,
  ...more,
})
const deviceOf = (a: Allocation) => bookDevice(a.deviceKind, a.deviceName)
const total = (allocations: Allocation[], book: PriceRecord[]) =>
  sumTallies(segmentsOf(allocations, book, deviceOf).map(({ cost }) => cost))
const ask: PriceQuery = { device: 'L4', provider: null, region: null, commitment: null }
const perHour = (book: PriceRecord[], query = ask, on = '2026-03-01') => {
  const answer = priceAt(book, query, on)
  return answer.kind === 'known' ? answer.perHour : null
}

describe('a price', () => {
  test('of a device that the book does not name is unknown, not 0', () =>
    expect(priceAt([record()], { ...ask, device: 'L40S' }, '2026-03-02')).toEqual({
      kind: 'unknown',
      device: 'L40S',
      on: '2026-03-02',
    }))
  test('holds from its first day up to the day before its end', () => {
    const book = [record({ validFrom: '2026-03-01', validTo: '2026-04-01' })]
    expect(['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'].map((on) => perHour(book, ask, on))).toEqual([
      null,
      '1',
      '1',
      null,
    ])
  })
  test('of the workspace goes before a built-in one, the newer before the older', () => {
    const built = record({ origin: 'built_in', typical: '9' })
    expect(perHour([record({ typical: '2' }), record({ typical: '3' }), built])).toBe('3')
  })
  test('that tells the provider goes before one that does not, and fits no other provider', () => {
    const book = [record({ provider: 'Lambda', typical: '4' }), record()]
    expect(perHour(book, { ...ask, provider: 'lambda' })).toBe('4')
    expect(perHour(book, { ...ask, provider: 'AWS' })).toBe('1')
    expect(perHour([book[0] as PriceRecord])).toBeNull()
  })
  test('that is paid goes before the list price, which stays readable', () => {
    const answer = priceAt([record({ low: '1', typical: '2', high: '3', paid: '1.5' })], ask, '2026-03-01')
    expect(answer).toMatchObject({ perHour: '1.5', low: '1.5', high: '1.5', record: { typical: '2' } })
  })
  test.each([
    ['a negative price', { typical: '-1' }, 'typical must not be negative, got -1'],
    [
      'an unknown currency',
      { currency: 'USX' },
      'currency must be a currency of ISO 4217 such as USD or EUR, got "USX"',
    ],
    ['no price', { typical: null }, 'typical or paid must give the price of L4 per device-hour, got neither'],
    ['no number', { typical: 'cheap' }, 'typical must be a decimal number, got "cheap"'],
    ['low above typical', { low: '2' }, 'low must not be above typical (1) for L4, got 2'],
    [
      'a day that is none',
      { validFrom: '2026-02-30' },
      'valid_from must be a day such as 2026-11-09, got "2026-02-30"',
    ],
    [
      'an end before the begin',
      { validFrom: '2026-03-01', validTo: '2026-03-01' },
      'valid_to must be after valid_from',
    ],
    ['no source', { source: ' ' }, 'source must say where the price of L4 comes from'],
  ])('with %s is refused by name', (_, more, message) => expect(() => checkedPrice(record(more))).toThrow(message))
})

describe('allocated time', () => {
  test('is priced whole, and cut where the price changes', () => {
    const book = [record({ validTo: '2026-03-02' }), record({ typical: '2', validFrom: '2026-03-02' })]
    const night = held({ count: 8, startMs: startOfDay('2026-03-02') - HOUR, endMs: startOfDay('2026-03-02') + HOUR })
    const segments = segmentsOf([night], book, deviceOf)
    expect(segments.map(({ deviceHours, cost }) => [deviceHours, cost.amounts[0]?.amount])).toEqual([
      [8, '8'],
      [8, '16'],
    ])
  })
  test('without a price is told with the device and the day, not as 0', () =>
    expect(total([held({ deviceName: 'NVIDIA L40S' })], [record()])).toEqual({
      amounts: [],
      lacks: [{ why: 'no_price', runId: 7, what: 'L40S', on: '2026-03-01' }],
      assumed: false,
    }))
  test('of several currencies is not added', () => {
    const book = [record(), record({ device: 'T4', currency: 'EUR' })]
    expect(total([held(), held({ deviceName: 'Tesla T4' })], book).amounts.map((a) => a.currency)).toEqual([
      'EUR',
      'USD',
    ])
  })
  test('of CPU cores is priced as cores, with an assumed price', () =>
    expect(total([held({ deviceKind: 'cpu', deviceName: 'AMD EPYC', count: 2 })], [...BUILT_IN_PRICES])).toEqual({
      amounts: [{ currency: 'USD', amount: '0.8', low: '0.2', high: '1' }],
      lacks: [],
      assumed: true,
    }))
  test('splitting an allocation changes no total', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.integer({ min: 1, max: 100 * HOUR }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 500 }),
        (count, lengths, cents) => {
          const book = [
            record({ typical: decimal(cents).div(100).toFixed(), validTo: '2026-03-03' }),
            record({ typical: '7', validFrom: '2026-03-03' }),
          ]
          let at = startOfDay('2026-03-01')
          const parts = lengths.map((length) => {
            const startMs = at
            at += length
            return held({ count, startMs, endMs: at })
          })
          const whole = held({ count, endMs: at })
          const [a, b] = [total(parts, book), total([whole], book)].map((tally) => tally.amounts[0]?.amount ?? '0')
          expect(Math.abs(Number(decimal(a as string).minus(b as string)))).toBeLessThan(1e-9)
        },
      ),
    ))
  test('the parts of a clipped segment are the segment', () => {
    const [segment] = segmentsOf([held()], [record()], deviceOf)
    const middle = held().startMs + 4 * HOUR
    const parts = [clipSegment(segment as never, 0, middle), clipSegment(segment as never, middle, Infinity)]
    expect(parts.map((part) => part?.cost.amounts[0]?.amount)).toEqual(['4', '6'])
    expect(clipSegment(segment as never, 0, held().startMs)).toBeNull()
  })
})

describe('allocations that are not monotone', () => {
  test('are refused with run, attempt and times', () => {
    expect(() => checkAllocations([held({ endMs: held().startMs - 1 })])).toThrow('by run 7, attempt 1, ends')
    const twice = [
      held({ devices: ['GPU-1'] }),
      held({ devices: ['GPU-1'], runNumber: 8, startMs: held().startMs + HOUR }),
    ]
    expect(() => checkAllocations(twice)).toThrow('by run 8, attempt 1, holds GPU-1 from')
  })
  test.each([
    ['one after the other', { startMs: held().endMs }],
    ['another device', { devices: ['GPU-2'] }],
  ])('%s is fine', (_, more) =>
    expect(() =>
      checkAllocations([
        held({ devices: ['GPU-1'] }),
        held({ devices: ['GPU-1'], endMs: held().endMs + HOUR, ...more }),
      ]),
    ).not.toThrow(),
  )
})

describe('currencies', () => {
  const rates = [
    checkedRate({ from: 'EUR', to: 'USD', rate: '1.10', on: '2026-01-01', source: 'a bank' }),
    checkedRate({ from: 'EUR', to: 'USD', rate: '1.2', on: '2026-02-01', source: 'a bank' }),
  ]
  const both = sumTallies([tallyOf({ amount: '10', currency: 'EUR' }), tallyOf({ amount: '5', currency: 'USD' })])
  test('are added through the rate of the day, either way round', () => {
    expect(inCurrency(both, 'USD', '2026-01-15', rates).tally.amounts[0]?.amount).toBe('16')
    expect(inCurrency(both, 'USD', '2026-02-15', rates).tally.amounts[0]?.amount).toBe('17')
    expect(Number(rateAt(rates, 'USD', 'EUR', '2026-02-15')?.factor)).toBeCloseTo(1 / 1.2, 12)
  })
  test('without a rate stay apart, and the total names what it lacks', () =>
    expect(inCurrency(both, 'USD', '2025-12-31', rates).tally).toMatchObject({
      amounts: [{ currency: 'USD', amount: '5' }],
      lacks: [{ why: 'no_rate', what: 'EUR to USD', on: '2025-12-31' }],
    }))
  test('a rate of 0, of one currency with itself or without source is refused', () => {
    const rate = { from: 'EUR', to: 'USD', rate: '1', on: '2026-01-01', source: 'a bank' }
    expect(() => checkedRate({ ...rate, rate: '0' })).toThrow('rate must be above 0, got 0')
    expect(() => checkedRate({ ...rate, to: 'EUR' })).toThrow('a rate joins two currencies, got EUR twice')
    expect(() => checkedRate({ ...rate, to: 'EURO' })).toThrow('to must be a currency of ISO 4217')
  })
})

describe('the built-in book', () => {
  test.each(BUILT_IN_PRICES.map((price) => [price.device, price] as const))(
    '%s is sound and says its source',
    (_, price) => expect(checkedPrice(price)).toEqual(price),
  )
  test('knows a data sheet of all but the CPU core', () =>
    expect(
      BUILT_IN_PRICES.map(({ device }) => device).filter((device) => !DEVICE_SPECS.some((s) => s.device === device)),
    ).toEqual(['cpu-core']))
  test.each([
    ['NVIDIA H100 80GB HBM3', 'H100 SXM'],
    ['NVIDIA H100 PCIe', 'H100 PCIe'],
    ['NVIDIA A100-SXM4-80GB', 'A100-80'],
    ['NVIDIA A100-PCIE-40GB', 'A100-40'],
    ['NVIDIA L4', 'L4'],
    ['NVIDIA L40S', 'L40S'],
    ['NVIDIA GeForce RTX 4090', 'RTX 4090'],
    ['Tesla V100-SXM2-32GB', 'V100 SXM'],
    ['AMD Instinct MI300X', 'MI300X'],
    ['NVIDIA GH200 480GB', 'NVIDIA GH200 480GB'],
    ['NVIDIA GeForce RTX 4090 Laptop GPU', 'NVIDIA GeForce RTX 4090 Laptop GPU'],
    ['H100 SXM', 'H100 SXM'],
    ['A100-80', 'A100-80'],
  ])('%s stands under %s', (name, device) => expect(bookDevice('gpu', name)).toBe(device))
})
