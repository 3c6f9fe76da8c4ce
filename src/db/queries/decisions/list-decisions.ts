import { sql } from 'drizzle-orm'
import type { Decision } from '#src/core/decisions/decisions.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface DecisionRow extends Record<string, unknown> {
  revision: number
  decision: Decision
  reason: string
  by: string
  at: string
}

/** Decisions on a stage with the names of who made them, the newest first, at most 200. */
export async function listDecisions(db: Handle, scope: Scope, experimentId: number): Promise<DecisionRow[]> {
  return await db.execute<DecisionRow>(sql`
    select d.revision, d.decision, d.reason, d.created_at as at, coalesce(u.name, k.name, d.created_by) as by
    from decisions d
    left join users u on d.created_by = 'user:' || u.id
    left join api_keys k on d.created_by = 'key:' || k.id and k.workspace_id = d.workspace_id
    where d.workspace_id = ${scope.workspaceId} and d.experiment_id = ${experimentId}
    order by d.revision desc limit 200`)
}
