import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/**
 * One writer of definitions per workspace until the transaction ends. A definition may name other benchmarks (twin, other side), so two
 * writers would take rows in opposite orders. Goes before every other lock of the transaction.
 */
export async function lockBenchmarks(db: Handle, scope: Scope): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtext('benchmarks'), ${scope.workspaceId}::int)`)
}
