import type { Sql } from '../../db/clients.ts'
import { findSealed } from '../../db/queries/metrics/find-sealed.ts'
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

/** Finds the bytes stored under these numbers of a run, where there are any. */
export type FindData = (
  sql: Sql,
  runId: number,
  batches: { streams: readonly number[]; seqs: readonly number[] },
) => Promise<{ stream: number; seq: number; data: Buffer }[]>

/**
 * Why batches were not stored, in their order: a few statements per run, since it is rare. The bytes are read before what was sealed,
 * so that a batch which is sealed in between is found in one of the two.
 */
export async function explainBatches(
  sql: Sql,
  batches: readonly NamedBatch[],
  findData: FindData,
): Promise<BatchExplanation[]> {
  const stored = new Map<string, Buffer>()
  const sealed = new Set<string>()
  const runs = byRun(batches)
  for (const [runId, ofRun] of runs) {
    const names = columnsOf(ofRun)
    for (const { stream, seq, data } of await findData(sql, runId, names)) stored.set(`${runId}:${stream}:${seq}`, data)
    for (const { stream, seq, isSealed } of await findSealed(sql, runId, names))
      if (isSealed) sealed.add(`${runId}:${stream}:${seq}`)
  }
  const writers = await findWriters(sql, [...runs.keys()])
  return batches.map(({ runId, stream, seq }) => {
    const key = `${runId}:${stream}:${seq}`
    return { writer: writers.get(runId) ?? null, isSealed: sealed.has(key), data: stored.get(key) ?? null }
  })
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

export function byRun<Batch extends { runId: number }>(batches: readonly Batch[]): Map<number, Batch[]> {
  const runs = new Map<number, Batch[]>()
  for (const batch of batches) {
    const ofRun = runs.get(batch.runId)
    if (ofRun) ofRun.push(batch)
    else runs.set(batch.runId, [batch])
  }
  return runs
}

export const columnsOf = (batches: readonly { stream: number; seq: number }[]) => ({
  streams: batches.map((batch) => batch.stream),
  seqs: batches.map((batch) => batch.seq),
})
