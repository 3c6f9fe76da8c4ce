/** Rows of sealed data as far as deletion, thinning and counting look at them: keys, levels and lengths, not the content. */
import type { Sql } from '#src/db/clients.ts'

export interface SealedSeries {
  runId: number
  metricId: number
  attempt?: number
  /** Full blocks of 4,096 points, each with a block of level 1. */
  full: number
  /** Points of a short last block without levels; 0 for none. */
  last?: number
  /** Blocks share axes: one raw axis per full block, and one for the short last block. */
  axis?: boolean
}

/** Bytes of a raw block and of one of level 1 here. */
export const RAW_BYTES = 4_000
export const LEVEL_BYTES = 500

const insertBlock = (sql: Sql, row: [number, number, number, number, number, number, number | null, number]) =>
  sql.unsafe(
    `insert into metric_block (run_id, metric_id, attempt, level, no, n, step0, step1, t0, t1, flags, axis, data)
     values ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, $7, decode(repeat('ab', $8::int), 'hex')) on conflict do nothing`,
    row,
  )

/** Puts a series in place as a seal would leave it. */
export async function putSealed(sql: Sql, series: SealedSeries): Promise<void> {
  const { runId, metricId, attempt = 1, full, last = 0, axis = false } = series
  const shared = (no: number) => (axis ? no : null)
  for (let no = 0; no < full; no++) {
    await insertBlock(sql, [runId, metricId, attempt, 0, no, 4096, shared(no), RAW_BYTES])
    await insertBlock(sql, [runId, metricId, attempt, 1, no, 4096, shared(no), LEVEL_BYTES])
    if (axis)
      for (const level of [0, 1]) await insertBlock(sql, [runId, 0, attempt, level, no, 4096, null, LEVEL_BYTES])
  }
  if (last > 0) {
    await insertBlock(sql, [runId, metricId, attempt, 0, full, last, shared(full), RAW_BYTES])
    if (axis) await insertBlock(sql, [runId, 0, attempt, 0, full, last, null, LEVEL_BYTES])
  }
  await sql`
    insert into metric_series (run_id, metric_id, attempt, n, blocks, levelled, step0, step1, t0, t1, first_value, last_value, last_t)
    values (${runId}, ${metricId}, ${attempt}, ${full * 4096 + last}, ${full + (last > 0 ? 1 : 0)}, ${full}, 0, 0, 0, 0, 1, 1, 0)`
  await sql`insert into metric_seal (run_id, version, rewrites) values (${runId}, 1, 0) on conflict do nothing`
  await sql`
    insert into metric_latest (run_id, metric_id, project_id, n, value) values (${runId}, ${metricId}, 0, ${full * 4096 + last}, 1.5)
    on conflict do nothing`
}
