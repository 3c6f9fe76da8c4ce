import type { TransactionSql } from '../../../clients.ts'
import { insertRows } from './insert-rows.ts'

/** A row that keeps points too few for a block in the tail. */
export interface CarryRow {
  /** −attempt. */
  stream: number
  seq: number
  points: number
  receivedAtMs: number
  data: Buffer
}

const STATEMENT = {
  head: 'insert into metric_tail (run_id, stream, seq, n_points, received_at, data) values',
  columns: ['bigint', 'int', 'bigint', 'int', 'timestamptz', 'bytea'],
}

/** Puts carry rows into a tail. */
export async function insertCarry(tx: TransactionSql, runId: number, rows: readonly CarryRow[]): Promise<void> {
  await insertRows(
    tx,
    STATEMENT,
    rows.map((row) => [runId, row.stream, row.seq, row.points, new Date(row.receivedAtMs).toISOString(), row.data]),
  )
}
