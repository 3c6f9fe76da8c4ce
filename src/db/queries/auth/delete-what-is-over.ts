import { lt, or, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { accessTokens, idempotencyRecords, sessions, signInLinks } from '#src/db/schema/auth.ts'

/** Deletes outcomes, links, tokens and sessions whose time is long over; the audit log keeps what they did. */
export async function deleteWhatIsOver(db: Database | DatabaseTransaction): Promise<void> {
  await db.delete(idempotencyRecords).where(lt(idempotencyRecords.createdAt, sql`now() - interval '24 hours'`))
  await db.delete(signInLinks).where(lt(signInLinks.expiresAt, sql`now() - interval '7 days'`))
  await db.delete(accessTokens).where(lt(accessTokens.expiresAt, sql`now() - interval '7 days'`))
  await db
    .delete(sessions)
    .where(
      or(
        lt(sessions.expiresAt, sql`now() - interval '30 days'`),
        lt(sessions.revokedAt, sql`now() - interval '30 days'`),
      ),
    )
}
