import type { TransactionSql } from '../../../clients.ts'

/**
 * Holds what is sealed of a run until the transaction ends: its seal, its deletion and its thinning come one after the other. The lock
 * is taken where the run's row lies, and only statements after this one see what the last holder left.
 */
export async function lockRunData(tx: TransactionSql, runId: number): Promise<void> {
  await tx.unsafe('insert into metric_seal (run_id) values ($1::bigint) on conflict do nothing', [runId], {
    prepare: true,
  })
  await tx.unsafe('select pg_advisory_xact_lock(run_id) from metric_seal where run_id = $1::bigint', [runId], {
    prepare: true,
  })
}
