/**
 * Which sealed blocks cover a range, each point once. Level-0 blocks are marked first: skipped, taken whole (at any level), or taken
 * as points, where the range, the view of an attempt or newer points cut them. What is whole is then read from the coarsest blocks
 * that lie in it; around a cut the levels go down to the points, so that nothing of beyond it enters a minimum, maximum or mean.
 */
import { LEVEL_RATIO } from './level-block.ts'

/** Level-0 blocks of one series, ascending by step and apart; parallel arrays, the place is the block's number. */
export interface BlockSpans {
  /** Points per block. */
  n: Float64Array
  step0: Float64Array
  step1: Float64Array
  /** Least and greatest wall time, ms. */
  t0: Float64Array
  t1: Float64Array
  /** Blocks 0 … levelled−1 have levels. */
  levelled: number
  /** 1: the points of this block were thinned out, and level 1 is the finest that is left of it. Null: none was. */
  thinned: Uint8Array | null
}

/** From … to, both included; the ends may be ±Infinity. */
export interface Span {
  from: number
  to: number
}

export const SKIPPED = 0
export const WHOLE = 1
export const POINTS = 2

/** One mark per level-0 block. */
export type BlockMarks = Uint8Array

/** Consecutive blocks of one level: numbers `first` … `last`, both included. */
export interface BlockRead {
  level: number
  first: number
  last: number
}

/** All blocks, whole. */
export const markAll = (blocks: BlockSpans): BlockMarks => new Uint8Array(blocks.n.length).fill(WHOLE)

/**
 * Keeps what lies in one of these spans, by step: blocks that lie in none are skipped, and those that lie in one in part are taken as
 * points.
 *
 * @param spans ascending and apart
 */
export const keepSteps = (marks: BlockMarks, { step0, step1 }: BlockSpans, spans: readonly Span[]): void =>
  keep(marks, step0, step1, spans)

/** As `keepSteps`, by wall time: the points that lie in a span are in blocks that are kept. */
export const keepTimes = (marks: BlockMarks, { t0, t1 }: BlockSpans, spans: readonly Span[]): void =>
  keep(marks, t0, t1, spans)

function keep(marks: BlockMarks, lows: Float64Array, highs: Float64Array, spans: readonly Span[]): void {
  for (let b = 0; b < marks.length; b++) {
    if (marks[b] === SKIPPED) continue
    const low = lows[b] as number
    const high = highs[b] as number
    let mark = SKIPPED
    for (const { from, to } of spans) {
      if (high < from || low > to) continue
      mark = from <= low && high <= to ? (marks[b] as number) : POINTS
      break
    }
    marks[b] = mark
  }
}

/** Takes blocks that meet this span as points, unless they are skipped. */
export function takePoints(marks: BlockMarks, { step0, step1 }: BlockSpans, { from, to }: Span): void {
  for (let b = 0; b < marks.length; b++)
    if (marks[b] !== SKIPPED && (step1[b] as number) >= from && (step0[b] as number) <= to) marks[b] = POINTS
}

/**
 * Takes blocks as points that have one of these steps between their first and their last, or between the last of the block before and
 * their own: a block above several never reaches over such a step. What is skipped stays so.
 *
 * @param steps ascending
 */
export function takePointsAt(marks: BlockMarks, { step1 }: BlockSpans, steps: Float64Array): void {
  let b = 0
  for (const step of steps) {
    while (b < marks.length && (step1[b] as number) < step) b++
    if (b === marks.length) return
    if (marks[b] !== SKIPPED) marks[b] = POINTS
  }
}

/** At least and at most so many points are marked; the same when no block is cut. */
export function countMarked(marks: BlockMarks, { n }: BlockSpans): { least: number; most: number } {
  let least = 0
  let most = 0
  for (let b = 0; b < marks.length; b++) {
    if (marks[b] === SKIPPED) continue
    most += n[b] as number
    if (marks[b] === WHOLE) least += n[b] as number
  }
  return { least, most }
}

/** The coarsest level that has at least one bucket per pixel: the largest k with points ÷ 8^k ≥ px; 0 when the points are few. */
export function levelFor(points: number, px: number): number {
  let level = 0
  for (let left = points / LEVEL_RATIO; left >= px; left /= LEVEL_RATIO) level++
  return level
}

/**
 * The blocks to read: every marked level-0 block is covered once, at level 0 where it is taken as points or has no levels, and else at
 * the coarsest level up to `level` whose block lies in what is whole and exists. Where points were thinned out, level 1 stands for them.
 */
export function planLevels(marks: BlockMarks, { levelled, thinned }: BlockSpans, level: number): BlockRead[] {
  const reads: BlockRead[] = []
  let b = 0
  while (b < marks.length) {
    if (marks[b] === SKIPPED) {
      b++
      continue
    }
    let k = thinned?.[b] === 1 ? 1 : 0
    let width = 1
    if (marks[b] === WHOLE && level > 0 && b < levelled) {
      const whole = wholeFrom(marks, b, levelled)
      for (k = 1; k < level && b % (width * LEVEL_RATIO) === 0 && width * LEVEL_RATIO <= whole; k++)
        width *= LEVEL_RATIO
    }
    add(reads, k, b / width)
    b += width
  }
  return reads
}

/** How many blocks from this one on are whole and have levels. */
function wholeFrom(marks: BlockMarks, from: number, levelled: number): number {
  let to = from
  while (to < levelled && marks[to] === WHOLE) to++
  return to - from
}

function add(reads: BlockRead[], level: number, no: number): void {
  const last = reads.at(-1)
  if (last?.level === level && last.last === no - 1) last.last = no
  else reads.push({ level, first: no, last: no })
}

/** Level-0 blocks that a read covers: `first` … `last`, both included. */
export function coveredBy({ level, first, last }: BlockRead): { first: number; last: number } {
  const width = level === 0 ? 1 : LEVEL_RATIO ** (level - 1)
  return { first: first * width, last: (last + 1) * width - 1 }
}
