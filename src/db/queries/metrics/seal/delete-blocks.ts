import type { TransactionSql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'
import type { BlockRange } from './load-blocks.ts'

/** The axes that deleted blocks shared. */
export interface FreedAxis {
  attempt: number
  level: number
  no: number
}

/** Deletes these blocks; answers how many there were, and which axes they shared, each once. */
export async function deleteBlocks(
  tx: TransactionSql,
  runId: number,
  ranges: readonly BlockRange[],
): Promise<{ count: number; freed: FreedAxis[] }> {
  const rows = await tx.unsafe<{ attempt: number; level: number; axis: number | null }[]>(
    `delete from metric_block b
     using unnest($2::int[], $3::int[], $4::smallint[], $5::int[], $6::int[]) u (metric_id, attempt, level, no0, no1)
     where b.run_id = $1::bigint and b.metric_id = u.metric_id and b.attempt = u.attempt and b.level = u.level and b.no between u.no0 and u.no1
     returning b.attempt, b.level, b.axis`,
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
  const freed = new Map<string, FreedAxis>()
  for (const { attempt, level, axis } of rows)
    if (axis !== null) freed.set(`${attempt}:${level}:${axis}`, { attempt, level, no: axis })
  return { count: rows.length, freed: [...freed.values()] }
}
