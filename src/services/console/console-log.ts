import { packLines, unpackLines } from '../../core/metrics/console-chunk.ts'
import type { Sql } from '../../db/clients.ts'
import { countLines } from '../../db/queries/console/count-lines.ts'
import { findChunkAt } from '../../db/queries/console/find-chunk-at.ts'
import { findChunkData } from '../../db/queries/console/find-chunk-data.ts'
import { type Chunk, insertChunks } from '../../db/queries/console/insert-chunks.ts'
import { readChunks } from '../../db/queries/console/read-chunks.ts'
import type { LogMatches, LogPage } from '../../protocol/metrics.ts'
import { notFound } from '../errors.ts'
import { admitKnownRuns, type CommitResult } from '../metrics/commit-batches.ts'
import { explainBatches, judge } from '../metrics/explain-batches.ts'
import { GroupCommit } from '../metrics/group-commit.ts'
import { readLogBody } from '../metrics/read-body.ts'
import type { IncomingBatch } from '../metrics/store.ts'
import type { OpenStream } from '../metrics/stream-registry.ts'
import { ChunkCache } from './chunk-cache.ts'
import type { ScanChunk } from './scan-chunks.ts'
import { type SearchedLines, searchLines } from './search-lines.ts'

/** Text that one page may hold; a page of long lines is shorter than asked for. */
const PAGE_CHARACTERS_MAX = 4 * 1024 * 1024
/** Lines of one piece of a download. */
const TEXT_LINES = 10_000
const LIMITS = { items: 64, bytes: 4 * 1024 * 1024, inFlight: 1 }
/** Runs whose queues are kept. */
const QUEUES_MAX = 1_000

/** Console lines: the batch protocol of metrics, lines numbered per run in the order in which their chunks are committed. */
export class ConsoleLog {
  readonly #sql: Sql
  /** One statement per run at a time, so that no line number is given twice. */
  readonly #queues = new Map<number, GroupCommit<Chunk, CommitResult>>()

  readonly #cache = new ChunkCache()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Stores a batch of lines. What could not be taken is named; lines that are too long are cut. */
  async append(
    batch: IncomingBatch,
    stream: OpenStream,
  ): Promise<{ result: CommitResult; written: number; rejected: { key: string; reason: string }[] }> {
    const { lines, rejected } = readLogBody(batch.body)
    const times = lines.map((line) => line.t)
    const result = await this.#queue(batch.runId).add({
      stream: stream.stream,
      seq: batch.seq,
      attempt: stream.attempt,
      fence: batch.fence,
      lines: lines.length,
      t0: times.reduce((a, b) => Math.min(a, b), times[0] ?? 0),
      t1: times.reduce((a, b) => Math.max(a, b), 0),
      data: packLines(lines),
    })
    return { result, written: lines.length, rejected }
  }

  /** A page from a line on, or the last lines. */
  async read(runId: number, query: { from?: number; limit: number; tail: boolean }): Promise<LogPage> {
    const total = await countLines(this.#sql, runId)
    const from = query.tail ? Math.max(0, total - query.limit) : Math.min(query.from ?? 0, total)
    const to = Math.min(total, from + query.limit)
    const page: LogPage = { first_line: from, total_lines: total, lines: [] }
    if (to <= from) return page
    let characters = 0
    for (const { attempt, firstLine, data } of await readChunks(this.#sql, runId, from, to)) {
      const skip = Math.max(0, from - firstLine)
      unpackLines(data, skip, to - firstLine).forEach(({ t, fd, text }, i) => {
        characters += text.length
        page.lines.push({ n: firstLine + skip + i, t, fd, attempt, text })
      })
      if (characters > PAGE_CHARACTERS_MAX) break
    }
    return page
  }

  /** Lines of a part in which `scan` finds something. @throws PatternTooSlow */
  search(runId: number, scan: ScanChunk, part: SearchedLines): Promise<LogMatches> {
    return searchLines({ sql: this.#sql, cache: this.#cache }, runId, scan, part)
  }

  /** The last line printed at or before a time in ms, from 0; null when all came later. */
  async lineAt(runId: number, atMs: number): Promise<number | null> {
    const chunk = await findChunkAt(this.#sql, runId, atMs)
    if (!chunk) return null
    // Its earliest line is not later: one is found.
    return chunk.firstLine + unpackLines(chunk.data).findLastIndex(({ t }) => t <= atMs)
  }

  /** All lines that there are now, as text with an end of line each, in pieces. */
  async *text(runId: number): AsyncGenerator<Uint8Array> {
    const total = await countLines(this.#sql, runId)
    for (let from = 0; from < total; ) {
      const to = Math.min(total, from + TEXT_LINES)
      const chunks = await readChunks(this.#sql, runId, from, to)
      const lines = chunks.flatMap(({ firstLine, data }) =>
        unpackLines(data, Math.max(0, from - firstLine), to - firstLine).map((line) => `${line.text}\n`),
      )
      yield Buffer.from(lines.join(''))
      from = to
    }
  }

  async drained(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.drained()))
  }

  #queue(runId: number): GroupCommit<Chunk, CommitResult> {
    let queue = this.#queues.get(runId)
    if (queue) this.#queues.delete(runId)
    else
      queue = new GroupCommit(
        LIMITS,
        ({ stream, seq, data }) => ({ key: `${stream}:${seq}`, bytes: data.length }),
        (chunks) => this.#commit(runId, chunks),
      )
    this.#queues.set(runId, queue)
    for (const [oldest, idle] of this.#queues) {
      if (this.#queues.size <= QUEUES_MAX) break
      if (idle.isIdle) this.#queues.delete(oldest)
    }
    return queue
  }

  async #commit(runId: number, chunks: Chunk[], isSecondTry = false): Promise<CommitResult[]> {
    const stored = new Set((await insertChunks(this.#sql, runId, chunks)).map(({ stream, seq }) => `${stream}:${seq}`))
    const rest = chunks.filter((chunk) => !stored.has(`${chunk.stream}:${chunk.seq}`))
    if (rest.length === 0) return chunks.map(() => 'stored')
    const explanations = await explainBatches(
      this.#sql,
      rest.map(({ stream, seq }) => ({ runId, stream, seq })),
      findChunkData,
    )
    const results = new Map<Chunk, CommitResult>()
    const unknown: Chunk[] = []
    for (const [i, explanation] of explanations.entries()) {
      const chunk = rest[i] as Chunk
      const result = judge(chunk, explanation)
      if (result === 'unknownRun') unknown.push(chunk)
      else results.set(chunk, result)
    }
    if (unknown.length > 0) {
      const isKnown = !isSecondTry && (await admitKnownRuns(this.#sql, [runId])).has(runId)
      const again = isKnown ? await this.#commit(runId, unknown, true) : unknown.map(() => notFound('This run'))
      unknown.forEach((chunk, i) => {
        results.set(chunk, again[i] as CommitResult)
      })
    }
    return chunks.map((chunk) => results.get(chunk) ?? 'stored')
  }
}
