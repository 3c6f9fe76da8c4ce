import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface FrozenWithRun extends Record<string, unknown> {
  id: number
  frozen: Record<string, unknown>
  /** The run and its checkpoints as the frozen numbers name them: "run 41", "checkpoint 7". */
  targets: string[]
}

/** Frozen comparisons in which a run or a checkpoint of it stands. */
export async function listFrozenWithRun(db: Handle, scope: Scope, runId: number): Promise<FrozenWithRun[]> {
  return await db.execute<FrozenWithRun>(sql`
    select c.id, c.frozen, array_agg(e.kind || ' ' || coalesce(e.run_id, e.checkpoint_id)) as targets
    from comparison_entries e
    join comparisons c on c.workspace_id = e.workspace_id and c.id = e.comparison_id
    left join checkpoints k on k.workspace_id = e.workspace_id and k.id = e.checkpoint_id
    where e.workspace_id = ${scope.workspaceId} and c.frozen is not null
      and (e.run_id = ${runId} or k.run_id = ${runId})
    group by c.id`)
}
