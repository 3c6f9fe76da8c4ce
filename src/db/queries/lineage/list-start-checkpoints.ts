import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface StartCheckpointRow extends Record<string, unknown> {
  id: number
  run_id: number | null
  /** As told with the checkpoint, else the value of the first of these counters that was kept at its step. */
  tokens: number | null
  created_at: string
}

/** Checkpoints as start values need them, of any project of the workspace; deleted ones too, since what they took was spent. */
export async function listStartCheckpoints(
  db: Handle,
  scope: Scope,
  ids: readonly number[],
  tokenKeys: readonly string[],
): Promise<StartCheckpointRow[]> {
  if (ids.length === 0) return []
  return await db.execute<StartCheckpointRow>(sql`
    select c.id, c.run_id, coalesce(c.tokens::float8, kept.value) as tokens, c.created_at
    from checkpoints c left join lateral (
      select m.value from checkpoint_metrics m join metric_keys k on k.workspace_id = c.workspace_id and k.id = m.metric_id
      where m.checkpoint_id = c.id and k.name = any(${sql.param([...tokenKeys])}::text[]) and m.value between 0 and 9e15
      order by array_position(${sql.param([...tokenKeys])}::text[], k.name) limit 1
    ) kept on true
    where c.workspace_id = ${scope.workspaceId} and c.id = any(${sql.param([...ids])}::bigint[])`)
}
