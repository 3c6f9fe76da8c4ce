import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { KeyScope } from '#src/core/roles/permissions.ts'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { apiKeys, users } from '#src/db/schema/auth.ts'
import { projects } from '#src/db/schema/projects.ts'
import type { Scope } from '#src/db/scope.ts'

type Db = Database | DatabaseTransaction

export interface ApiKeyRow {
  publicId: string
  secretHash: string
  lastFour: string
  scope: KeyScope
  name: string
  /** Null: bound to the workspace. */
  projectId: number | null
  createdBy: number
  expiresAt: string | null
}

/** Stores a key by its hash. */
export async function insertApiKey(db: Db, scope: Scope, row: ApiKeyRow): Promise<number> {
  const [made] = await db
    .insert(apiKeys)
    .values({ ...row, workspaceId: scope.workspaceId })
    .returning({ id: apiKeys.id })
  if (!made) throw new Error('An insert gave no row back.')
  return made.id
}

/** Keys of a workspace, at most 1,000: those that work before others, the newest first; of one creator where one is given. */
export async function listApiKeys(db: Db, scope: Scope, createdBy: number | null) {
  return await db
    .select({
      publicId: apiKeys.publicId,
      lastFour: apiKeys.lastFour,
      scope: apiKeys.scope,
      name: apiKeys.name,
      project: projects.slug,
      createdBy: users.name,
      createdById: apiKeys.createdBy,
      createdAt: apiKeys.createdAt,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeys.lastUsedAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.createdBy))
    .leftJoin(projects, and(eq(projects.workspaceId, apiKeys.workspaceId), eq(projects.id, apiKeys.projectId)))
    .where(
      and(
        eq(apiKeys.workspaceId, scope.workspaceId),
        createdBy === null ? undefined : eq(apiKeys.createdBy, createdBy),
      ),
    )
    .orderBy(sql`${apiKeys.revokedAt} is not null or coalesce(${apiKeys.expiresAt} <= now(), false)`, desc(apiKeys.id))
    .limit(1_000)
}

/**
 * Ends a living key, of one creator where one is given.
 *
 * @returns what it was; null when there is none such
 */
export async function revokeApiKey(db: Db, scope: Scope, publicId: string, createdBy: number | null) {
  const [row] = await db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(apiKeys.workspaceId, scope.workspaceId),
        eq(apiKeys.publicId, publicId),
        isNull(apiKeys.revokedAt),
        createdBy === null ? undefined : eq(apiKeys.createdBy, createdBy),
      ),
    )
    .returning({ id: apiKeys.id, name: apiKeys.name, scope: apiKeys.scope })
  return row ?? null
}
