import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { bootstrap, resamplesFor } from './bootstrap.ts'
import { differingFields } from './comparable.ts'
import { corpusScore, scoreOfUnits, unitsOf } from './corpus-metric.ts'
import { changedFirst, countFlips } from './flips.ts'
import { lossDocuments, lossDrift, lossRatio, lossUnit } from './loss-units.ts'
import { macroF1 } from './macro-f1.ts'
import { mcnemarExact } from './mcnemar.ts'
import { meanError } from './mean-error.ts'
import { changeBetween, type Measured } from './paired-change.ts'
import { couldNotShow, defaultTolerance, isBeyond, overBudget, readChange } from './read-change.ts'
import { type ScoredBy, scoreInterval } from './score-interval.ts'
import { agrees, scoreOfItems } from './score-of-items.ts'
import type { SlimItem } from './slim-item.ts'
import { averageTrials } from './trials.ts'
import { wilson } from './wilson.ts'

const item = (id: string | number, more: Partial<SlimItem>): SlimItem => ({
  id: String(id),
  trial: null,
  cluster: null,
  score: null,
  nats: null,
  bytes: null,
  tokens: null,
  pred: null,
  gold: null,
  ...more,
})
const scores = (values: readonly number[], clusters?: readonly string[]) =>
  values.map((score, i) => item(i, { score, cluster: clusters?.[i] ?? null }))
const measured = (items: SlimItem[], more: Partial<Measured> = {}): Measured => {
  const metric = more.metric ?? 'acc'
  return { metric, scale: 1, se: null, items, score: scoreOfItems(items, { metric, score: 0, scale: 1 }) ?? 0, ...more }
}
const by = (more: Partial<ScoredBy>): ScoredBy => ({
  metric: 'acc',
  kind: 'accuracy',
  score: 0,
  scale: 1,
  stderr: null,
  n: 1,
  nClusters: null,
  ...more,
})

describe('one score', () => {
  test.each([
    [18, 20, 0.699, 0.9721],
    [10, 10, 0.7225, 1],
  ])('Wilson of %i of %i', (k, n, low, high) => {
    expect(wilson(k / n, n).low).toBeCloseTo(low, 4)
    expect(wilson(k / n, n).high).toBeCloseTo(high, 4)
  })
  test('more successes than trials is an input error', () => expect(() => wilson(1.1, 10)).toThrow(RangeError))
  test('clusters widen the error as the Inspect harness computes it', () => {
    const values = [1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0]
    const clusters = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd']
    expect(meanError(values).se).toBeCloseTo(0.150756, 6)
    expect(meanError(values, clusters)).toMatchObject({ mean: 0.5, clusters: 4, df: 3 })
    expect(meanError(values, clusters).se).toBeCloseTo(0.215166, 6)
  })
  test('clusters of one item each are none', () => expect(meanError([1, 0], ['a', 'b']).clusters).toBeNull())
  test('samples of one item are averaged first', () => {
    const trials = [
      [1, 1, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ].flatMap((row, id) => row.map((score, trial) => item(id, { score, trial })))
    const averaged = averageTrials(trials).map((i) => i.score)
    expect(meanError(averaged).mean).toBe(0.4375)
    expect(meanError(averaged).se).toBeCloseTo(0.213478, 6)
  })
  test('pass@k of problems with several answers each; scores that come alone are taken as they are', () => {
    const answers = (id: string, n: number, right: number) =>
      Array.from({ length: n }, (_, trial) => item(id, { trial, score: Number(trial < right) }))
    const drawn = [...answers('a', 20, 5), ...answers('b', 20, 0)]
    const of = (metric: string) => ({ metric, score: 0, scale: 1 as const })
    expect(scoreOfItems(drawn, of('pass@10'))).toBeCloseTo(0.983746 / 2, 6)
    expect(scoreOfItems(drawn, of('pass@1'))).toBe(0.125)
    expect(scoreOfItems(drawn.slice(0, 21), of('pass@10'))).toBe(0.125)
    expect(scoreOfItems([item('a', { score: 0.98 }), item('b', { score: 0 })], of('pass@10'))).toBe(0.49)
    expect(scoreInterval(by({ metric: 'pass@10', n: 2 }), drawn).method).toBe('t')
  })
  test('0/1 items: Wilson when few, normal when many, from items with the n−1 form', () => {
    expect(scoreInterval(by({ score: 0.9, n: 20 }), scores([...Array(18).fill(1), 0, 0])).method).toBe('Wilson')
    const many = scoreInterval(by({ score: 0.6, n: 1000 }), scores([...Array(600).fill(1), ...Array(400).fill(0)]))
    expect(many.method).toBe('normal')
    expect(many.se).toBeCloseTo(Math.sqrt((0.6 * 0.4) / 999), 8)
  })
  test('without items: the reported error, the binomial one for counts, else none with the reason', () => {
    expect(scoreInterval(by({ score: 0.6, n: 1000 }), [])).toMatchObject({ note: null })
    expect(scoreInterval(by({ score: 0.6, n: 1000 }), []).low).toBeCloseTo(0.5696358, 6)
    expect(scoreInterval(by({ score: 60, scale: 100, stderr: 2, n: 9 }), [])).toMatchObject({ low: 56.08, high: 63.92 })
    const missing = scoreInterval(by({ kind: 'loss', metric: 'bits_per_byte', score: 1.2, n: 9 }), [])
    expect(missing).toMatchObject({
      low: null,
      high: null,
      se: null,
      note: 'no items and no standard error were given',
    })
  })
  test('a share of exactly 5 % or 95 % is near the edge', () => {
    const share = (right: number) => scores([...Array(right).fill(1), ...Array(200 - right).fill(0)])
    expect([10, 11, 189, 190].map((k) => scoreInterval(by({ score: k / 200, n: 200 }), share(k)).method)).toEqual([
      'Wilson',
      'normal',
      'normal',
      'Wilson',
    ])
    expect(scoreInterval(by({ score: 5, scale: 100, n: 200 }), []).method).toBe('Wilson, from n alone')
  })
  test('all wrong is 0 points with an interval in points', () => {
    const none = scoreInterval(by({ score: 0, scale: 100, n: 10 }), scores(Array(10).fill(0)))
    expect(none.high).toBeCloseTo(27.754, 4)
    const before = { ...measured(scores(Array(10).fill(1))), score: 100, scale: 100 as const }
    const after = { ...measured(scores(Array(10).fill(0))), score: 0, scale: 100 as const }
    expect(changeBetween(before, after).change).toBe(-100)
  })
  test('a win rate with ties as half has the interval of Wilson; by prompt when several raters judged one', () => {
    const judged = [...Array(60).fill(1), ...Array(20).fill(0.5), ...Array(40).fill(0)]
    const of = by({ metric: 'win_rate', kind: 'rate', score: 70 / 120, n: 120 })
    expect(scoreInterval(of, scores(judged))).toMatchObject({ ...wilson(70 / 120, 120), method: 'Wilson' })
    const prompts = judged.map((_, i) => `p${i % 40}`)
    expect(scoreInterval(of, scores(judged, prompts)).method).toBe('clustered t, 40 clusters')
    expect(scoreInterval({ ...of, metric: 'f1' }, scores(judged)).method).toBe('t')
  })
  test('without items, n and error there is no interval', () =>
    expect(scoreInterval(by({ score: 0.5, n: null }), []).method).toBe('none'))
  test('one item and one cluster have no interval, and it says so', () => {
    expect(scoreInterval(by({ score: 1 }), scores([1])).note).toBe('one item has no standard error')
    expect(scoreInterval(by({ score: 1, n: 2 }), scores([1, 1], ['a', 'a'])).note).toMatch(/single cluster/)
  })
  test('an interval holds its score and grows with fewer items', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 2, maxLength: 300 }), (values) => {
        const items = scores(values)
        const score = scoreOfItems(items, { metric: 'acc', score: 0, scale: 1 }) ?? -1
        const { low, high } = scoreInterval(by({ score, n: values.length }), items)
        expect(low).toBeLessThanOrEqual(score + 1e-12)
        expect(high).toBeGreaterThanOrEqual(score - 1e-12)
      }),
    )
  })
})

describe('labels', () => {
  const gram = fc.nat(9)
  const labels = fc.record({ pred: fc.constantFrom('a', 'b', 'c'), gold: fc.constantFrom('a', 'b', 'd') })
  const counts = fc
    .record({ hypLen: fc.nat(12), refLen: fc.nat(12), match: fc.tuple(gram, gram, gram, gram) })
    .map((own) => ({ counts: { ...own, total: own.match.map((m) => m + 1) } }))
  const named = fc.record({ id: fc.nat(9), cluster: fc.constantFrom(null, 'x', 'y') })
  test('a choice of units scores as the items of those units do', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(fc.tuple(named, labels), { minLength: 1, maxLength: 40 }),
          fc.array(fc.tuple(named, counts), { minLength: 1, maxLength: 40 }),
        ),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }),
        (rows, places) => {
          const items = rows.map(([{ id, cluster }, own], trial) => item(id, { cluster, trial, ...own }))
          const units = unitsOf(items)
          const chosen = places.slice(0, units.length).map((place) => place % units.length)
          const of = chosen.flatMap((place) => items.filter((own) => unitsOf([own])[0] === units[place]))
          expect(scoreOfUnits(items, units)(Int32Array.from(chosen))).toBeCloseTo(corpusScore(of) ?? -1, 12)
        },
      ),
    )
  })
  test('the more items, the fewer resamples, and never less than 200', () => {
    expect([100, 20_000, 40_000, 1_000_000].map(resamplesFor)).toEqual([1000, 1000, 500, 200])
  })
  test('an interval of 20,000 labels does not hold up the process', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => item(i, { pred: `c${(i * 7) % 26}`, gold: `c${i % 26}` }))
    const startedAt = performance.now()
    scoreInterval(by({ metric: 'macro_f1', score: 0.04, n: many.length }), many)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})

describe('losses', () => {
  test.each([
    ['bits_per_byte', 'bits_per_byte'],
    ['bpb', 'bits_per_byte'],
    ['word_perplexity', 'perplexity'],
    ['byte_perplexity', 'perplexity'],
    ['nats_per_token', 'nats_per_token'],
    ['eval_loss', 'nats_per_token'],
  ])('%s is counted in %s', (metric, unit) => expect(lossUnit(metric)).toBe(unit))
  test('bits per byte of totals', () => {
    const documents = lossDocuments([item('a', { nats: 1386.2943611, bytes: 2000 })], 'bits_per_byte')
    expect(lossRatio(documents)?.value).toBeCloseTo(1, 9)
    expect(lossRatio(documents)?.se).toBeNull()
  })
  test('byte perplexity is exp of nats per byte, whatever the tokens', () => {
    const items = [item('a', { nats: 10, bytes: 20, tokens: 5 }), item('b', { nats: 20, bytes: 20, tokens: 1 })]
    expect(scoreOfItems(items, { metric: 'byte_perplexity', score: 2, scale: 1 })).toBeCloseTo(Math.exp(30 / 40), 12)
    expect(scoreOfItems(items, { metric: 'perplexity', score: 2, scale: 1 })).toBeCloseTo(Math.exp(30 / 6), 12)
  })
  test('a corpus without bytes has no value, not 0', () =>
    expect(lossRatio(lossDocuments([item('a', { nats: 3 })], 'bits_per_byte'))).toBeNull())
  test('the drift of a model to itself is exactly 0; of all documents by the same share its error is 0', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ nats: fc.integer({ min: 1, max: 900 }), bytes: fc.integer({ min: 1, max: 900 }) }), {
          minLength: 2,
          maxLength: 30,
        }),
        (rows) => {
          const items = rows.map((row, i) => item(i, row))
          const documents = lossDocuments(items, 'bits_per_byte')
          expect(lossDrift(documents, documents)).toMatchObject({ value: 0, se: 0, documents: rows.length })
        },
      ),
    )
  })
  test('the drift weighs documents by their bytes', () => {
    const before = [item('a', { nats: 100, bytes: 100 }), item('b', { nats: 100, bytes: 300 })]
    const after = [item('a', { nats: 110, bytes: 100 }), item('b', { nats: 140, bytes: 300 })]
    const of = (items: SlimItem[]) => measured(items, { metric: 'bits_per_byte' })
    const change = changeBetween(of(before), of(after))
    expect(change.change).toBeCloseTo(50 / Math.LN2 / 400, 12)
    expect(change.pairedN).toBe(2)
    expect(change.method).toContain('paired drift over 2 documents')
  })
})

describe('a change', () => {
  test('0/1 items: McNemar exact and the paired interval', () => {
    const before = scores([...Array(300).fill(1), ...Array(200).fill(0)])
    const after = scores([...Array(255).fill(1), ...Array(45).fill(0), ...Array(20).fill(1), ...Array(180).fill(0)])
    const change = changeBetween(measured(before), measured(after))
    expect(change.change).toBeCloseTo(-0.05, 9)
    expect(change.p).toBeCloseTo(0.002626, 6)
    expect(change.low).toBeCloseTo(-0.05 - 1.96 * Math.sqrt((65 - 500 * 0.05 ** 2) / (500 * 499)), 6)
    expect(change.method).toBe('paired, McNemar exact: 45 lost, 20 gained')
    expect(change.moved).toEqual({ lost: 45, gained: 20, same: 435 })
    expect(change.se).toBeCloseTo(0.015985, 6)
    expect(change.detectable).toBeCloseTo(2.8016 * Math.sqrt(65 / 500 / 500), 5)
    expect(readChange(change.change, change.p)).toBe('lost')
    expect(isBeyond(change.low, change.high)).toBe(true)
  })
  test('clusters decide, also for 0/1 items', () => {
    const clusters = ['p', 'p', 'q', 'q', 'r', 'r']
    const change = changeBetween(
      measured(scores([1, 0, 1, 1, 0, 1], clusters)),
      measured(scores([1, 1, 0, 1, 0, 0], clusters)),
    )
    expect(change.change).toBeCloseTo(-1 / 6, 9)
    expect(change.method).toBe('paired, clustered t over 3 clusters')
    // se 1/3, t(2) = −0.5
    expect(change.p).toBeCloseTo(0.6667, 3)
  })
  test('McNemar: nothing changed is 1, symmetric is 1, and swapping sides changes nothing', () => {
    expect(mcnemarExact(0, 0)).toBe(1)
    expect(mcnemarExact(7, 7)).toBe(1)
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(3000), (a, b) => {
        const p = mcnemarExact(a, b)
        expect(p).toBeCloseTo(mcnemarExact(b, a), 12)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
      }),
    )
  })
  test.each([
    [0, 1],
    [3, 9],
    [200, 260],
    [230, 230],
    [5, 2000],
    [500, 700],
    [1500, 1600],
  ])('McNemar: of %i lost and %i gained, p is that of whole numbers', (lost, gained) => {
    const n = BigInt(lost + gained)
    let [term, sum] = [1n, 1n]
    for (let i = 1n; i <= BigInt(Math.min(lost, gained)); i++) {
      term = (term * (n - i + 1n)) / i
      sum += term
    }
    // Twice the sum over 2^n, to eighteen digits behind the first 330.
    const digits = 10n ** 348n
    const p = Math.min(1, Number(`${(2n * sum * digits) / 2n ** n}e-348`))
    expect(mcnemarExact(lost, gained)).toBeCloseTo(p, 14)
    if (p > 0) expect(mcnemarExact(lost, gained) / p).toBeCloseTo(1, 12)
  })
  test('the change from A to B is minus that from B to A, with the same p', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1), fc.constantFrom('a', 'b', 'c')), {
          minLength: 3,
          maxLength: 60,
        }),
        fc.boolean(),
        (rows, clustered) => {
          const clusters = clustered ? rows.map((row) => row[2]) : undefined
          const a = measured(
            scores(
              rows.map((row) => row[0]),
              clusters,
            ),
          )
          const b = measured(
            scores(
              rows.map((row) => row[1]),
              clusters,
            ),
          )
          const [there, back] = [changeBetween(a, b), changeBetween(b, a)]
          expect(there.change).toBeCloseTo(-back.change, 12)
          if (there.p !== null && back.p !== null) expect(there.p).toBeCloseTo(back.p, 9)
        },
      ),
    )
  })
  test('too few shared items are compared unpaired and labelled', () => {
    const change = changeBetween(
      measured(scores([1, 0, 1, 0]), { se: 0.1 }),
      measured(scores([1, 1, 1]), { se: 0.1, score: 1 }),
    )
    expect(change).toMatchObject({ pairedN: null, moved: null })
    expect(change.method).toContain('unpaired z (only 3 shared items of 4 and 3)')
    expect(change.p).toBeCloseTo(0.000407, 5)
  })
  test('nine of ten shared items are enough, and both numbers are told', () => {
    const all = scores([1, 0, 1, 0, 1, 0, 1, 0, 1, 1])
    const change = changeBetween(measured(all), measured(all.slice(0, 9)))
    expect(change).toMatchObject({ pairedN: 9, change: 0, p: 1, moved: { lost: 0, gained: 0, same: 9 } })
    expect(change.method).toContain('9 shared items of 10 and 9')
  })
  test('labels under a metric that counts right ones are 0/1 items', () => {
    const as = (values: readonly number[]) => values.map((right, i) => item(i, { pred: right ? 'a' : 'b', gold: 'a' }))
    const [before, after] = [
      [1, 1, 1, 0, 1, 1],
      [1, 0, 0, 1, 1, 0],
    ] as const
    expect(changeBetween(measured(as(before)), measured(as(after)))).toEqual(
      changeBetween(measured(scores(before)), measured(scores(after))),
    )
    expect(scoreInterval(by({ score: 5 / 6, n: 6 }), as(before))).toEqual(
      scoreInterval(by({ score: 5 / 6, n: 6 }), scores(before)),
    )
  })
  test('macro-F1 of three seeds and of one are paired by item; items of one passage are drawn together', () => {
    const label = (i: number, trial: number) => item(i, { trial, pred: `c${(i * 5 + trial) % 3}`, gold: `c${i % 3}` })
    const few = Array.from({ length: 40 }, (_, i) => label(i, 0))
    const many = [0, 1, 2].flatMap((trial) => few.map((_, i) => label(i, trial)))
    const of = (items: SlimItem[]) => measured(items, { metric: 'macro_f1' })
    expect(changeBetween(of(few), of(many))).toMatchObject({ pairedN: 40, moved: null })
    const passages = few.map((own, i) => ({ ...own, cluster: i < 20 ? 'left' : 'right' }))
    const whole = changeBetween(of(few), of(passages.map((own) => ({ ...own, pred: own.gold }))))
    // Two passages give three samples: both, or either twice.
    expect([whole.low, whole.high].every((end) => (end ?? 0) > 0)).toBe(true)
    expect(changeBetween(of(few), of(few.map((own) => ({ ...own, cluster: 'one' })))).method).toMatch(/single cluster/)
  })
  test('BLEU comes from counts summed over the corpus, with a paired bootstrap', () => {
    const output = (i: number, match: number[]) =>
      item(i, { counts: { hypLen: 9, refLen: 10, match, total: [9, 8, 7, 6] } })
    const good = Array.from({ length: 30 }, (_, i) => output(i, i % 2 ? [7, 5, 4, 3] : [6, 4, 2, 1]))
    const poor = good.map((_, i) => output(i, i % 3 ? [5, 3, 1, 0] : [6, 4, 2, 1]))
    const of = (items: SlimItem[]) => measured(items, { metric: 'bleu', scale: 100, score: 30 })
    // exp(1 − 10/9) · (13/18 · 9/16 · 6/14 · 4/12)^¼
    const bleu = 100 * Math.exp(-1 / 9) * ((13 / 18) * (9 / 16) * (3 / 7) * (1 / 3)) ** 0.25
    expect(scoreOfItems(good, { metric: 'bleu', score: bleu, scale: 100 })).toBeCloseTo(bleu, 9)
    const interval = scoreInterval(by({ metric: 'bleu', score: bleu, scale: 100, n: 30 }), good)
    expect(interval.method).toBe('bootstrap, 1,000 resamples')
    expect(interval.low).toBeLessThan(bleu)
    expect(interval.high).toBeGreaterThan(bleu)
    const change = changeBetween(of(good), of(poor))
    expect(change.high).toBeLessThan(0)
    expect(change).toMatchObject({ p: 1 / 1001, pairedN: 30, moved: null })
    expect(changeBetween(of(good), of(good))).toMatchObject({ change: 0, se: 0, p: 1 })
  })
  test('without items and without errors there is a change but no interval', () => {
    const change = changeBetween(measured([], { score: 0.5 }), measured([], { score: 0.4, se: 0.02 }))
    expect(change).toMatchObject({ se: null, low: null, high: null, p: null, detectable: null })
    expect(readChange(change.change, change.p)).toBe('no_interval')
  })
  test('scales are brought together', () => {
    const change = changeBetween(measured([], { score: 0.5, se: 0.01 }), measured([], { score: 40, scale: 100, se: 1 }))
    expect(change.change).toBeCloseTo(-10, 9)
  })
  test('macro-F1: over the classes that occur, a class without a hit scores 0; the bootstrap repeats itself', () => {
    const pairs = [
      { pred: 'a', gold: 'a' },
      { pred: 'b', gold: 'a' },
      { pred: 'b', gold: 'b' },
      { pred: 'c', gold: 'b' },
    ]
    expect(macroF1(pairs)).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12)
    expect(macroF1([])).toBeNull()
    const items = pairs.map((pair, i) => item(i, pair))
    const worse = items.map((i) => ({ ...i, pred: 'c' }))
    const of = (list: SlimItem[]) => measured(list, { metric: 'macro_f1' })
    const change = changeBetween(of(items), of(worse))
    expect(change).toEqual(changeBetween(of(items), of(worse)))
    expect(change.p).toBeGreaterThanOrEqual(1 / 1001)
    expect(change.method).toContain('bootstrap')
    expect(bootstrap(3, (i) => i.length, 5)).toEqual([3, 3, 3, 3, 3])
  })
})

describe('reading', () => {
  test('Benjamini–Hochberg of the textbook family, and of none', () => {
    const adjusted = benjaminiHochberg([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205])
    const want = [0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.084571, 0.205]
    adjusted.forEach((p, i) => {
      expect(p).toBeCloseTo(want[i] ?? -1, 6)
    })
    expect(benjaminiHochberg([])).toEqual([])
  })
  test.each([
    ['a small benchmark', -0.02, 0.4, 0.05, true],
    ['a found loss', -0.02, 0.04, 0.05, false],
    ['a loss that it could have found', -0.06, 0.06, 0.05, false],
    ['no interval', -0.02, null, null, false],
  ])('%s could not have shown it: change %d, p %s, detectable %s: %s', (_, change, p, detectable, want) =>
    expect(couldNotShow(change, p, detectable)).toBe(want),
  )
  test.each([
    [1, -0.2, -0.3, -0.12, 0.1, 'certain'],
    [1, -0.2, -0.3, -0.05, 0.1, 'estimate'],
    [1, -0.05, -0.3, 0.1, 0.1, 'no'],
    [-1, -0.2, 0.12, 0.3, 0.1, 'certain'],
    [-1, -0.2, 0.05, 0.3, 0.1, 'estimate'],
  ] as const)('orientation %i, utility %d, interval %d…%d, tolerance %d: %s', (o, utility, low, high, tau, want) =>
    expect(overBudget(utility, { low, high }, o, tau)).toBe(want),
  )
  test('without an interval a loss beyond the tolerance is an estimate', () =>
    expect(overBudget(-1, { low: null, high: null }, 1, 0.1)).toBe('estimate'))
  test('what should be kept may lose a point or 0.01; what is aimed at has no tolerance', () => {
    expect(defaultTolerance('retention', 'accuracy', 1)).toBe(0.01)
    expect(defaultTolerance('safety', 'rate', 100)).toBe(1)
    expect(defaultTolerance('retention', 'loss', 1)).toBe(0.01)
    expect(defaultTolerance('retention', 'elo', 1)).toBeNull()
    expect(defaultTolerance('target', 'accuracy', 1)).toBeNull()
  })
  test('protocols differ by name of the field; absent and null are alike', () => {
    const a = { task: 'mmlu', shots: 5, split: 'test' }
    expect(differingFields(a, { task: 'mmlu', shots: 0, split: 'test' })).toEqual(['shots'])
    expect(differingFields(a, { ...a, judge: undefined as never })).toEqual([])
  })
  test('a stated score agrees with its items when it is their score rounded', () => {
    expect(agrees(0.667, 2 / 3, 1)).toBe(true)
    expect(agrees(66.7, 200 / 3, 100)).toBe(true)
    expect(agrees(0.66, 2 / 3, 1)).toBe(false)
  })
})

describe('verdicts', () => {
  test('are counted over shared items, and changed ones come first', () => {
    const before = scores([1, 1, 0, 0])
    const after = scores([1, 0, 1, 0])
    expect(countFlips(before, after)).toEqual({ lost: 1, gained: 1, kept_right: 1, kept_wrong: 1 })
    expect(changedFirst(before, after, 3)).toEqual(['1', '2', '0'])
    expect(countFlips(scores([0.5]), scores([1]))).toBeNull()
    expect(countFlips(before, [])).toBeNull()
  })
})
