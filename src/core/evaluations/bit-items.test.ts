import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitChange, bitInterval, countBitFlips, countRight, popcount } from './bit-items.ts'
import { countFlips } from './flips.ts'
import { packItems, readPacked, scoreBits } from './packed-items.ts'
import { changeBetween } from './paired-change.ts'
import { scoreInterval } from './score-interval.ts'
import type { SlimItem } from './slim-item.ts'

const item = (id: number, score: number): SlimItem => ({
  id: `i${String(id).padStart(4, '0')}`,
  trial: null,
  cluster: null,
  score,
  nats: null,
  bytes: null,
  tokens: null,
  pred: null,
  gold: null,
})
const itemsOf = (verdicts: readonly boolean[]) => verdicts.map((right, i) => item(i, Number(right)))
const share = (verdicts: readonly boolean[]) => verdicts.filter(Boolean).length / verdicts.length
const verdicts = (n: number) => fc.array(fc.boolean(), { minLength: n, maxLength: n })
const pairs = fc.integer({ min: 2, max: 260 }).chain((n) => fc.tuple(verdicts(n), verdicts(n)))

describe('bits say what the items say', () => {
  test('the same flips', () =>
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const [old, now] = [itemsOf(before), itemsOf(after)]
        expect(countBitFlips(bits(old), bits(now), old.length)).toEqual(countFlips(old, now))
        expect(countRight(bits(now))).toBe(after.filter(Boolean).length)
      }),
    ))

  test('the same interval', () =>
    fc.assert(
      fc.property(pairs, fc.constantFrom(1 as const, 100 as const), ([, after], scale) => {
        const of = { metric: 'acc', kind: 'accuracy' as const, stderr: null, n: after.length, nClusters: null, scale }
        const known = scoreInterval({ ...of, score: share(after) * scale }, itemsOf(after))
        const fromBits = bitInterval(after.filter(Boolean).length, after.length, scale)
        expect(fromBits.method).toBe(known.method)
        for (const end of ['low', 'high', 'se'] as const) expect(fromBits[end]).toBeCloseTo(known[end] ?? Number.NaN, 9)
      }),
    ))

  test('the same change', () =>
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const [old, now] = [itemsOf(before), itemsOf(after)]
        const side = (of: readonly boolean[], items: SlimItem[]) => ({
          metric: 'acc',
          score: share(of),
          scale: 1 as const,
          se: null,
          items,
        })
        const known = changeBetween(side(before, old), side(after, now))
        const fromBits = bitChange(countBitFlips(bits(old), bits(now), old.length), old.length, 1)
        expect(fromBits).toMatchObject({ pairedN: known.pairedN, method: known.method, p: known.p, moved: known.moved })
        for (const end of ['change', 'se', 'low', 'high', 'detectable'] as const)
          expect(fromBits[end]).toBeCloseTo(known[end] ?? Number.NaN, 9)
      }),
    ))
})

test.each([
  [0, 0],
  [1, 1],
  [-1, 32],
  [0x8000_0001, 2],
  [0b1011_0110, 5],
])('word %i has %i ones', (word, ones) => expect(popcount(word)).toBe(ones))

function bits(items: readonly SlimItem[]): Uint32Array {
  const packed = packItems(items)
  const found = packed && scoreBits(readPacked(packed.bytes))
  if (!found) throw new Error('0/1 items have bits')
  return found
}
