import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equivalenceP } from './equivalence.ts'
import { changeBetween, type Measured } from './paired-change.ts'
import { pairedItems } from './paired-items.ts'
import { minimumDetectable, powerOf, sampleSize } from './power.ts'
import { couldNotShow, readChange } from './read-change.ts'
import { scoreOfItems } from './score-of-items.ts'
import type { SlimItem } from './slim-item.ts'

const NOTHING = { score: null, nats: null, bytes: null, tokens: null, pred: null, gold: null }
const amount = fc.integer({ min: 1, max: 400 })
const grams = fc.tuple(amount, amount, amount, amount)

/** What one item may hold, by the metric that sums it: a pair, before and after, that share what the item itself is. */
const FORMS: Record<string, fc.Arbitrary<[Partial<SlimItem>, Partial<SlimItem>]>> = {
  acc: fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1)).map(([a, b]) => [{ score: a }, { score: b }]),
  rouge: fc.tuple(fc.nat(8), fc.nat(8)).map(([a, b]) => [{ score: a / 8 }, { score: b / 8 }]),
  bits_per_byte: fc.tuple(amount, amount, amount).map(([bytes, a, b]) => [
    { bytes, nats: a },
    { bytes, nats: b },
  ]),
  macro_f1: fc
    .tuple(fc.constantFrom('x', 'y'), fc.constantFrom('x', 'y', 'z'), fc.constantFrom('x', 'y', 'z'))
    .map(([gold, a, b]) => [
      { gold, pred: a },
      { gold, pred: b },
    ]),
  bleu: fc
    .tuple(amount, grams, grams)
    .map(([refLen, a, b]) =>
      [a, b].map((match) => ({ counts: { hypLen: 20, refLen, match, total: [400, 400, 400, 400] } })),
    )
    .map(([a = {}, b = {}]) => [a, b]),
}

const pairs = fc.constantFrom(...Object.keys(FORMS)).chain((metric) =>
  fc.record({
    metric: fc.constant(metric),
    rows: fc.array(FORMS[metric] as (typeof FORMS)[string], { minLength: 2, maxLength: 40 }),
    clusters: fc.option(fc.integer({ min: 2, max: 5 })),
  }),
)

describe('of the same items', () => {
  test('nothing changed between a model and itself: change, error and p are exactly 0, 0 and 1', () => {
    fc.assert(
      fc.property(pairs, ({ metric, rows, clusters }) => {
        const own = side(
          metric,
          rows.map(([before]) => before),
          clusters,
        ) // prettier-ignore
        const change = changeBetween(own, own, 50)
        expect(change).toMatchObject({ change: 0, se: 0, low: 0, high: 0, p: 1 })
        if (change.moved) expect(change.moved).toEqual({ lost: 0, gained: 0, same: rows.length })
      }),
    )
  })

  test('there and back: the change is negated, its interval turned, error and p stay', () => {
    fc.assert(
      fc.property(pairs, ({ metric, rows, clusters }) => {
        const before = side(
          metric,
          rows.map(([own]) => own),
          clusters,
        ) // prettier-ignore
        const after = side(
          metric,
          rows.map(([, own]) => own),
          clusters,
        ) // prettier-ignore
        const [there, back] = [changeBetween(before, after, 50), changeBetween(after, before, 50)]
        expectClose(
          [back.change, back.low, back.high],
          [negated(there.change), negated(there.high), negated(there.low)],
        )
        expectClose([back.se, back.p, back.detectable], [there.se, there.p, there.detectable])
        if (there.moved)
          expect(back.moved).toEqual({ ...there.moved, lost: there.moved.gained, gained: there.moved.lost })
      }),
    )
  })

  test('a benchmark that is flipped and negated says the same of utility', () => {
    fc.assert(
      fc.property(pairs, ({ metric, rows, clusters }) => {
        if (metric !== 'acc' && metric !== 'rouge') return
        const [before, after] = [0, 1].map((at) => rows.map((row) => row[at as 0 | 1]))
        const flip = (items: Partial<SlimItem>[] = []) => items.map((own) => ({ score: 1 - (own.score ?? 0) }))
        const plain = changeBetween(side(metric, before, clusters), side(metric, after, clusters))
        const flipped = changeBetween(side(metric, flip(before), clusters), side(metric, flip(after), clusters))
        expectClose([flipped.change, flipped.low], [negated(plain.change), negated(plain.high)])
        expectClose([flipped.se, flipped.p, flipped.detectable], [plain.se, plain.p, plain.detectable])
        expect(readChange(-flipped.change || 0, flipped.p)).toBe(readChange(plain.change || 0, plain.p))
        expect(couldNotShow(flipped.change, flipped.p, flipped.detectable)).toBe(
          couldNotShow(plain.change, plain.p, plain.detectable),
        )
      }),
    )
  })

  test('in points all is a hundred times what it is as a fraction, and p stays', () => {
    fc.assert(
      fc.property(pairs, ({ metric, rows, clusters }) => {
        if (metric === 'bits_per_byte') return
        const [before, after] = [0, 1].map((at) =>
          side(
            metric,
            rows.map((row) => row[at as 0 | 1]),
            clusters,
          ),
        ) // prettier-ignore
        if (!before || !after) return
        const points = (own: Measured): Measured => ({ ...own, score: 100 * own.score, scale: 100 })
        const plain = changeBetween(before, after, 50)
        const scaled = changeBetween(points(before), points(after), 50)
        const times = (value: number | null) => value && value * 100
        expectClose(
          [scaled.change, scaled.se, scaled.low, scaled.high, scaled.detectable],
          [plain.change, plain.se, plain.low, plain.high, plain.detectable].map(times),
        )
        expectClose([scaled.p], [plain.p])
        expect(scaled).toMatchObject({ moved: plain.moved, method: plain.method })
        for (const margin of [0.01, 0.05])
          if (plain.se !== null && scaled.se !== null)
            expect(equivalenceP(scaled.change, scaled.se, margin * 100)).toBeCloseTo(
              equivalenceP(plain.change, plain.se, margin),
              9,
            )
      }),
    )
  })

  test('pairing takes from the unpaired variance twice the covariance', () => {
    const column = fc.array(fc.tuple(fc.nat(10), fc.nat(10)), { minLength: 3, maxLength: 30 })
    fc.assert(
      fc.property(column, (rows) => {
        const [a, b] = [rows.map((row) => row[0]), rows.map((row) => row[1])]
        const n = rows.length
        const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / n
        const covariance = (x: number[], y: number[]) =>
          x.reduce((sum, v, i) => sum + (v - mean(x)) * ((y[i] ?? 0) - mean(y)), 0) / (n * (n - 1))
        expect((pairedItems(a, b).se ?? -1) ** 2).toBeCloseTo(
          covariance(a, a) + covariance(b, b) - 2 * covariance(a, b),
          9,
        )
      }),
    )
  })
})

describe('power', () => {
  test('the smallest detectable difference is found in four of five cases', () => {
    for (const se of [0.001, 0.02, 3]) expect(powerOf(minimumDetectable(se), se)).toBeCloseTo(0.8, 4)
    expect(powerOf(0, 0.02)).toBeCloseTo(0.05, 9)
  })
  test('a sample of the size that it takes has that power, and one smaller has not', () => {
    const of = { between: 0.1, withinA: 0.2, withinB: 0.1, samplesA: 4, samplesB: 2 }
    const n = sampleSize(0.03, of)
    const variance = 0.1 + 0.2 / 4 + 0.1 / 2
    expect(powerOf(0.03, Math.sqrt(variance / n))).toBeGreaterThanOrEqual(0.8)
    expect(powerOf(0.03, Math.sqrt(variance / (n - 1)))).toBeLessThan(0.8)
  })
  test('no number of items shows a difference of 0', () =>
    expect(() => sampleSize(0, { between: 1, withinA: 0, withinB: 0, samplesA: 1, samplesB: 1 })).toThrow(/delta is 0/))
})

function side(metric: string, rows: readonly Partial<SlimItem>[] = [], clusters: number | null = null): Measured {
  const items = rows.map((own, i) => ({
    id: `i${i}`,
    trial: null,
    cluster: clusters === null ? null : `c${i % clusters}`,
    ...NOTHING,
    ...own,
  }))
  return { metric, score: scoreOfItems(items, { metric, score: 0, scale: 1 }) ?? 0, scale: 1, se: null, items }
}

const negated = (value: number | null): number | null => (value === null ? null : -value)

function expectClose(got: readonly (number | null)[], want: readonly (number | null)[]) {
  got.forEach((value, i) => {
    const other = want[i] ?? null
    if (value === null || other === null) expect(value).toBe(other)
    else expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(other)))
  })
}
