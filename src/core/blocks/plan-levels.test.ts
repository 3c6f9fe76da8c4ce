import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BlockSpans,
  countMarked,
  coveredBy,
  keepSteps,
  keepTimes,
  levelFor,
  markAll,
  POINTS,
  planLevels,
  SKIPPED,
  takePoints,
  WHOLE,
} from './plan-levels.ts'

/** Blocks of a few points each, with gaps between the steps and times that run backwards now and then. */
const anyBlocks = fc
  .array(
    fc.record({
      n: fc.integer({ min: 1, max: 5 }),
      gap: fc.integer({ min: 1, max: 3 }),
      t: fc.integer({ min: 0, max: 400 }),
    }),
    {
      minLength: 1,
      maxLength: 700,
    },
  )
  .chain((list) => fc.tuple(fc.constant(list), fc.boolean()))
  .map(([list, isShort]) => {
    let step = 0
    const points = list.map(({ n, gap, t }) =>
      Array.from({ length: n }, (_, i) => {
        step += gap
        return { step, t: t + ((i * 7) % 5) }
      }),
    )
    const column = (of: (block: (typeof points)[number]) => number) => Float64Array.from(points, of)
    const blocks: BlockSpans = {
      n: column((b) => b.length),
      step0: column((b) => b[0]?.step ?? 0),
      step1: column((b) => b.at(-1)?.step ?? 0),
      t0: column((b) => Math.min(...b.map((p) => p.t))),
      t1: column((b) => Math.max(...b.map((p) => p.t))),
      levelled: list.length - (isShort ? 1 : 0),
      thinned: null,
    }
    return { blocks, points }
  })
const anySpans = fc
  .uniqueArray(fc.integer({ min: -10, max: 3_000 }), { minLength: 2, maxLength: 6 })
  .map((ends) => ends.toSorted((a, b) => a - b))
  .map((ends) =>
    Array.from({ length: ends.length >> 1 }, (_, i) => ({
      from: ends[2 * i] as number,
      to: (ends[2 * i + 1] as number) - 1,
    })),
  )
const anyLevel = fc.integer({ min: 0, max: 5 })

const none = new Float64Array(245)
const millionPoints: BlockSpans = {
  n: none,
  step0: none,
  step1: none,
  t0: none,
  t1: none,
  levelled: 245,
  thinned: null,
}

const isIn = (spans: readonly { from: number; to: number }[], at: number) =>
  spans.some((s) => at >= s.from && at <= s.to)

describe('a plan of levels', () => {
  test('covers every point of the range exactly once, and by buckets none that lies outside or is newer', () => {
    fc.assert(
      fc.property(anyBlocks, anySpans, anySpans, anyLevel, ({ blocks, points }, spans, [zone], level) => {
        const marks = markAll(blocks)
        keepSteps(marks, blocks, spans)
        if (zone) takePoints(marks, blocks, zone)
        const covered = new Uint8Array(points.length)
        for (const read of planLevels(marks, blocks, level)) {
          expect(read.level).toBeLessThanOrEqual(level)
          const { first, last } = coveredBy(read)
          if (read.level > 0) expect(last).toBeLessThan(blocks.levelled)
          for (let b = first; b <= last; b++) {
            covered[b] = (covered[b] as number) + 1
            if (read.level === 0) continue
            for (const { step } of points[b] ?? []) {
              expect(isIn(spans, step)).toBe(true)
              if (zone) expect(isIn([zone], step)).toBe(false)
            }
          }
        }
        for (const [b, block] of points.entries()) {
          expect(covered[b]).toBe(marks[b] === SKIPPED ? 0 : 1)
          if (block.some(({ step }) => isIn(spans, step))) expect(covered[b]).toBe(1)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('by wall time keeps every block that can hold a point of the range, whole only where all its points do', () => {
    fc.assert(
      fc.property(anyBlocks, anySpans, ({ blocks, points }, spans) => {
        const marks = markAll(blocks)
        keepTimes(marks, blocks, spans)
        for (const [b, block] of points.entries()) {
          const inside = block.filter(({ t }) => isIn(spans, t)).length
          if (inside > 0) expect(marks[b]).not.toBe(SKIPPED)
          if (marks[b] === WHOLE) expect(inside).toBe(block.length)
        }
      }),
    )
  })

  test('reads no two neighbours that one coarser block has as well', () => {
    fc.assert(
      fc.property(anyBlocks, anySpans, anyLevel, ({ blocks }, spans, level) => {
        const marks = markAll(blocks)
        keepSteps(marks, blocks, spans)
        for (const read of planLevels(marks, blocks, level)) {
          if (read.level === 0 || read.level === level) continue
          // Eight in a row that begin at a multiple of eight would be one of the next level.
          const begin = Math.ceil(read.first / 8) * 8
          expect(read.last - begin + 1).toBeLessThan(8)
        }
      }),
    )
  })

  test('knows between which bounds the number of points lies', () => {
    fc.assert(
      fc.property(anyBlocks, anySpans, ({ blocks, points }, spans) => {
        const marks = markAll(blocks)
        keepSteps(marks, blocks, spans)
        const n = points.flat().filter(({ step }) => isIn(spans, step)).length
        const { least, most } = countMarked(marks, blocks)
        expect(least).toBeLessThanOrEqual(n)
        expect(most).toBeGreaterThanOrEqual(n)
        if (!marks.includes(POINTS)) expect(least).toBe(most)
      }),
    )
  })

  test.each([
    [10_000, 1_000, 1],
    [7_999, 1_000, 0],
    [8_000, 1_000, 1],
    [1_000_000, 1_000, 3],
    [100_000_000, 1_000, 5],
    [0, 1, 0],
  ])('of %i points at %i px is at level %i', (points, px, level) => {
    expect(levelFor(points, px)).toBe(level)
  })

  test('of a million points takes the coarsest blocks and the rest at finer ones', () => {
    const marks = new Uint8Array(245).fill(WHOLE)
    expect(planLevels(marks, millionPoints, 3)).toEqual([
      { level: 3, first: 0, last: 2 },
      { level: 2, first: 24, last: 29 },
      { level: 1, first: 240, last: 244 },
    ])
  })

  test('takes level 1 for points that were thinned out', () => {
    const marks = new Uint8Array(245)
    marks.set([POINTS, WHOLE, POINTS], 7)
    const thinned = new Uint8Array(245).fill(1, 0, 9)
    expect(planLevels(marks, { ...millionPoints, thinned }, 0)).toEqual([
      { level: 1, first: 7, last: 8 },
      { level: 0, first: 9, last: 9 },
    ])
  })
})
