import { describe, expect, test } from 'vitest'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import { breakEvenWords, intervalWords } from './reckon-words.ts'

const total = (amount: string, more: Partial<CostTotal> = {}): CostTotal => ({
  amounts: [{ currency: 'USD', amount, low: amount, high: amount }],
  lacks: [],
  runs_lacking: 0,
  assumed: false,
  ...more,
})
const lack = { why: 'no_price', run: null, what: 'L40S', on: null } as const

describe('the break-even of serving', () => {
  test('is the cost of the lineage over what a token became cheaper', () =>
    expect(breakEvenWords(total('1430'), '2.50', '0.50')).toBe('earned back after 715M served tokens.'))
  test.each([
    [total('10'), '1', '1', 'never: serving it is not cheaper.'],
    [total('10'), null, '1', 'type both prices to see when it is earned back.'],
    [total('10'), 'cheap', '1', 'not known: a price must be a decimal of 0 or more.'],
    [total('10', { lacks: [lack] }), '2', '1', 'not known: a price of the lineage is missing.'],
    [total('10', { amounts: [] }), '2', '1', 'not known: a price of the lineage is missing.'],
  ])('else says why it is not known', (cost, before, now, words) =>
    expect(breakEvenWords(cost, before, now)).toBe(words),
  )
})

describe('the interval between checkpoints', () => {
  test('is √(2δ·MTBF) with the share of time that it costs', () =>
    // 2 minutes, 2.78 h: √(2 · 2 · 166.8) = 25.83 minutes; 2/25.83 + 25.83/333.6 = 15.5 %.
    expect(intervalWords(2, 2.78)).toBe('save every 25 m 50 s; saving and lost work then take 15 % of the time.'))
  test.each([
    [null, 2, 'type how long a checkpoint takes.'],
    [2, null, 'type the hours between interruptions: none happened here.'],
    [600, 1, 'no interval helps: a run is interrupted before a checkpoint pays.'],
  ])('else says what it lacks', (save, mtbf, words) => expect(intervalWords(save, mtbf)).toBe(words))
})
