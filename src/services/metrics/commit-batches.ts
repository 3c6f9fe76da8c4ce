import type { Sql } from '../../db/clients.ts'
import { findRuns } from '../../db/queries/metrics/find-runs.ts'
import { findTailData } from '../../db/queries/metrics/find-tail-data.ts'
import { writeWriter } from '../../db/queries/metrics/write-writer.ts'
import { notFound, type Refusal } from '../errors.ts'
import { explainBatches, judge } from './explain-batches.ts'
import { storeBatches, type WriteBody } from './store-batches.ts'
import type { TailBatch } from './tail-batch.ts'

/** What became of a batch. */
export type CommitResult = 'stored' | 'dup' | Refusal

export interface CommitOptions {
  /** `select` by default. */
  body?: WriteBody
  /** Where the control plane is, when `sql` is a node that has only its part of the data plane. */
  control?: Sql
}

/**
 * Commits a group; what that did not store is looked up once. Results are in the order of the batches, and the same for both bodies.
 *
 * @throws the driver's error when the outcome of the group is unknown
 */
export async function commitBatches(
  sql: Sql,
  batches: readonly TailBatch[],
  { body = 'select', control = sql }: CommitOptions = {},
): Promise<CommitResult[]> {
  const receivedAtMs = Date.now()
  for (const batch of batches) batch.receivedAtMs = receivedAtMs
  const stored = await storeBatches(sql, batches, body)
  if (stored.size === batches.length) return batches.map(() => 'stored')
  const results = new Map<TailBatch, CommitResult>()
  const rest = batches.filter((batch) => !stored.has(batch))
  const unknown = await explain(sql, rest, results)
  if (unknown.length > 0) await storeUnknown(sql, unknown, results, { body, control })
  return batches.map((batch) => results.get(batch) ?? 'stored')
}

/** Fills in why batches were not stored; answers those whose run the data plane does not know. */
async function explain(
  sql: Sql,
  batches: readonly TailBatch[],
  results: Map<TailBatch, CommitResult>,
): Promise<TailBatch[]> {
  const explanations = await explainBatches(sql, batches, findTailData)
  const unknown: TailBatch[] = []
  for (const [i, explanation] of explanations.entries()) {
    const batch = batches[i] as TailBatch
    const result = judge(batch, explanation)
    if (result === 'unknownRun') unknown.push(batch)
    else results.set(batch, result)
  }
  return unknown
}

/** The data plane's word on a run is written after the control plane's commit; a crash between the two is made good here. */
async function storeUnknown(
  sql: Sql,
  batches: readonly TailBatch[],
  results: Map<TailBatch, CommitResult>,
  { body, control }: Required<CommitOptions>,
): Promise<void> {
  const known = await admitKnownRuns(
    control,
    batches.map((b) => b.runId),
  )
  for (const batch of batches) if (!known.has(batch.runId)) results.set(batch, notFound('This run'))
  const again = batches.filter((b) => known.has(b.runId))
  if (again.length === 0) return
  const stored = await storeBatches(sql, again, body)
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
