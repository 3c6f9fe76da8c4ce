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

type Packed = Pick<StandingRow, 'list_id' | 'is_plain' | 'bytes'>

const NOTHING_PACKED: Packed = { list_id: null, is_plain: null, bytes: null }

/** Evaluations that stand on these checkpoints, with their packed items, the newest first. */
export async function listStanding(db: Handle, scope: Scope, checkpointIds: readonly number[]): Promise<StandingRow[]> {
  if (checkpointIds.length === 0) return []
  const rows = await db.execute<Omit<StandingRow, keyof Packed> & Record<string, unknown>>(sql`
    select e.id, e.checkpoint_id, e.benchmark_id, e.protocol_id, e.metric, e.variant, e.score, e.scale, e.stderr, e.n, e.n_missing,
      e.n_clusters, e.n_items
    from evaluations e
    where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = any(${numbers(checkpointIds)}::bigint[])
      and e.status = 'complete' and e.superseded_by is null
    order by coalesce(e.measured_at, e.created_at) desc, e.id desc`)
  const packed = await listPacked(
    db,
    scope,
    rows.flatMap((row) => (row.n_items > 0 ? row.id : [])),
  )
  return rows.map((row) => ({ ...row, ...(packed.get(row.id) ?? NOTHING_PACKED) }))
}

/** By themselves: joined to the evaluations, the items of all others would be read too. */
async function listPacked(db: Handle, scope: Scope, evaluationIds: readonly number[]): Promise<Map<number, Packed>> {
  if (evaluationIds.length === 0) return new Map()
  const rows = await db.execute<Packed & { id: number }>(sql`
    select k.evaluation_id as id, k.list_id, l.trials is null and l.clusters is null as is_plain, k.bytes
    from unnest(${numbers(evaluationIds)}::bigint[]) as asked(id)
    join packed_items k on k.evaluation_id = asked.id
    join item_lists l on l.id = k.list_id
    where k.workspace_id = ${scope.workspaceId}`)
  return new Map(rows.map(({ id, ...row }) => [id, row]))
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
