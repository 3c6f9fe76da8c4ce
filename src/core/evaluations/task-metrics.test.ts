import { describe, expect, test } from 'vitest'
import { bitsPerByte, utf8Bytes } from './bits-per-byte.ts'
import { bleuOfCounts, bleuOfPrecisions, brevityPenalty } from './bleu.ts'
import { clusteredErrors } from './clustered-errors.ts'
import { eloUpdate } from './elo.ts'
import { equivalenceP } from './equivalence.ts'
import { f1, macroF1OfClasses, microF1OfClasses, precision, recall } from './f1.ts'
import { macroF1 } from './macro-f1.ts'
import { meanError } from './mean-error.ts'
import { passAtK } from './pass-at-k.ts'
import { corpusPerplexity } from './perplexity.ts'
import { pooledError } from './pooled-error.ts'
import { binomialError } from './share-interval.ts'

describe('BLEU', () => {
  test.each([
    [[13, 9, 6, 4], [18, 16, 14, 12], 18, 20, 43.92066337608613],
    [[5, 2, 0, 0], [9, 8, 7, 6], 9, 10, 12.759307794697138],
    [[3, 0, 0, 0], [5, 4, 3, 2], 5, 4, 14.058533129758727],
    [[60, 40, 30, 20], [100, 99, 98, 97], 100, 90, 35.1708101174344],
    [[2, 1, 0, 0], [3, 2, 1, 0], 3, 4, 0],
    [[0, 0, 0, 0], [5, 4, 3, 2], 5, 5, 0],
  ])(
    'of matches %j of %j in %i tokens against %i is that of sacreBLEU 2.6.0: %d',
    (match, total, hypLen, refLen, bleu) =>
      expect(bleuOfCounts({ hypLen, refLen, match, total })).toBeCloseTo(bleu, 10),
  )
  test('without smoothing one precision of 0 makes it 0, and an empty output has no brevity to reward', () => {
    expect(bleuOfPrecisions(18, 20, [60, 40, 30, 0])).toBe(0)
    expect(brevityPenalty(0, 20)).toBe(0)
    expect(brevityPenalty(30, 20)).toBe(1)
  })
})

describe('F1', () => {
  test('is not defined without any prediction and any case, and counts 0 in a macro mean', () => {
    const none = { tp: 0, fp: 0, fn: 0 }
    expect([precision(none), recall(none), f1(none)]).toEqual([null, null, null])
    expect(macroF1OfClasses([{ tp: 5, fp: 0, fn: 0 }, none])).toBe(0.5)
    expect(macroF1OfClasses([])).toBeNull()
    expect(microF1OfClasses([none])).toBeNull()
  })
  test('micro of one label per item is the share of right ones', () => {
    const classes = [
      { tp: 3, fp: 1, fn: 2 },
      { tp: 4, fp: 2, fn: 1 },
    ]
    expect(microF1OfClasses(classes)).toBeCloseTo(7 / 10, 12)
    const labels = ['aa', 'aa', 'aa', 'ab', 'ab', 'ba', 'bb', 'bb', 'bb', 'bb'].map((own) => ({
      gold: own.slice(0, 1),
      pred: own.slice(1),
    }))
    expect(macroF1(labels)).toBeCloseTo(macroF1OfClasses(classes) ?? -1, 12)
  })
})

describe('pass@k', () => {
  test('with fewer wrong answers than k is exactly 1, with none right exactly 0, and of many answers finite', () => {
    expect(passAtK(10, 6, 5)).toBe(1)
    expect(passAtK(10, 0, 5)).toBe(0)
    expect(passAtK(2000, 1, 100)).toBeCloseTo(0.05, 12)
  })
  test.each([
    [10, 11, 1, /c is 11/],
    [10, 5, 11, /k is 11; with n 10 answers it may be 1 to 10/],
    [10, 5, 0, /k is 0/],
  ])('of %i answers, %i right, k %i is refused by name', (n, c, k, message) =>
    expect(() => passAtK(n, c, k)).toThrow(message),
  )
})

describe('losses', () => {
  test('worse per token may be better per byte', () => {
    expect(bitsPerByte([{ nats: 2, bytes: 4.2 }])).toBeCloseTo(0.687, 3)
    expect(bitsPerByte([{ nats: 2.2, bytes: 4.7 }])).toBeCloseTo(0.675, 3)
  })
  test('bytes are those of UTF-8', () => expect(utf8Bytes('né €')).toBe(7))
  test('no bytes or tokens is an error, not 0', () => {
    expect(() => bitsPerByte([{ nats: 3, bytes: 0 }])).toThrow(/0 bytes/)
    expect(() => corpusPerplexity([2], [0])).toThrow(/0 tokens/)
    expect(() => corpusPerplexity([2, 3], [1])).toThrow(/doc_losses has 2 entries and tokens has 1/)
  })
})

describe('errors of a score', () => {
  test('a single cluster has no CR1 error, clusters of one item each have that of items alone', () => {
    expect(clusteredErrors([[1, 0, 1, 0]])).toMatchObject({ clusters: 1, cr1: null, cr0: 0 })
    const alone = clusteredErrors([[1], [0], [1], [1]])
    expect(alone.cr1).toBeCloseTo(alone.clt, 12)
    expect(alone.miller).toBeCloseTo(alone.clt, 12)
  })
  test('of items and of n alone differ by n−1', () =>
    expect((meanError([1, 1, 0, 1]).se ?? 0) * Math.sqrt(3 / 4)).toBeCloseTo(binomialError(0.75, 4), 12))
  test('empty clusters and single items are refused', () => {
    expect(() => clusteredErrors([[1, 0], []])).toThrow(/clusters.1 is empty/)
    expect(() => clusteredErrors([[1]])).toThrow(/needs 2/)
  })
  test('a pooled error over a missing one is missing', () => {
    expect(pooledError([0.02, null], [500, 200])).toBeNull()
    expect(pooledError([0.3, 0.3], [1, 1])).toBeNull()
    expect(() => pooledError([0.02], [500, 200])).toThrow(/se has 1 entries and n has 2/)
  })
  test('a change without error is equivalent to none only within the margin', () => {
    expect(equivalenceP(0.5, 0, 1)).toBe(0)
    expect(equivalenceP(-1, 0, 1)).toBe(1)
    expect(() => equivalenceP(0, 1, 0)).toThrow(/margin 0/)
  })
})

test('Elo gives to one what it takes from the other', () => {
  const { a, b, expected } = eloUpdate(1200, 1000, 4, 0.5)
  expect(a + b).toBeCloseTo(2200, 9)
  expect(a - 1200).toBeCloseTo(4 * (0.5 - expected), 9)
})
