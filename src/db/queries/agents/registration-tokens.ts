import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { registrationTokens } from '#src/db/schema/auth.ts'
import type { Scope } from '#src/db/scope.ts'

/** Stores a registration token: its hash, never itself. Answers when it ends, by the database's clock. */
export async function insertRegistrationToken(
  db: Handle,
  scope: Scope,
  token: { publicId: string; secretHash: string; lastFour: string; queues: string[]; createdBy: number | null },
  lifetimeS: number,
): Promise<string> {
  const [row] = await db
    .insert(registrationTokens)
    .values({ ...token, workspaceId: scope.workspaceId, expiresAt: sql`now() + make_interval(secs => ${lifetimeS})` })
    .returning({ expiresAt: registrationTokens.expiresAt })
  if (!row) throw new Error('a registration token was not stored')
  return row.expiresAt
}

/** Tokens of the workspace, the newest first; used, expired and revoked ones too, at most a hundred. */
export function listRegistrationTokens(db: Handle, scope: Scope): Promise<(typeof registrationTokens.$inferSelect)[]> {
  return db
    .select()
    .from(registrationTokens)
    .where(eq(registrationTokens.workspaceId, scope.workspaceId))
    .orderBy(desc(registrationTokens.id))
    .limit(100)
}

/** Answers whether there was an unused token of that public id. */
export async function revokeRegistrationToken(db: Handle, scope: Scope, publicId: string): Promise<boolean> {
  const rows = await db
    .update(registrationTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(registrationTokens.workspaceId, scope.workspaceId),
        eq(registrationTokens.publicId, publicId),
        isNull(registrationTokens.usedAt),
        isNull(registrationTokens.revokedAt),
      ),
    )
    .returning({ id: registrationTokens.id })
  return rows.length > 0
}

/**
 * Uses a token up, if it is alive; of two machines that try at once one gets it. It comes before any scope: the token itself
 * says for which workspace it stands.
 */
export async function useRegistrationToken(
  db: Handle,
  publicId: string,
  secretHash: string,
): Promise<{ workspaceId: number; queues: string[] } | null> {
  const [row] = await db
    .update(registrationTokens)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(registrationTokens.publicId, publicId),
        eq(registrationTokens.secretHash, secretHash),
        isNull(registrationTokens.usedAt),
        isNull(registrationTokens.revokedAt),
        gt(registrationTokens.expiresAt, sql`now()`),
      ),
    )
    .returning({ workspaceId: registrationTokens.workspaceId, queues: registrationTokens.queues })
  return row ?? null
}
