import type { TransactionSql } from '../../../clients.ts'

/**
 * Waits until no other transaction seals or purges this run; ends with the transaction. The lock is taken through a row of the run, so
 * that it lies where the run's data lie, and statements that read must come after this call: they then see what the last seal left.
 */
export async function lockSeal(tx: TransactionSql, runId: number): Promise<void> {
  await tx.unsafe('insert into metric_seal (run_id) values ($1::bigint) on conflict do nothing', [runId], {
    prepare: true,
  })
  await tx.unsafe('select pg_advisory_xact_lock(run_id) from metric_seal where run_id = $1::bigint', [runId], {
    prepare: true,
  })
}
