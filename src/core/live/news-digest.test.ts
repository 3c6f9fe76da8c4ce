import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Advance,
  addAdvance,
  addDigest,
  bitOf,
  kindsOf,
  NEWS_KINDS,
  type NewsDigest,
  waitMs,
} from './news-digest.ts'

const advance = fc.record({
  lastStep: fc.option(fc.nat(), { nil: null }),
  atMs: fc.nat(),
  kinds: fc.integer({ min: 1, max: 2 ** NEWS_KINDS.length - 1 }),
})
const news = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), advance))

describe('a digest', () => {
  test('has one entry per run, with every kind that was told and the newest time', () =>
    fc.assert(
      fc.property(news, (all) => {
        const digest = digestOf(all)
        for (const [run, { kinds, atMs, lastStep }] of digest) {
          const own = all.filter(([id]) => id === run).map(([, told]) => told)
          expect(kinds).toBe(own.reduce((bits, told) => bits | told.kinds, 0))
          expect(atMs).toBe(Math.max(...own.map((told) => told.atMs)))
          expect(lastStep).toBe(own.findLast((told) => told.lastStep !== null)?.lastStep ?? null)
        }
        expect([...digest.keys()].sort()).toEqual([...new Set(all.map(([id]) => id))].sort())
      }),
    ))

  test('is the same in one part and in two', () =>
    fc.assert(
      fc.property(news, fc.nat(), (all, cut) => {
        const parts = digestOf(all.slice(0, cut))
        addDigest(parts, digestOf(all.slice(cut)))
        expect(parts).toEqual(digestOf(all))
      }),
    ))

  test('does not change what it was given', () => {
    const told: Advance = { lastStep: 1, atMs: 1, kinds: 1 }
    const digest = digestOf([
      [1, told],
      [1, { lastStep: 2, atMs: 2, kinds: 2 }],
    ])
    expect([told, digest.get(1)]).toEqual([
      { lastStep: 1, atMs: 1, kinds: 1 },
      { lastStep: 2, atMs: 2, kinds: 3 },
    ])
  })

  test('tells the step of a resume, although it lies further back', () =>
    expect(
      digestOf([
        [1, { lastStep: 900, atMs: 1, kinds: 1 }],
        [1, { lastStep: 500, atMs: 2, kinds: 1 }],
      ]).get(1)?.lastStep,
    ).toBe(500))
})

test('kinds are bits and back', () =>
  fc.assert(
    fc.property(fc.subarray([...NEWS_KINDS]), (kinds) => {
      expect(kindsOf(kinds.reduce((bits, kind) => bits | bitOf(kind), 0))).toEqual(kinds)
    }),
  ))

test.each([
  ['the first is told at once', null, 1_000, 0],
  ['after a pause at once', 1_000, 1_250, 0],
  ['within the pace at its end', 1_000, 1_100, 150],
  ['right after the last a whole pace later', 1_000, 1_000, 250],
  ['a clock that was set back makes nobody wait longer', 9_000, 1_000, 250],
])('%s', (_, last, now, wait) => expect(waitMs(last, now, 250)).toBe(wait))

function digestOf(all: readonly (readonly [number, Advance])[]): NewsDigest {
  const digest: NewsDigest = new Map()
  for (const [run, told] of all) addAdvance(digest, run, told)
  return digest
}
