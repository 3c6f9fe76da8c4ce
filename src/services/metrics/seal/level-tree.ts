import { BLOCK_FLAGS } from '../../../core/blocks/flags.ts'
import {
  decodeLevelBlock,
  encodeLevelBlock,
  LEVEL_RATIO,
  type Level,
  levelOfPoints,
  rollUp,
} from '../../../core/blocks/level-block.ts'
import type { EncodedBlock } from '../../../core/blocks/point-block.ts'
import type { Series } from '../../../core/metrics/series.ts'
import type { TransactionSql } from '../../../db/clients.ts'
import { type BlockRange, loadBlocks, type StoredBlock } from '../../../db/queries/metrics/seal/load-blocks.ts'
import type { BlockSink } from './block-sink.ts'

/** A block of buckets that others are rolled up from. */
interface Child {
  level: Level
  isWide: boolean
  step1: number
  t0: number
  t1: number
}

/**
 * The levels of one series while its blocks are written: level 1 of each block at once, and a block of level k+1 whenever eight of level
 * k are there. Those that lie in the database already are read in the end, for all series of a seal together.
 */
export class LevelTree {
  readonly #sink: BlockSink
  readonly #metricId: number
  readonly #attempt: number
  /** By level, then by number: blocks written by this seal whose eight are not whole. */
  readonly #children: Map<number, Child>[] = []

  constructor(sink: BlockSink, metricId: number, attempt: number) {
    this.#sink = sink
    this.#metricId = metricId
    this.#attempt = attempt
  }

  /** Takes the points of level-0 block `no`. Blocks come in ascending order. */
  addPoints(no: number, points: Series, { flags, step1, t0, t1 }: EncodedBlock): void {
    this.#add(1, no, {
      level: levelOfPoints(points),
      isWide: (flags & BLOCK_FLAGS.wide) !== 0,
      step1,
      t0,
      t1,
    })
  }

  #add(level: number, no: number, child: Child): void {
    const { steps, times } = child.level
    const block = encodeLevelBlock(child.level, {
      full: LEVEL_RATIO ** level,
      isWide: child.isWide,
      hasSharedAxis: true,
      step1: child.step1,
      t0: child.t0,
      t1: child.t1,
    })
    this.#sink.add({ metricId: this.#metricId, attempt: this.#attempt, level, no }, block, {
      steps,
      times: times ?? new Float64Array(steps.length),
    })
    const children = this.#of(level)
    children.set(no, child)
    if (no % LEVEL_RATIO === LEVEL_RATIO - 1) this.#rollUp(level, Math.floor(no / LEVEL_RATIO))
  }

  /** Writes the block above these eight, if all of them are here. */
  #rollUp(level: number, group: number): void {
    const children = this.#of(level)
    const eight: Child[] = []
    for (let no = group * LEVEL_RATIO; no < (group + 1) * LEVEL_RATIO; no++) {
      const child = children.get(no)
      if (!child) return
      eight.push(child)
    }
    for (let no = group * LEVEL_RATIO; no < (group + 1) * LEVEL_RATIO; no++) children.delete(no)
    this.#add(level + 1, group, {
      level: rollUp(eight.map((child) => child.level)),
      isWide: eight.some((child) => child.isWide),
      step1: (eight[LEVEL_RATIO - 1] as Child).step1,
      t0: Math.min(...eight.map((child) => child.t0)),
      t1: Math.max(...eight.map((child) => child.t1)),
    })
  }

  /** Blocks of this level in the database that eight need which end here. */
  missing(level: number): BlockRange[] {
    return this.#ends(level).flatMap((last) => {
      const from = last - LEVEL_RATIO + 1
      let to = last
      while (to >= from && this.#of(level).has(to)) to--
      return to < from ? [] : [{ metricId: this.#metricId, attempt: this.#attempt, level, from, to }]
    })
  }

  /** Takes what was missing of this level, and writes the blocks above. */
  complete(level: number, stored: readonly StoredBlock[]): void {
    for (const block of stored)
      this.#of(level).set(block.no, {
        level: decodeLevelBlock(block.data, block.axis, true),
        isWide: (block.flags & BLOCK_FLAGS.wide) !== 0,
        step1: block.step1,
        t0: block.t0,
        t1: block.t1,
      })
    for (const last of this.#ends(level)) this.#rollUp(level, Math.floor(last / LEVEL_RATIO))
  }

  /** Is there anything of this level or above that waits for its eight? */
  hasOpen(level: number): boolean {
    return this.#children.some((children, k) => k >= level && children.size > 0)
  }

  #ends(level: number): number[] {
    return [...this.#of(level).keys()].filter((no) => no % LEVEL_RATIO === LEVEL_RATIO - 1)
  }

  #of(level: number): Map<number, Child> {
    let children = this.#children[level]
    if (!children) {
      children = new Map()
      this.#children[level] = children
    }
    return children
  }
}

/** Writes the blocks above those of which some lay in the database already; a statement per level. */
export async function completeLevels(tx: TransactionSql, runId: number, trees: Iterable<LevelTree>): Promise<void> {
  let open = [...trees]
  for (let level = 1; open.length > 0; level++) {
    open = open.filter((tree) => tree.hasOpen(level))
    const wanted = open.map((tree) => tree.missing(level))
    const ranges = wanted.flat()
    const stored = ranges.length > 0 ? await loadBlocks(tx, runId, ranges) : []
    const bySeries = new Map<string, StoredBlock[]>()
    for (const block of stored) {
      const key = `${block.metricId}:${block.attempt}`
      const blocks = bySeries.get(key) ?? []
      bySeries.set(key, blocks)
      blocks.push(block)
    }
    for (const [i, tree] of open.entries()) {
      const [range] = wanted[i] ?? []
      tree.complete(level, (range && bySeries.get(`${range.metricId}:${range.attempt}`)) ?? [])
    }
  }
}

/** All rows above level-0 blocks `from` … of a series that has `levelled` blocks with levels. */
export function levelsAbove(metricId: number, attempt: number, from: number, levelled: number): BlockRange[] {
  const ranges: BlockRange[] = []
  for (let level = 1, span = 1; span <= levelled; level++, span *= LEVEL_RATIO)
    ranges.push({ metricId, attempt, level, from: Math.floor(from / span), to: Math.ceil(levelled / span) })
  return ranges
}
