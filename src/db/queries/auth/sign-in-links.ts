import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { signInLinks } from '#src/db/schema/auth.ts'

/** Stores a one-time link by its hash; without a user it makes the owner of an empty instance. */
export async function insertSignInLink(
  db: Database | DatabaseTransaction,
  link: { tokenHash: string; userId: number | null; hours: number },
): Promise<void> {
  await db.insert(signInLinks).values({
    tokenHash: link.tokenHash,
    userId: link.userId,
    expiresAt: sql`now() + make_interval(hours => ${link.hours})`,
  })
}

/**
 * Uses up a link: one caller gets it, whoever else comes gets null, as for an expired or unknown one.
 */
export async function takeSignInLink(
  db: Database | DatabaseTransaction,
  tokenHash: string,
): Promise<{ userId: number | null } | null> {
  const [row] = await db
    .update(signInLinks)
    .set({ usedAt: sql`now()` })
    .where(and(eq(signInLinks.tokenHash, tokenHash), isNull(signInLinks.usedAt), sql`${signInLinks.expiresAt} > now()`))
    .returning({ userId: signInLinks.userId })
  return row ?? null
}

/** Drops unused set-up links: each start prints a new one, and only that is good. */
export async function dropSetupLinks(db: Database | DatabaseTransaction): Promise<void> {
  await db.delete(signInLinks).where(and(isNull(signInLinks.userId), isNull(signInLinks.usedAt)))
}

/** Makes unused set-up links sign in the owner, who was made on the box in the meantime. */
export async function giveSetupLinksTo(db: Database | DatabaseTransaction, userId: number): Promise<void> {
  await db
    .update(signInLinks)
    .set({ userId })
    .where(and(isNull(signInLinks.userId), isNull(signInLinks.usedAt)))
}
