import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { EdgeEnd } from './list-edges.ts'

/** Experiments of the workspace by id, as links need them. */
export async function listExperimentEnds(db: Handle, scope: Scope, ids: readonly number[]): Promise<EdgeEnd[]> {
  if (ids.length === 0) return []
  return await db.execute<EdgeEnd & Record<string, unknown>>(sql`
    select x.id, p.slug as project, x.number, x.slug, x.name, x.stage_kind
    from experiments x join projects p on p.id = x.project_id
    where x.workspace_id = ${scope.workspaceId} and x.id in ${[...ids]}`)
}
