import type { TransactionSql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'

/** Blocks `from` … `to` of one level of a series. */
export interface BlockRange {
  metricId: number
  attempt: number
  level: number
  from: number
  to: number
}

/** A stored block with its bytes, and those of the axis that it shares. Times in ms. */
export interface StoredBlock {
  metricId: number
  attempt: number
  level: number
  no: number
  step0: number
  step1: number
  t0: number
  t1: number
  flags: number
  data: Buffer
  axis: Buffer | null
}

interface Row {
  metric_id: number
  attempt: number
  level: number
  no: number
  step0: number
  step1: number
  t0: number
  t1: number
  flags: number
  data: Buffer
  axis: Buffer | null
}

/** The blocks of these ranges, by metric, attempt, level and number. */
export async function loadBlocks(
  tx: TransactionSql,
  runId: number,
  ranges: readonly BlockRange[],
): Promise<StoredBlock[]> {
  const rows = await tx.unsafe<Row[]>(
    `select b.metric_id, b.attempt, b.level, b.no, b.step0, b.step1, b.t0, b.t1, b.flags, b.data, x.data as axis
     from metric_block b
     join unnest($2::int[], $3::int[], $4::smallint[], $5::int[], $6::int[]) u (metric_id, attempt, level, no0, no1)
       on b.metric_id = u.metric_id and b.attempt = u.attempt and b.level = u.level and b.no between u.no0 and u.no1
     left join metric_block x
       on x.run_id = $1::bigint and x.metric_id = 0 and x.attempt = b.attempt and x.level = b.level and x.no = b.axis
     where b.run_id = $1::bigint
     order by b.metric_id, b.attempt, b.level, b.no`,
    [
      runId,
      numbers(ranges.map((r) => r.metricId)),
      numbers(ranges.map((r) => r.attempt)),
      numbers(ranges.map((r) => r.level)),
      numbers(ranges.map((r) => r.from)),
      numbers(ranges.map((r) => r.to)),
    ],
    { prepare: true },
  )
  return rows.map((row) => ({
    metricId: row.metric_id,
    attempt: row.attempt,
    level: row.level,
    no: row.no,
    step0: row.step0,
    step1: row.step1,
    t0: row.t0,
    t1: row.t1,
    flags: row.flags,
    data: row.data,
    axis: row.axis,
  }))
}
