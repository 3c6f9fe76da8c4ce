import type { AnySql, TransactionSql } from '../../../clients.ts'

/** True while points of a run wait to be sealed, carried ones included. */
export async function hasTail(sql: AnySql, runId: number): Promise<boolean> {
  const rows = await sql.unsafe('select 1 from metric_tail where run_id = $1::bigint limit 1', [runId], {
    prepare: true,
  })
  return rows.length > 0
}

/** A series with raw blocks that have levels of detail: those that are left lie before `end`. */
export interface RawSeries {
  metricId: number
  attempt: number
  end: number
}

/** Series of a run's attempts up to `attempt` that are not thinned whole. Their blocks go from the last to the first. */
export async function listRawSeries(sql: AnySql, runId: number, attempt: number): Promise<RawSeries[]> {
  const rows = await sql.unsafe<{ metric_id: number; attempt: number; last: number }[]>(
    `select s.metric_id, s.attempt, l.no as last
     from metric_series s cross join lateral (
       select b.no from metric_block b
       where b.run_id = $1::bigint and b.metric_id = s.metric_id and b.attempt = s.attempt and b.level = 0 and b.no < s.levelled
       order by b.no desc limit 1) l
     where s.run_id = $1::bigint and s.attempt <= $2::int
     order by s.metric_id, s.attempt`,
    [runId, attempt],
    { prepare: true },
  )
  return rows.map((row) => ({ metricId: row.metric_id, attempt: row.attempt, end: row.last + 1 }))
}

/**
 * Deletes the raw blocks `from` to `to` (exclusive) of a series, of those whose first level of detail is there.
 *
 * @returns how many
 */
export async function dropRawBlocks(
  tx: TransactionSql,
  runId: number,
  { metricId, attempt }: RawSeries,
  range: { from: number; to: number },
): Promise<number> {
  const answer = await tx.unsafe(
    `delete from metric_block b
     where b.run_id = $1::bigint and b.metric_id = $2::int and b.attempt = $3::int and b.level = 0 and b.no >= $4::int and b.no < $5::int
       and exists (
         select 1 from metric_block l where l.run_id = $1::bigint and l.metric_id = $2::int and l.attempt = $3::int
           and l.level = 1 and l.no = b.no)`,
    [runId, metricId, attempt, range.from, range.to],
    { prepare: true },
  )
  return answer.count
}

/**
 * Deletes the shared axes of raw blocks that are gone: those to which no raw block of the run points any more.
 *
 * @returns how many
 */
export async function dropUnusedAxes(tx: TransactionSql, runId: number, attempt: number): Promise<number> {
  const answer = await tx.unsafe(
    `delete from metric_block a where a.run_id = $1::bigint and a.level = 0 and a.metric_id = 0 and a.attempt <= $2::int
       and not exists (
         select 1 from metric_block b where b.run_id = $1::bigint and b.level = 0 and b.metric_id > 0
           and b.attempt = a.attempt and b.axis = a.no)`,
    [runId, attempt],
    { prepare: true },
  )
  return answer.count
}

/** Tells readers that blocks of the run are not what they were. */
export async function noteRewrite(tx: TransactionSql, runId: number): Promise<void> {
  await tx.unsafe(
    'update metric_seal set version = version + 1, rewrites = rewrites + 1 where run_id = $1::bigint',
    [runId],
    { prepare: true },
  )
}
