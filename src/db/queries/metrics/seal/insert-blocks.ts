import type { TransactionSql } from '../../../clients.ts'
import { insertRows } from './insert-rows.ts'

/** A block on its way into its table. Times in ms. */
export interface NewBlock {
  metricId: number
  attempt: number
  level: number
  no: number
  n: number
  step0: number
  step1: number
  t0: number
  t1: number
  flags: number
  /** Number of the axis that it shares. */
  axis: number | null
  data: Buffer
}

const STATEMENT = {
  head: 'insert into metric_block (run_id, metric_id, attempt, level, no, n, step0, step1, t0, t1, flags, axis, data) values',
  columns: 'bigint int int smallint int int bigint bigint bigint bigint smallint int bytea'.split(' '),
}

/** Stores blocks. */
export async function insertBlocks(tx: TransactionSql, runId: number, blocks: readonly NewBlock[]): Promise<void> {
  await insertRows(
    tx,
    STATEMENT,
    blocks.map((b) => [
      runId,
      b.metricId,
      b.attempt,
      b.level,
      b.no,
      b.n,
      b.step0,
      b.step1,
      b.t0,
      b.t1,
      b.flags,
      b.axis,
      b.data,
    ]),
  )
}
