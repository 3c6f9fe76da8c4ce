import { sql } from 'drizzle-orm'
import type { EndReason } from '#src/core/runs/states.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface CostAttemptRow extends Record<string, unknown> {
  run_id: number
  number: number
  first_step: number
  created_at: string
  started_at: string | null
  ended_at: string | null
  end_reason: EndReason | null
  /** When the checkpoint was saved that it goes on from: the one it names, else the run's own nearest at or before its first step. */
  from_saved_at: string | null
}

/** Attempts of runs in order, with the time of the checkpoint that each resumed from. */
export async function listCostAttempts(db: Handle, scope: Scope, runIds: readonly number[]): Promise<CostAttemptRow[]> {
  if (runIds.length === 0) return []
  return await db.execute<CostAttemptRow>(sql`
    select a.run_id, a.number, a.first_step, a.created_at, a.started_at, a.ended_at, a.end_reason,
      coalesce(named.created_at, near.created_at) as from_saved_at
    from attempts a
    left join checkpoints named on named.id = a.from_checkpoint_id and named.run_id = a.run_id
    left join lateral (
      select c.created_at from checkpoints c
      where c.workspace_id = ${scope.workspaceId} and c.run_id = a.run_id and c.attempt < a.number and c.step <= a.first_step
      order by c.step desc, c.attempt desc limit 1
    ) near on a.first_step > 0
    where a.workspace_id = ${scope.workspaceId} and a.run_id = any(${sql.param([...runIds])}::bigint[])
    order by a.run_id, a.number`)
}
