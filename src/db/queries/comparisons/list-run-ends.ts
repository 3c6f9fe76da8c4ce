import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface RunEndRow extends Record<string, unknown> {
  id: number
  uid: string
  experiment_id: number
  run_id: number
  step: number
  tokens: number | null
}

/** The furthest checkpoint of each of these runs. */
export async function listRunEnds(db: Handle, scope: Scope, runIds: readonly number[]): Promise<RunEndRow[]> {
  if (runIds.length === 0) return []
  return await db.execute<RunEndRow>(sql`
    select distinct on (run_id) id, uid, experiment_id, run_id, step, tokens
    from checkpoints
    where workspace_id = ${scope.workspaceId} and run_id in ${[...runIds]} and deleted_at is null
    order by run_id, step desc, id desc`)
}
