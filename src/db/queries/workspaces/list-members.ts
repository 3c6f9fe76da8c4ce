import { asc, eq } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { users } from '#src/db/schema/auth.ts'
import { members } from '#src/db/schema/workspaces.ts'
import type { Scope } from '#src/db/scope.ts'

/** Members of a workspace with their roles, the first to join first. */
export async function listMembers(db: Database | DatabaseTransaction, scope: Scope) {
  return await db
    .select({ uid: users.uid, name: users.name, email: users.email, role: members.role, joinedAt: members.createdAt })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.workspaceId, scope.workspaceId))
    .orderBy(asc(members.createdAt), asc(users.id))
    .limit(1_000)
}
