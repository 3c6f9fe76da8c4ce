import type { TransactionSql } from '../../../clients.ts'

/**
 * Counts a seal of a run.
 *
 * @param newestMs when the newest of its batches was received
 */
export async function raiseVersion(
  tx: TransactionSql,
  runId: number,
  isRewrite: boolean,
  newestMs: number,
): Promise<{ version: number; rewrites: number }> {
  const [row] = await tx.unsafe<{ version: number; rewrites: number }[]>(
    `update metric_seal set version = version + 1, rewrites = rewrites + $2::int,
       received_at = greatest(received_at, to_timestamp($3::float8 / 1000))
     where run_id = $1::bigint
     returning version, rewrites`,
    [runId, isRewrite ? 1 : 0, newestMs],
    { prepare: true },
  )
  if (!row) throw new Error(`Broken assumption: run ${runId} has a row in metric_seal while it is locked.`)
  return row
}
