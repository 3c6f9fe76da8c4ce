import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Experiments of a project that have weights without a run: bases from outside, and stages whose checkpoints came from a file. */
export async function listGivenWeights(db: Handle, scope: ProjectScope, experimentId?: number): Promise<Set<number>> {
  const rows = await db.execute<{ experiment_id: number }>(sql`
    select distinct experiment_id from checkpoints
    where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId} and run_id is null and deleted_at is null
      and (${experimentId ?? null}::bigint is null or experiment_id = ${experimentId ?? null}::bigint)`)
  return new Set(rows.map((row) => row.experiment_id))
}
