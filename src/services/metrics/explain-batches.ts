import type { Sql } from '../../db/clients.ts'
import { type BatchNames, findSealed } from '../../db/queries/metrics/find-sealed.ts'
import type { BatchData } from '../../db/queries/metrics/find-tail-data.ts'
import { findWriters } from '../../db/queries/metrics/find-writers.ts'
import { Refusal } from '../errors.ts'

/** What is known of a batch that was not stored. */
export interface BatchExplanation {
  /** Null: the data plane does not know the run. */
  writer: { fence: number; state: number } | null
  isSealed: boolean
  /** The bytes stored under this seq. */
  data: Buffer | null
}

interface NamedBatch {
  runId: number
  stream: number
  seq: number
}

/** Finds the bytes stored under these names, where there are any. */
export type FindData = (sql: Sql, batches: BatchNames) => Promise<BatchData[]>

/**
 * Why batches were not stored, in their order. The bytes are read before what was sealed, so that a batch which is sealed in between
 * is found in one of the two.
 */
export async function explainBatches(
  sql: Sql,
  batches: readonly NamedBatch[],
  findData: FindData,
): Promise<BatchExplanation[]> {
  if (batches.length === 0) return []
  const names = columnsOf(batches)
  const stored = new Map((await findData(sql, names)).map((row) => [nameOf(row), row.data]))
  const sealed = new Set((await findSealed(sql, names)).flatMap((row) => (row.isSealed ? [nameOf(row)] : [])))
  const writers = await findWriters(sql, [...new Set(names.runIds)])
  return batches.map((batch) => ({
    writer: writers.get(batch.runId) ?? null,
    isSealed: sealed.has(nameOf(batch)),
    data: stored.get(nameOf(batch)) ?? null,
  }))
}

/** In this order: unknown run, deleted, stale fence, sealed or same bytes, other bytes. Nothing else is ever a duplicate. */
export function judge(
  batch: { seq: number; fence: number; data: Buffer },
  { writer, isSealed, data }: BatchExplanation,
): 'unknownRun' | 'dup' | Refusal {
  if (!writer) return 'unknownRun'
  if (writer.state === 2) return new Refusal('run_deleted', 'This run was deleted; nothing more is written to it.')
  if (writer.fence > batch.fence)
    return new Refusal(
      'stale_fence',
      `The fence ${batch.fence} is older than ${writer.fence}: another process holds this run now. Stop this one.`,
      { fence: writer.fence },
    )
  if (isSealed) return 'dup'
  if (!data)
    return new Refusal('unavailable', 'The batch could not be stored at this moment. Send it again.', {
      retry_after_s: 1,
    })
  if (data.equals(batch.data)) return 'dup'
  return new Refusal(
    'conflict',
    `Batch ${batch.seq} of this stream is stored with other content. Give every batch a seq of its own, and send it again unchanged.`,
    { seq: batch.seq },
  )
}

export const nameOf = ({ runId, stream, seq }: NamedBatch): string => `${runId}:${stream}:${seq}`

export const columnsOf = (batches: readonly NamedBatch[]): BatchNames => ({
  runIds: batches.map((batch) => batch.runId),
  streams: batches.map((batch) => batch.stream),
  seqs: batches.map((batch) => batch.seq),
})
