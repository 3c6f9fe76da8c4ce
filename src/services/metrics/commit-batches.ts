import type { Sql } from '../../db/clients.ts'
import { type BatchExplanation, explainBatches } from '../../db/queries/metrics/explain-batches.ts'
import { findRuns } from '../../db/queries/metrics/find-runs.ts'
import { insertBatches } from '../../db/queries/metrics/insert-batches.ts'
import { writeWriter } from '../../db/queries/metrics/write-writer.ts'
import { notFound, Refusal } from '../errors.ts'

/** A packed batch, ready to be stored. */
export interface TailBatch {
  runId: number
  stream: number
  seq: number
  attempt: number
  fence: number
  points: number
  data: Buffer
  /** Set when its group is committed. */
  receivedAtMs: number
}

/** What became of a batch. */
export type CommitResult = 'stored' | 'dup' | Refusal

/**
 * Commits a group with one statement; what that did not store is looked up once. Results are in the order of the batches.
 *
 * @throws the driver's error when the outcome of the group is unknown
 */
export async function commitBatches(sql: Sql, batches: readonly TailBatch[]): Promise<CommitResult[]> {
  const receivedAtMs = Date.now()
  for (const batch of batches) batch.receivedAtMs = receivedAtMs
  const stored = await store(sql, batches)
  if (stored.size === batches.length) return batches.map(() => 'stored')
  const results = new Map<TailBatch, CommitResult>()
  const rest = batches.filter((batch) => !stored.has(batch))
  const unknown = await explain(sql, rest, results)
  if (unknown.length > 0) await storeUnknown(sql, unknown, results)
  return batches.map((batch) => results.get(batch) ?? 'stored')
}

async function store(sql: Sql, batches: readonly TailBatch[]): Promise<Set<TailBatch>> {
  const rows = await insertBatches(sql, {
    runIds: batches.map((b) => b.runId),
    streams: batches.map((b) => b.stream),
    seqs: batches.map((b) => b.seq),
    points: batches.map((b) => b.points),
    fences: batches.map((b) => b.fence),
    data: batches.map((b) => b.data),
    receivedAtMs: batches[0]?.receivedAtMs ?? 0,
  })
  if (rows.length === batches.length) return new Set(batches)
  const keys = new Set(rows.map((row) => row.join(':')))
  return new Set(batches.filter((b) => keys.has(`${b.runId}:${b.stream}:${b.seq}`)))
}

/** Fills in why batches were not stored; answers those whose run the data plane does not know. */
async function explain(
  sql: Sql,
  batches: readonly TailBatch[],
  results: Map<TailBatch, CommitResult>,
): Promise<TailBatch[]> {
  const explanations = await explainBatches(sql, {
    runIds: batches.map((b) => b.runId),
    streams: batches.map((b) => b.stream),
    seqs: batches.map((b) => b.seq),
  })
  const byKey = new Map(explanations.map((e) => [`${e.runId}:${e.stream}:${e.seq}`, e]))
  const unknown: TailBatch[] = []
  for (const batch of batches) {
    const result = judge(batch, byKey.get(`${batch.runId}:${batch.stream}:${batch.seq}`))
    if (result === 'unknownRun') unknown.push(batch)
    else results.set(batch, result)
  }
  return unknown
}

/** In this order: unknown run, deleted, stale fence, sealed or same bytes, other bytes. Nothing else is ever a duplicate. */
export function judge(
  batch: { seq: number; fence: number; data: Buffer },
  explanation: BatchExplanation | undefined,
): 'unknownRun' | 'dup' | Refusal {
  if (!explanation?.writer) return 'unknownRun'
  const { writer, isSealed, data } = explanation
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

/** The data plane's word on a run is written after the control plane's commit; a crash between the two is made good here. */
async function storeUnknown(
  sql: Sql,
  batches: readonly TailBatch[],
  results: Map<TailBatch, CommitResult>,
): Promise<void> {
  const known = await admitKnownRuns(
    sql,
    batches.map((b) => b.runId),
  )
  for (const batch of batches) if (!known.has(batch.runId)) results.set(batch, notFound('This run'))
  const again = batches.filter((b) => known.has(b.runId))
  if (again.length === 0) return
  const stored = await store(sql, again)
  const left = await explain(
    sql,
    again.filter((batch) => !stored.has(batch)),
    results,
  )
  for (const batch of left) results.set(batch, notFound('This run'))
}

/** Writes `metric_run` for runs that the control plane knows; answers which those are. */
export async function admitKnownRuns(sql: Sql, runIds: readonly number[]): Promise<Set<number>> {
  const known = await findRuns(sql, [...new Set(runIds)])
  for (const run of known)
    await writeWriter(sql, run.id, {
      fence: run.fence,
      attempt: run.attempt,
      state: run.isDeleted ? 'deleted' : run.isOpen ? 'open' : 'finished',
    })
  return new Set(known.map((run) => run.id))
}
