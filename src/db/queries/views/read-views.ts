import { and, asc, eq, ne, or, type SQL, sql } from 'drizzle-orm'
import { VIEWS_LISTED_MAX, type ViewPage } from '#src/core/views/views.ts'
import { users } from '#src/db/schema/auth.ts'
import { views } from '#src/db/schema/views.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type ViewRow = Awaited<ReturnType<typeof listViews>>[number]

/** Named views of a page: those of this person and the shared ones; private ones first, each by name. */
export const listViews = (db: Handle, scope: ProjectScope, of: { page: ViewPage; userId: number | null }) =>
  read(
    db,
    scope,
    and(
      eq(views.page, of.page),
      ne(views.audience, 'link'),
      or(
        eq(views.audience, 'shared'),
        of.userId === null ? undefined : and(eq(views.audience, 'private'), eq(views.ownerId, of.userId)),
      ),
    ),
  )

/** The view with this key that the person may see; null when there is none. */
export async function findView(
  db: Handle,
  scope: ProjectScope,
  of: { key: string; userId: number | null },
): Promise<ViewRow | null> {
  const [row] = await read(
    db,
    scope,
    and(
      eq(views.key, of.key),
      or(ne(views.audience, 'private'), of.userId === null ? undefined : eq(views.ownerId, of.userId)),
    ),
  )
  return row ?? null
}

async function read(db: Handle, scope: ProjectScope, which: SQL | undefined) {
  return await db
    .select({
      id: views.id,
      key: views.key,
      page: views.page,
      audience: views.audience,
      name: views.name,
      state: views.state,
      revision: views.revision,
      ownerId: views.ownerId,
      owner: users.name,
      updatedBy: sql<string>`case split_part(${views.updatedBy}, ':', 1)
        when 'user' then (select u.name from users u where u.id = split_part(${views.updatedBy}, ':', 2)::bigint)
        when 'key' then (select k.name from api_keys k
          where k.workspace_id = ${views.workspaceId} and k.id = split_part(${views.updatedBy}, ':', 2)::bigint)
        else ${views.updatedBy} end`,
      updatedAt: views.updatedAt,
    })
    .from(views)
    .leftJoin(users, eq(users.id, views.ownerId))
    .where(and(eq(views.workspaceId, scope.workspaceId), eq(views.projectId, scope.projectId), which))
    .orderBy(asc(views.audience), asc(sql`lower(${views.name})`), asc(views.id))
    .limit(VIEWS_LISTED_MAX)
}
