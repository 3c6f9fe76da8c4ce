import { asc, eq, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { instance, users } from '#src/db/schema/auth.ts'
import { members, workspaces } from '#src/db/schema/workspaces.ts'

/** Any number, the same in every build: who holds it may make the first owner. */
const SETUP_LOCK = 7_070_002

/** Waits for its turn in making the first owner, until the end of the transaction. */
export async function lockSetup(tx: Database | DatabaseTransaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${SETUP_LOCK})`)
}

/** Has the first owner been made? The column decides, never a count of users. */
export async function isSetupComplete(db: Database | DatabaseTransaction): Promise<boolean> {
  const [row] = await db.select({ at: instance.setupCompletedAt }).from(instance).where(eq(instance.id, 1))
  // No row is no empty instance but a broken one: closed.
  return row === undefined || row.at !== null
}

/** Makes the first owner, who is the instance's admin, and the first workspace, and closes the set-up. */
export async function insertFirstOwner(
  tx: Database | DatabaseTransaction,
  first: { userName: string; slug: string; workspaceName: string },
): Promise<{ userId: number; workspaceId: number }> {
  const [user] = await tx
    .insert(users)
    .values({ name: first.userName, isInstanceAdmin: true })
    .returning({ id: users.id })
  const [workspace] = await tx
    .insert(workspaces)
    .values({ slug: first.slug, name: first.workspaceName })
    .returning({ id: workspaces.id })
  if (!user || !workspace) throw new Error('An insert gave no row back.')
  await tx.insert(members).values({ workspaceId: workspace.id, userId: user.id, role: 'owner' })
  await tx.update(instance).set({ setupCompletedAt: sql`now()` }).where(eq(instance.id, 1))
  return { userId: user.id, workspaceId: workspace.id }
}

/** The oldest admin of the instance; null when there is none. */
export async function findFirstAdmin(db: Database | DatabaseTransaction) {
  const [row] = await db
    .select({ userId: users.id, name: users.name })
    .from(users)
    .where(eq(users.isInstanceAdmin, true))
    .orderBy(asc(users.id))
    .limit(1)
  return row ?? null
}
