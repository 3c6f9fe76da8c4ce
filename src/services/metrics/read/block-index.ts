import type { BlockSpans } from '../../../core/blocks/plan-levels.ts'
import type { Sql } from '../../../db/clients.ts'
import { BLOCK_COLUMNS, type IndexedSeries, loadBlockIndex } from '../../../db/queries/metrics/load-series.ts'
import type { SeriesRow } from '../../../db/queries/metrics/series-row.ts'

/** What is sealed of one metric in one attempt, and which blocks have it; without their data. */
export interface SealedSeries extends SeriesRow {
  index: BlockSpans
}

/** Which state of a run an index must belong to. */
export interface SealVersion {
  runId: number
  version: number
}

interface Known {
  version: number
  /** By metric, in the order of attempts; empty for a metric of which nothing is sealed. */
  metrics: Map<number, SealedSeries[]>
  bytes: number
}

const BYTES_MAX = 32 * 1024 * 1024
const BYTES_PER_BLOCK = 5 * 8
const BYTES_PER_SERIES = 400
/** Points that a bucket of level 1 stands for. */
const POINTS_PER_BUCKET = 8

/** Which blocks a series has, read when they are first asked for and kept until the run is sealed again. */
export class BlockIndexes {
  readonly #sql: Sql
  /** In the order of use. */
  readonly #runs = new Map<number, Known>()
  #bytes = 0

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /**
   * The sealed series of these metrics, by run and metric, in the order of attempts; missing ones are read with one statement.
   *
   * @returns `stale`: runs that were sealed since their head was read; they are to be opened anew
   */
  async open(
    runs: readonly SealVersion[],
    metricIds: readonly number[],
  ): Promise<{ series: Map<number, Map<number, SealedSeries[]>>; stale: number[] }> {
    const series = new Map<number, Map<number, SealedSeries[]>>()
    const stale: number[] = []
    const missing = new Map<number, number>()
    for (const { runId, version } of runs) {
      if (version === 0) continue
      const known = this.#use(runId)
      if (known?.version === version && metricIds.every((id) => known.metrics.has(id))) series.set(runId, known.metrics)
      else missing.set(runId, version)
    }
    if (missing.size === 0) return { series, stale }
    const read = await this.#read([...missing.keys()], metricIds)
    for (const [runId, version] of missing) {
      const found = read.get(runId)
      if (found?.version === version) series.set(runId, this.#keep(runId, version, metricIds, found.series))
      else {
        stale.push(runId)
        this.drop(runId)
      }
    }
    return { series, stale }
  }

  drop(runId: number): void {
    this.#bytes -= this.#runs.get(runId)?.bytes ?? 0
    this.#runs.delete(runId)
  }

  clear(): void {
    this.#runs.clear()
    this.#bytes = 0
  }

  async #read(runIds: readonly number[], metricIds: readonly number[]) {
    const runs = await loadBlockIndex(this.#sql, runIds, metricIds, 0)
    const found = new Map(runs.map((run) => [run.runId, run]))
    // Points that were thinned out have no rows of their own: level 1 has one for each block of them.
    const thinned = runs.filter((run) => run.series.some((s) => s.blockColumns.length < s.blocks * BLOCK_COLUMNS))
    if (thinned.length === 0) return new Map(runs.map((run) => [run.runId, sealedRun(run, null)]))
    const buckets = await loadBlockIndex(
      this.#sql,
      thinned.map((run) => run.runId),
      metricIds,
      1,
    )
    const sealed = new Map(runs.map((run) => [run.runId, sealedRun(run, null)]))
    for (const coarse of buckets) {
      const fine = found.get(coarse.runId)
      if (fine?.version === coarse.version) sealed.set(coarse.runId, sealedRun(fine, coarse.series))
      else sealed.delete(coarse.runId)
    }
    return sealed
  }

  #keep(runId: number, version: number, metricIds: readonly number[], series: readonly SealedSeries[]) {
    let known = this.#runs.get(runId)
    if (known?.version !== version) {
      this.drop(runId)
      known = { version, metrics: new Map(), bytes: 0 }
      this.#runs.set(runId, known)
    }
    for (const id of metricIds) {
      if (known.metrics.has(id)) continue
      const ofMetric = series.filter((s) => s.metricId === id)
      known.metrics.set(id, ofMetric)
      const bytes = ofMetric.reduce((sum, s) => sum + s.blocks * BYTES_PER_BLOCK, BYTES_PER_SERIES)
      known.bytes += bytes
      this.#bytes += bytes
    }
    for (const oldest of this.#runs.keys()) {
      if (this.#bytes <= BYTES_MAX || oldest === runId) break
      this.drop(oldest)
    }
    return known.metrics
  }

  #use(runId: number): Known | undefined {
    const known = this.#runs.get(runId)
    if (known) {
      this.#runs.delete(runId)
      this.#runs.set(runId, known)
    }
    return known
  }
}

function sealedRun(
  run: { version: number; series: readonly IndexedSeries[] },
  coarse: readonly IndexedSeries[] | null,
): { version: number; series: SealedSeries[] } {
  return {
    version: run.version,
    series: run.series.map(({ blockColumns, ...series }) => ({
      ...series,
      index: spansOf(
        series,
        blockColumns,
        coarse?.find((s) => s.metricId === series.metricId && s.attempt === series.attempt)?.blockColumns ?? [],
      ),
    })),
  }
}

function spansOf(
  { n, blocks, levelled }: SeriesRow,
  points: readonly number[],
  buckets: readonly number[],
): BlockSpans {
  const spans: BlockSpans = {
    n: new Float64Array(blocks),
    step0: new Float64Array(blocks),
    step1: new Float64Array(blocks),
    t0: new Float64Array(blocks),
    t1: new Float64Array(blocks),
    levelled,
    thinned: null,
  }
  const isThinned = points.length < blocks * BLOCK_COLUMNS
  if (isThinned) {
    spans.thinned = new Uint8Array(blocks).fill(1)
    fill(spans, buckets, POINTS_PER_BUCKET)
  }
  fill(spans, points, 1)
  if (!isThinned || !spans.thinned) return spans
  for (let at = 0; at < points.length; at += BLOCK_COLUMNS) spans.thinned[points[at] as number] = 0
  // The last bucket of a block may be short: what the sum is too large by is taken off the last thinned block.
  const last = spans.thinned.lastIndexOf(1)
  spans.n[last] = Math.max(1, (spans.n[last] as number) + n - spans.n.reduce((sum, count) => sum + count, 0))
  return spans
}

function fill(spans: BlockSpans, columns: readonly number[], pointsPerEntry: number): void {
  for (let at = 0; at < columns.length; at += BLOCK_COLUMNS) {
    const no = columns[at] as number
    spans.n[no] = (columns[at + 1] as number) * pointsPerEntry
    spans.step0[no] = columns[at + 2] as number
    spans.step1[no] = columns[at + 3] as number
    spans.t0[no] = columns[at + 4] as number
    spans.t1[no] = columns[at + 5] as number
  }
}
