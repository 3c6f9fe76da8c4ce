import type { TransactionSql } from '../../../clients.ts'

/** Counts a seal of a run. */
export async function raiseVersion(
  tx: TransactionSql,
  runId: number,
  isRewrite: boolean,
): Promise<{ version: number; rewrites: number }> {
  const [row] = await tx.unsafe<{ version: number; rewrites: number }[]>(
    `update metric_seal set version = version + 1, rewrites = rewrites + $2::int where run_id = $1::bigint
     returning version, rewrites`,
    [runId, isRewrite ? 1 : 0],
    { prepare: true },
  )
  if (!row) throw new Error(`Broken assumption: run ${runId} has a row in metric_seal while it is locked.`)
  return row
}
