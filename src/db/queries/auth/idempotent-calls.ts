import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { idempotencyRecords } from '#src/db/schema/auth.ts'

export interface IdempotentCall {
  owner: string
  route: string
  key: string
  bodyHash: string
}

/**
 * Claims a key for a first call. A record whose time is over, or whose first call was cut off (no outcome after five minutes), is
 * taken over.
 *
 * @returns true when this call is the first
 */
export async function beginIdempotentCall(db: Database | DatabaseTransaction, call: IdempotentCall): Promise<boolean> {
  const rows = await db
    .insert(idempotencyRecords)
    .values(call)
    .onConflictDoUpdate({
      target: [idempotencyRecords.owner, idempotencyRecords.route, idempotencyRecords.key],
      set: { bodyHash: call.bodyHash, status: null, answer: null, createdAt: sql`now()` },
      setWhere: or(
        lt(idempotencyRecords.createdAt, sql`now() - interval '24 hours'`),
        and(isNull(idempotencyRecords.status), lt(idempotencyRecords.createdAt, sql`now() - interval '5 minutes'`)),
      ),
    })
    .returning({ owner: idempotencyRecords.owner })
  return rows.length > 0
}

/** The stored first outcome of a key; null when there is no record. */
export async function findIdempotentCall(db: Database | DatabaseTransaction, call: IdempotentCall) {
  const [row] = await db
    .select({
      bodyHash: idempotencyRecords.bodyHash,
      status: idempotencyRecords.status,
      answer: idempotencyRecords.answer,
    })
    .from(idempotencyRecords)
    .where(isCall(call))
  return row ?? null
}

/** Stores the outcome of a first call. */
export async function finishIdempotentCall(
  db: Database | DatabaseTransaction,
  call: IdempotentCall,
  status: number,
  answer: unknown,
): Promise<void> {
  await db.update(idempotencyRecords).set({ status, answer }).where(isCall(call))
}

/** Forgets a first call that came to no outcome worth keeping. */
export async function forgetIdempotentCall(db: Database | DatabaseTransaction, call: IdempotentCall): Promise<void> {
  await db.delete(idempotencyRecords).where(and(isCall(call), isNull(idempotencyRecords.status)))
}

const isCall = ({ owner, route, key }: IdempotentCall) =>
  and(eq(idempotencyRecords.owner, owner), eq(idempotencyRecords.route, route), eq(idempotencyRecords.key, key))
