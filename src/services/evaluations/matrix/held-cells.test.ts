import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countRight } from '#src/core/evaluations/bit-items.ts'
import { countFlips } from '#src/core/evaluations/flips.ts'
import { packItems, readPacked, scoreBits } from '#src/core/evaluations/packed-items.ts'
import { changeBetween } from '#src/core/evaluations/paired-change.ts'
import { scoreInterval } from '#src/core/evaluations/score-interval.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import type { Context } from '#src/services/context.ts'
import { changeOf, flipsOf, type HeldCell, intervalOf } from './held-cells.ts'

/** Nothing of it is asked but which process remembers. */
const ctx = { services: {} } as Context

const verdicts = (n: number) => fc.array(fc.boolean(), { minLength: n, maxLength: n })
const pairs = fc
  .integer({ min: 1, max: 300 })
  .chain((n) => fc.tuple(verdicts(n), verdicts(n), fc.constantFrom(1 as const, 100 as const)))

const itemsOf = (right: readonly boolean[]): SlimItem[] =>
  right.map((is, i) => ({
    id: `i${String(i).padStart(4, '0')}`,
    trial: null,
    cluster: null,
    score: Number(is),
    nats: null,
    bytes: null,
    tokens: null,
    pred: null,
    gold: null,
  }))

let ids = 0

/** A cell with items as bits of list 1, or with nothing but its score. */
function held(right: readonly boolean[], scale: 1 | 100, of: { items: boolean; stderr: number | null }): HeldCell {
  const score = (right.filter(Boolean).length / right.length) * scale
  const packed = packItems(itemsOf(right))
  const words = packed && scoreBits(readPacked(packed.bytes))
  if (!words) throw new Error('0/1 items have bits')
  ids++
  return {
    row: {
      id: ids,
      checkpoint_id: ids,
      benchmark_id: 1,
      protocol_id: 1,
      metric: 'acc',
      variant: '',
      score,
      scale,
      stderr: of.stderr,
      n: right.length,
      n_missing: null,
      n_clusters: null,
      n_items: of.items ? right.length : 0,
    },
    ids: String(ids),
    evaluationIds: [ids],
    score,
    trials: 1,
    listId: of.items ? 1 : null,
    bits: of.items ? { words, n: right.length, right: countRight(words) } : null,
    items: null,
    interval: null,
  }
}

/** What the plain statistics say of the same side. */
function plain(cell: HeldCell, items: readonly SlimItem[]) {
  const { metric, scale, stderr, n } = cell.row
  const of = { metric, kind: 'accuracy' as const, score: cell.score, scale, stderr, n, nClusters: null }
  const interval = scoreInterval(of, items)
  return { interval, measured: { metric, score: cell.score, scale, se: interval.se, items } }
}

function expectSame(fast: object, known: object): void {
  for (const [name, value] of Object.entries(known)) {
    const own: unknown = Object.entries(fast).find(([key]) => key === name)?.[1]
    if (typeof value === 'number' && typeof own === 'number') expect(own, name).toBeCloseTo(value, 9)
    else expect(own, name).toEqual(value)
  }
}

describe('a cell held in memory says what the plain statistics say', () => {
  test('of items held as bits: interval, paired change and flips', () =>
    fc.assert(
      fc.property(pairs, ([old, now, scale]) => {
        const [before, after] = [old, now].map((right) => held(right, scale, { items: true, stderr: null }))
        if (!before || !after) throw new Error('two sides')
        const [was, is] = [plain(before, itemsOf(old)), plain(after, itemsOf(now))]
        if (now.length >= 2) {
          expectSame(intervalOf(after, 'accuracy'), is.interval)
          expectSame(changeOf(ctx, before, after, 'accuracy'), changeBetween(was.measured, is.measured))
        }
        expect(flipsOf(before, after)).toEqual(countFlips(itemsOf(old), itemsOf(now)))
      }),
    ))

  test('of a score without items: the unpaired change, or that there is no interval', () =>
    fc.assert(
      fc.property(pairs, fc.option(fc.double({ min: 0.001, max: 0.2, noNaN: true })), ([old, now, scale], stderr) => {
        const [before, after] = [old, now].map((right) => held(right, scale, { items: false, stderr }))
        if (!before || !after) throw new Error('two sides')
        const [was, is] = [plain(before, []), plain(after, [])]
        expectSame(intervalOf(after, 'accuracy'), is.interval)
        expectSame(changeOf(ctx, before, after, 'accuracy'), changeBetween(was.measured, is.measured))
      }),
    ))
})
