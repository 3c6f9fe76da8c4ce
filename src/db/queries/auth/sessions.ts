import { and, desc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { sessions, users } from '#src/db/schema/auth.ts'
import { members, workspaces } from '#src/db/schema/workspaces.ts'

type Db = Database | DatabaseTransaction

export interface SessionRow {
  tokenHash: string
  userId: number
  method: string
  addressPrefix: string | null
  userAgent: string | null
  days: number
}

/** Begins a session. */
export async function insertSession(db: Db, { days, ...row }: SessionRow): Promise<number> {
  const [made] = await db
    .insert(sessions)
    .values({ ...row, expiresAt: sql`now() + make_interval(days => ${days})` })
    .returning({ id: sessions.id })
  if (!made) throw new Error('An insert gave no row back.')
  return made.id
}

/** Neither revoked, nor over, nor idle for too long; by the database's clock. */
const isAlive = (idleDays: number) =>
  and(
    isNull(sessions.revokedAt),
    sql`${sessions.expiresAt} > now()`,
    sql`${sessions.lastSeenAt} > now() - make_interval(days => ${idleDays})`,
  )

/** The user of a living session; null when there is none. */
export async function findSession(db: Db, tokenHash: string, idleDays: number) {
  const [row] = await db
    .select({
      sessionId: sessions.id,
      userId: users.id,
      name: users.name,
      isInstanceAdmin: users.isInstanceAdmin,
      seenLongAgo: sql<boolean>`${sessions.lastSeenAt} < now() - interval '1 minute'`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), isAlive(idleDays)))
  return row ?? null
}

/** Notes that a session is in use. */
export async function touchSession(db: Db, sessionId: number): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: sql`now()` }).where(eq(sessions.id, sessionId))
}

/** The workspaces of a user with the role in each, by slug. */
export async function listMemberships(db: Db, userId: number) {
  return await db
    .select({ workspaceId: workspaces.id, slug: workspaces.slug, name: workspaces.name, role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .where(eq(members.userId, userId))
    .orderBy(workspaces.slug)
}

/** A user's living sessions, the latest used first. */
export async function listSessions(db: Db, userId: number, idleDays: number) {
  return await db
    .select({
      id: sessions.id,
      method: sessions.method,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
      addressPrefix: sessions.addressPrefix,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isAlive(idleDays)))
    .orderBy(desc(sessions.lastSeenAt))
}

/** Ends one living session of a user. @returns false when there is none */
export async function revokeSession(db: Db, userId: number, sessionId: number): Promise<boolean> {
  const rows = await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.userId, userId), eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id })
  return rows.length > 0
}

/** Ends all other living sessions of a user. @returns how many */
export async function revokeOtherSessions(db: Db, userId: number, keptId: number): Promise<number> {
  const rows = await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.userId, userId), ne(sessions.id, keptId), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id })
  return rows.length
}
