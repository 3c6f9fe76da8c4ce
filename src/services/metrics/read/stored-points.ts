import type { Sql } from '../../../db/clients.ts'
import { Refusal } from '../../errors.ts'
import type { HeadCache } from '../head-cache.ts'
import { BlockCache } from './block-cache.ts'
import { BlockIndexes, type SealedSeries } from './block-index.ts'
import { fetchBlocks } from './fetch-blocks.ts'
import { type RunSnapshot, snapshotOf } from './line-source.ts'
import { assembleLine, type PlannedLine, type ReadLine } from './read-line.ts'

/** Decoded blocks in memory. */
const BLOCK_BYTES_MAX = 64 * 1024 * 1024
const TRIES = 20

/** Runs as they were at one moment, and what is sealed of the metrics that were asked for. */
export interface OpenRuns {
  /** By run id. */
  snapshots: ReadonlyMap<number, RunSnapshot>
  sealedOf(runId: number, metricId: number): readonly SealedSeries[]
}

/** Thrown by a reader whose runs changed under it; `StoredPoints.read` begins anew. */
class StaleRead extends Error {
  readonly runIds: readonly number[]
  constructor(runIds: readonly number[]) {
    super('Runs were sealed while they were read.')
    this.runIds = runIds
  }
}

const NOTHING: readonly SealedSeries[] = []

/** The points of runs wherever they lie, in memory and in blocks: each reader sees every acknowledged one, once. */
export class StoredPoints {
  readonly #sql: Sql
  readonly #heads: HeadCache
  readonly #indexes: BlockIndexes
  readonly #cache: BlockCache
  /** For tests: called between the choice of blocks and their fetching. */
  beforeFetch: (() => Promise<void>) | null = null

  constructor(sql: Sql, heads: HeadCache, blockBytesMax = BLOCK_BYTES_MAX) {
    this.#sql = sql
    this.#heads = heads
    this.#indexes = new BlockIndexes(sql)
    this.#cache = new BlockCache(blockBytesMax)
  }

  /**
   * Does `work` on runs as they are at one moment; again from the start when a seal that matters came in between, so it must not keep
   * anything of a try.
   *
   * @param onSnapshot called at that moment, in the same turn; again with each try. False: another process changes these runs faster
   *   than they are read, and the answer is one of a moment ago
   * @throws Refusal `unavailable` when that does not end
   */
  async read<T>(
    runIds: readonly number[],
    metricIds: readonly number[],
    work: (runs: OpenRuns) => Promise<T>,
    onSnapshot: (isCurrent: boolean) => void = () => {},
  ): Promise<T> {
    for (let tries = 0; tries < TRIES; tries++)
      try {
        return await work(await this.#open(runIds, metricIds, onSnapshot))
      } catch (error) {
        if (!(error instanceof StaleRead)) throw error
        for (const runId of error.runIds) this.forget(runId)
      }
    throw new Refusal('unavailable', 'These runs change faster than they can be read. Ask again.', { retry_after_s: 1 })
  }

  async #open(
    runIds: readonly number[],
    metricIds: readonly number[],
    onSnapshot: (isCurrent: boolean) => void,
  ): Promise<OpenRuns> {
    const heads = await this.#heads.open(runIds)
    onSnapshot([...heads.values()].every((head) => !head.isBehind))
    const snapshots = new Map([...heads].map(([runId, head]) => [runId, snapshotOf(head)]))
    const { series, stale } = await this.#indexes.open([...snapshots.values()], metricIds)
    if (stale.length > 0) throw new StaleRead(stale)
    return { snapshots, sealedOf: (runId, metricId) => series.get(runId)?.get(metricId) ?? NOTHING }
  }

  /**
   * Fetches the blocks of all these lines at once and puts each together. For the work of `read` alone: when they are not those that
   * were chosen, that begins anew.
   */
  async fetch(lines: readonly PlannedLine[]): Promise<ReadLine[]> {
    await this.beforeFetch?.()
    const wanted = lines.flatMap((line) => line.reads.map((read) => read.wanted))
    const { blocks, stale } = await fetchBlocks(this.#sql, this.#cache, wanted)
    if (stale.length > 0) throw new StaleRead(stale)
    let at = 0
    return lines.map((line) => {
      const mine = blocks.slice(at, at + line.reads.length)
      at += line.reads.length
      return assembleLine(line, mine)
    })
  }

  /** What is known of the run's blocks is out of date: its head goes, and the indexes that belong to it. */
  forget(runId: number): void {
    this.#heads.drop(runId)
    this.#indexes.drop(runId)
  }

  /** For measurements: forgets blocks. */
  clearBlocks(): void {
    this.#cache.clear()
  }

  /** For measurements: forgets indexes too. */
  clear(): void {
    this.#indexes.clear()
    this.clearBlocks()
  }

  get blockBytes(): number {
    return this.#cache.bytes
  }
}
