import type { Sql } from '../../db/clients.ts'
import { findSealed } from '../../db/queries/metrics/find-sealed.ts'
import { findWriters, type WriterRow } from '../../db/queries/metrics/find-writers.ts'
import { insertBatchValues } from '../../db/queries/metrics/insert-batch-values.ts'
import { insertBatches, type StoredBatch } from '../../db/queries/metrics/insert-batches.ts'
import { WRITER_STATES } from '../../db/queries/metrics/write-writer.ts'
import { columnsOf, nameOf } from './explain-batches.ts'
import type { TailBatch } from './tail-batch.ts'

/**
 * How a group is stored. `select`: one statement that holds all conditions, for plain PostgreSQL. `values`: who may write, what was
 * sealed, then rows alone; for Citus, which refuses the first, and right everywhere.
 */
export type WriteBody = 'select' | 'values'

/** Stores what may be stored; answers those batches. */
export async function storeBatches(
  sql: Sql,
  batches: readonly TailBatch[],
  body: WriteBody,
): Promise<ReadonlySet<TailBatch>> {
  const allowed = body === 'select' ? batches : await selectAllowed(sql, batches)
  if (allowed.length === 0) return new Set()
  const columns = {
    runIds: allowed.map((b) => b.runId),
    streams: allowed.map((b) => b.stream),
    seqs: allowed.map((b) => b.seq),
    points: allowed.map((b) => b.points),
    data: allowed.map((b) => b.data),
    receivedAtMs: allowed[0]?.receivedAtMs ?? 0,
  }
  const rows: StoredBatch[] =
    body === 'select'
      ? await insertBatches(sql, { ...columns, fences: allowed.map((b) => b.fence) })
      : await insertBatchValues(sql, columns)
  if (rows.length === allowed.length) return new Set(allowed)
  const keys = new Set(rows.map((row) => row.join(':')))
  return new Set(allowed.filter((batch) => keys.has(nameOf(batch))))
}

/**
 * Batches whose run takes them and whose seq was not sealed. Nothing is locked: a stale batch that slips in at the moment of a claim
 * belongs to its own attempt, and readers and seals skip a row whose seq was sealed meanwhile.
 */
async function selectAllowed(sql: Sql, batches: readonly TailBatch[]): Promise<readonly TailBatch[]> {
  const writers = await findWriters(sql, [...new Set(batches.map((b) => b.runId))])
  const allowed: TailBatch[] = []
  const unsure: TailBatch[] = []
  for (const batch of batches) {
    const writer = writers.get(batch.runId)
    if (!writer || writer.fence > batch.fence || writer.state === WRITER_STATES.deleted) continue
    allowed.push(batch)
    if (!isBeyondSealed(batch, writer)) unsure.push(batch)
  }
  if (unsure.length === 0) return allowed
  const rows = new Map((await findSealed(sql, columnsOf(unsure))).map((row) => [nameOf(row), row]))
  const sealed = new Set<TailBatch>()
  for (const batch of unsure) {
    const row = rows.get(nameOf(batch))
    if (row?.isSealed) sealed.add(batch)
    // The version was read before: a seal in between is noticed by the next group.
    const version = writers.get(batch.runId)?.version
    if (batch.sealedTo && row && version !== undefined) Object.assign(batch.sealedTo, { version, seq: row.sealedTo })
  }
  return sealed.size === 0 ? allowed : allowed.filter((batch) => !sealed.has(batch))
}

/** Nothing was sealed since the stream was looked at, and what had been sealed ends below this seq. */
const isBeyondSealed = ({ sealedTo, seq }: TailBatch, writer: WriterRow): boolean =>
  sealedTo !== undefined && sealedTo.version === writer.version && seq > sealedTo.seq
