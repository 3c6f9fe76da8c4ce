import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

/** A checkpoint that battled. */
export interface SideRow extends Record<string, unknown> {
  id: number
  uid: string
  experimentId: number
  step: number
  deleted: boolean
}

/**
 * Checkpoints, deleted ones too: of the project by their outside ids, or by ids that the project holds, wherever in the workspace their
 * runs have moved since.
 */
export async function listSides(
  db: Handle,
  scope: ProjectScope,
  of: { ids: readonly number[] } | { uids: readonly string[] },
): Promise<SideRow[]> {
  const which =
    'ids' in of
      ? sql`id = any(${numbers(of.ids)}::bigint[])`
      : sql`project_id = ${scope.projectId} and uid = any(${sql.param([...of.uids])}::uuid[])`
  return await db.execute<SideRow>(sql`
    select id, uid, experiment_id as "experimentId", step, deleted_at is not null as deleted from checkpoints
    where workspace_id = ${scope.workspaceId} and ${which}`)
}
