import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/**
 * Deletes at most `limit` artifacts of a run; their content is collected on its own.
 *
 * @returns how many
 */
export async function deleteArtifactsOfRun(
  db: Handle,
  scope: ProjectScope,
  runId: number,
  limit: number,
): Promise<number> {
  const rows = await db.execute<{ id: number }>(sql`
    delete from artifacts where workspace_id = ${scope.workspaceId} and id in (
      select id from artifacts where workspace_id = ${scope.workspaceId} and run_id = ${runId} order by id limit ${limit})
    returning id`)
  return rows.length
}

/** Deletes the uploads of a run, finished or not, and answers the ids of their staging folders. */
export async function deleteUploadsOfRun(db: Handle, scope: ProjectScope, runId: number): Promise<string[]> {
  const rows = await db.execute<{ uid: string }>(sql`
    delete from uploads where workspace_id = ${scope.workspaceId} and run_id = ${runId} returning uid`)
  return rows.map((row) => row.uid)
}
