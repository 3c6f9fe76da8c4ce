import { and, eq, inArray, sql } from 'drizzle-orm'
import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

const which = (scope: ProjectScope, ids: readonly number[]) =>
  and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), inArray(runs.id, [...ids]))

export type RunsChange = Partial<
  Pick<typeof runs.$inferInsert, 'runGroup' | 'isStarred' | 'archivedAt' | 'deletedAt' | 'purgeRequestedAt'>
>

/** Changes the same members of many runs. */
export async function updateRuns(
  db: Handle,
  scope: ProjectScope,
  ids: readonly number[],
  change: RunsChange,
): Promise<void> {
  if (ids.length > 0) await db.update(runs).set(change).where(which(scope, ids))
}

/** Adds tags behind those that a run has. */
export async function addTags(db: Handle, scope: ProjectScope, ids: readonly number[], tags: readonly string[]) {
  if (ids.length === 0) return
  const added = sql`${sql.param([...tags])}::text[]`
  await db
    .update(runs)
    .set({ tags: sql`${runs.tags} || array(select t from unnest(${added}) t where t <> all(${runs.tags}))` })
    .where(which(scope, ids))
}

/** Takes tags from runs; the others keep their order. */
export async function removeTags(db: Handle, scope: ProjectScope, ids: readonly number[], tags: readonly string[]) {
  if (ids.length === 0) return
  const removed = sql`${sql.param([...tags])}::text[]`
  await db
    .update(runs)
    .set({
      tags: sql`array(select t from unnest(${runs.tags}) with ordinality as u(t, at) where t <> all(${removed}) order by at)`,
    })
    .where(which(scope, ids))
}
