import { and, eq } from 'drizzle-orm'
import type { ViewPage } from '#src/core/views/views.ts'
import { lastViews } from '#src/db/schema/views.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** What a person saw last of a page; null for who never was there. */
export async function findLastView(db: Handle, scope: ProjectScope, of: { page: ViewPage; userId: number }) {
  const rows = await db
    .select({ state: lastViews.state, view: lastViews.viewKey })
    .from(lastViews)
    .where(
      and(
        eq(lastViews.workspaceId, scope.workspaceId),
        eq(lastViews.projectId, scope.projectId),
        eq(lastViews.userId, of.userId),
        eq(lastViews.page, of.page),
      ),
    )
  return rows[0] ?? null
}

/** Notes what a person saw last of a page; the newer stands. */
export async function putLastView(
  db: Handle,
  scope: ProjectScope,
  row: { page: ViewPage; userId: number; state: string; view: string | null; at: string },
): Promise<void> {
  const { page, userId, state, view: viewKey, at: updatedAt } = row
  await db
    .insert(lastViews)
    .values({
      workspaceId: scope.workspaceId,
      projectId: scope.projectId,
      userId,
      page,
      state,
      viewKey,
      updatedAt,
    })
    .onConflictDoUpdate({
      target: [lastViews.projectId, lastViews.userId, lastViews.page],
      set: { state, viewKey, updatedAt },
    })
}
