import { SequenceRanges } from '../../core/metrics/sequence-ranges.ts'
import type { Sql } from '../../db/clients.ts'
import { createStream } from '../../db/queries/metrics/create-stream.ts'
import { loadStreams, type StreamRow } from '../../db/queries/metrics/load-streams.ts'
import { nextStream } from '../../db/queries/metrics/next-stream.ts'
import { Refusal } from '../errors.ts'
import type { SealedTo } from './tail-batch.ts'

/** A writing process of a run. Its first batch fixed the attempt. */
export interface OpenStream {
  readonly stream: number
  readonly attempt: number
  /** Durable seqs. */
  readonly seqs: SequenceRanges
  readonly sealedTo: SealedTo
}

const STREAMS_IN_MEMORY = 10_000
const TRIES = 20
/** Holes that an answer names. */
const MISSING_MAX = 16

/** Numbers writing processes and knows which of their batches are durable. */
export class StreamRegistry {
  readonly #sql: Sql
  /** In the order of use. */
  readonly #streams = new Map<string, Promise<OpenStream>>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** The stream of a process; made with this attempt when the process is new. */
  open(runId: number, clientId: string, attempt: number): Promise<OpenStream> {
    const key = `${runId}:${clientId}`
    let stream = this.#streams.get(key)
    if (stream) this.#streams.delete(key)
    else {
      stream = this.#find(runId, clientId, attempt)
      stream.catch(() => this.#streams.delete(key))
    }
    this.#streams.set(key, stream)
    for (const oldest of this.#streams.keys()) {
      if (this.#streams.size <= STREAMS_IN_MEMORY) break
      this.#streams.delete(oldest)
    }
    return stream
  }

  async #find(runId: number, clientId: string, attempt: number): Promise<OpenStream> {
    for (let tries = 0; tries < TRIES; tries++) {
      const [row] = await loadStreams(this.#sql, runId, [clientId])
      if (row)
        return { stream: row.stream, attempt: row.attempt, seqs: new SequenceRanges(row.seqs), sealedTo: notLookedAt() }
      const stream = await nextStream(this.#sql, runId)
      if (await createStream(this.#sql, runId, clientId, { stream, attempt }))
        return { stream, attempt, seqs: new SequenceRanges(), sealedTo: notLookedAt() }
    }
    throw new Refusal('unavailable', 'Too many processes begin to write to this run at once. Send the batch again.', {
      retry_after_s: 1,
    })
  }

  /** How far each stream of a run is, as stored. */
  async cursors(runId: number, clientIds: readonly string[] | null) {
    const rows = await loadStreams(this.#sql, runId, clientIds)
    return rows.map((row) => ({
      stream: row.clientId,
      attempt: row.attempt,
      ...gaps(new SequenceRanges(row.seqs)),
      closed: row.lastSeq !== null,
    }))
  }

  /** Forgets the streams of a run. */
  drop(runId: number): void {
    for (const key of this.#streams.keys()) if (key.startsWith(`${runId}:`)) this.#streams.delete(key)
  }

  /** A stream as stored; null when it never wrote. */
  async stored(runId: number, clientId: string): Promise<StreamRow | null> {
    const [row] = await loadStreams(this.#sql, runId, [clientId])
    return row ?? null
  }
}

/** No run has such a version: the stream's first batch looks. */
const notLookedAt = (): SealedTo => ({ version: -1, seq: 0 })

/** What an answer says about holes. */
export const gaps = (seqs: SequenceRanges): { contiguous: number; missing: [number, number][] } => ({
  contiguous: seqs.contiguous,
  missing: seqs.missing(MISSING_MAX),
})
