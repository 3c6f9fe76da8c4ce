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
}

/** The items of an evaluation as they are packed. */
export interface StandingItems {
  list_id: number
  /** True when no item of the list has a trial or a cluster. */
  is_plain: boolean
  bytes: Buffer
}

/** Evaluations that stand on these checkpoints, the newest first, and by their ids the items of those that have packed ones. */
export async function listStanding(
  db: Handle,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<{ rows: StandingRow[]; packed: Map<number, StandingItems> }> {
  if (checkpointIds.length === 0) return { rows: [], packed: new Map() }
  const rows = await db.execute<StandingRow & { at: number } & Record<string, unknown>>(sql`
    select e.id, e.checkpoint_id, e.benchmark_id, e.protocol_id, e.metric, e.variant, e.score, e.scale, e.stderr, e.n, e.n_missing,
      e.n_clusters, e.n_items, extract(epoch from coalesce(e.measured_at, e.created_at))::float8 as at
    from evaluations e
    where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = any(${numbers(checkpointIds)}::bigint[])
      and e.status = 'complete' and e.superseded_by is null`)
  // Here and not there: two thousand rows are put in order in half of the time.
  rows.sort((a, b) => b.at - a.at || b.id - a.id)
  const packed = await listPacked(
    db,
    scope,
    rows.flatMap((row) => (row.n_items > 0 ? row.id : [])),
  )
  return { rows, packed }
}

/** By themselves: joined to the evaluations, the items of all others would be read too. */
async function listPacked(
  db: Handle,
  scope: Scope,
  evaluationIds: readonly number[],
): Promise<Map<number, StandingItems>> {
  if (evaluationIds.length === 0) return new Map()
  const rows = await db.execute<StandingItems & { id: number } & Record<string, unknown>>(sql`
    select k.evaluation_id as id, k.list_id, l.trials is null and l.clusters is null as is_plain, k.bytes
    from unnest(${numbers(evaluationIds)}::bigint[]) as asked(id)
    join packed_items k on k.evaluation_id = asked.id
    join item_lists l on l.id = k.list_id
    where k.workspace_id = ${scope.workspaceId}`)
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * For each checkpoint a number that is another one whenever other evaluations stand on it: complete evaluations never change, so which
 * ones stand says it all. Checkpoints without any are absent.
 */
export async function listStandingVersions(
  db: Handle,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<Map<number, number>> {
  if (checkpointIds.length === 0) return new Map()
  const rows = await db.execute<{ id: number; version: number }>(sql`
    select m.checkpoint_id as id, m.version from measured_checkpoints m
    where m.workspace_id = ${scope.workspaceId} and m.checkpoint_id = any(${numbers(checkpointIds)}::bigint[]) and m.standing > 0`)
  return new Map(rows.map((row) => [row.id, row.version]))
}
