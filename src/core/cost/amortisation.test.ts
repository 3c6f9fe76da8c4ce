import { describe, expect, test } from 'vitest'
import { amortised, breakEvenTokens } from './amortisation.ts'
import { checkedEntry, perMillionTokens } from './cost-entries.ts'
import { costPerPoint } from './cost-per-point.ts'
import { checkpointInterval, meanHoursBetween, pipelineBubble } from './interruptions.ts'
import { leavesOf } from './leaves.ts'
import { overPlan, plannedHours } from './planned.ts'
import { lacking, NOTHING, tallyOf } from './tally.ts'

describe('a cost spread over its use', () => {
  test('per child or per million served tokens, serving added', () => {
    expect(amortised('1430', 4)).toBe('357.5')
    expect(amortised('1000', 2, '0.25')).toBe('500.25')
    expect(() => amortised('1', 0)).toThrow('spread over more than 0 units, got 0')
  })
  test('is earned back only by a lower price', () => {
    const prices = { fixed: '500', oldPerMtok: '2', newPerMtok: '0.3' }
    expect(breakEvenTokens(prices)).toBeCloseTo(294_117_647, -1)
    expect(breakEvenTokens({ ...prices, newPerMtok: '2' })).toBeNull()
    expect(() => breakEvenTokens({ ...prices, fixed: '-1' })).toThrow('fixed must not be negative, got -1')
  })
  test('per trained token is not told without tokens', () => {
    expect(perMillionTokens('3', 1_500_000)).toBe('2')
    expect([perMillionTokens('3', null), perMillionTokens('3', 0)]).toEqual([null, null])
  })
})

describe('the cost of a point', () => {
  test('has an interval, from the ends of the gain’s', () =>
    expect(costPerPoint('100', 2, 0.5)).toEqual({
      perPoint: '50',
      low: expect.stringMatching(/^33\.557/),
      high: expect.stringMatching(/^98\.039/),
      reason: null,
    }))
  test.each([
    [0.9, 0.5, 'no significant gain: cost per point undefined'],
    [-2, 0.5, 'no significant gain: cost per point undefined'],
    [2, null, 'no standard error: whether the gain is certain is not known'],
  ])('of a gain of %d ± %d is undefined, with the reason', (gain, se, reason) =>
    expect(costPerPoint('100', gain, se)).toEqual({ perPoint: null, low: null, high: null, reason }),
  )
})

describe('planned against actual', () => {
  const money = { amount: '10', currency: 'USD' }
  test('is told in the plan’s currency', () =>
    expect(overPlan({ money }, tallyOf({ amount: '12.5', currency: 'USD' }))).toEqual({
      over: { amount: '2.5', currency: 'USD' },
      reason: null,
    }))
  test.each([
    [null, NOTHING, 'no money was planned'],
    [{ money }, lacking({ why: 'no_price', runId: 1, what: 'L4', on: null }), 'some of what it cost is not known'],
    [{ money }, tallyOf({ amount: '1', currency: 'EUR' }), 'spent in EUR, planned in USD'],
  ])('or says why not', (plan, actual, reason) => expect(overPlan(plan, actual).reason).toContain(reason))
  test('hours count on every device', () => {
    expect(plannedHours({ hours: 3, device_count: 8 })).toBe(24)
    expect(plannedHours({ hours: 3 })).toBe(3)
    expect(plannedHours({ device_count: 8 })).toBeNull()
  })
})

describe('an entry', () => {
  const entry = {
    kind: 'api_tokens' as const,
    quantity: '2.5',
    unit: 'million tokens',
    perUnit: '4',
    amount: null,
    currency: 'USD',
    on: '2026-03-01',
    assumed: false,
    note: '',
  }
  test('is its quantity at its price', () => expect(checkedEntry(entry).amount).toBe('10'))
  test('may be told as an amount alone', () =>
    expect(checkedEntry({ ...entry, quantity: null, perUnit: null, unit: null, amount: '7.10' }).amount).toBe('7.1'))
  test.each([
    [{ quantity: '-1' }, 'quantity must not be negative, got -1'],
    [{ unit: ' ' }, 'unit must say what 2.5 counts'],
    [{ perUnit: null }, 'amount, or quantity and per_unit, must say what it cost'],
    [{ amount: '11' }, 'amount must be quantity × per_unit (10) or be left out, got 11'],
    [{ currency: 'usd' }, 'currency must be a currency of ISO 4217'],
    [{ on: 'today' }, 'on must be a day'],
  ])('with %j is refused', (more, message) => expect(() => checkedEntry({ ...entry, ...more })).toThrow(message))
})

describe('the ends of a lineage', () => {
  const stage = (id: number, more = {}) => ({ id, number: id, isMade: true, isArchived: false, ...more })
  const init = (child: number, parent: number) => ({ child, parent, kind: 'init' as const, weight: null })
  test('are the stages that nobody went on from, the deepest first, then the newer', () =>
    expect(
      leavesOf(
        [1, 2, 3, 4, 5].map((id) => stage(id)),
        [init(2, 1), init(3, 2), init(4, 2), init(5, 1)],
      ),
    ).toEqual([4, 3, 5]))
  test('a child that is only planned leaves its parent an end; archived stages are none', () =>
    expect(
      leavesOf([stage(1), stage(2, { isMade: false }), stage(3, { isArchived: true })], [init(2, 1), init(3, 1)]),
    ).toEqual([1]))
})

test('numbers out of their domain are refused by name', () => {
  expect(() => checkpointInterval(0, 1)).toThrow('delta_min must be above 0, got 0')
  expect(() => meanHoursBetween(54, 1.5)).toThrow('events must be a count, got 1.5')
  expect(meanHoursBetween(54, 0)).toBeNull()
  expect(() => pipelineBubble(0, 4)).toThrow('pp must be 1 or more, got 0')
})
