import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

/** A standing evaluation, no wider than a matrix needs it. */
export interface StandingRow {
  id: number
  checkpoint_id: number
  benchmark_id: number
  protocol_id: number
  metric: string
  variant: string
  score: number
  scale: 1 | 100
  stderr: number | null
  n: number | null
  n_missing: string | null
  n_clusters: number | null
  n_items: number
  /** Null: no items, or none packed. */
  list_id: number | null
  /** True when no item of the list has a trial or a cluster. */
  is_plain: boolean | null
  bytes: Buffer | null
}

/** Evaluations that stand on these checkpoints, with their packed items, the newest first. */
export async function listStanding(db: Handle, scope: Scope, checkpointIds: readonly number[]): Promise<StandingRow[]> {
  if (checkpointIds.length === 0) return []
  return await db.execute<StandingRow & Record<string, unknown>>(sql`
    select e.id, e.checkpoint_id, e.benchmark_id, e.protocol_id, e.metric, e.variant, e.score, e.scale, e.stderr, e.n, e.n_missing,
      e.n_clusters, e.n_items, k.list_id, l.trials is null and l.clusters is null as is_plain, k.bytes
    from evaluations e
    left join packed_items k on k.evaluation_id = e.id
    left join item_lists l on l.id = k.list_id
    where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = any(${numbers(checkpointIds)}::bigint[])
      and e.status = 'complete' and e.superseded_by is null
    order by coalesce(e.measured_at, e.created_at) desc, e.id desc`)
}

/**
 * What stands on each checkpoint, as a text that changes whenever that does: complete evaluations never change, so which ones stand
 * says it all. Checkpoints without any are absent.
 */
export async function listStandingStamps(
  db: Handle,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<Map<number, string>> {
  if (checkpointIds.length === 0) return new Map()
  const rows = await db.execute<{ checkpoint_id: number; stamp: string }>(sql`
    select e.checkpoint_id, concat_ws(' ', count(*), max(e.id), sum(e.id)) as stamp
    from evaluations e
    where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = any(${numbers(checkpointIds)}::bigint[])
      and e.status = 'complete' and e.superseded_by is null
    group by e.checkpoint_id`)
  return new Map(rows.map((row) => [row.checkpoint_id, row.stamp]))
}
