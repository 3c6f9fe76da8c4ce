import { and, eq, sql } from 'drizzle-orm'
import { allocations } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewAllocation = Omit<typeof allocations.$inferInsert, 'id' | 'workspaceId' | 'measured'>

export interface OverlapRow extends Record<string, unknown> {
  device: string
  run: number
  attempt: number
  started_at: string
  ended_at: string | null
}

/** Allocations of the workspace, without an agent, of one of these devices (by UUID) that overlap a span of time (RFC 3339). */
export async function listOverlaps(
  db: Handle,
  scope: Scope,
  held: { devices: readonly string[]; from: string; to: string },
): Promise<OverlapRow[]> {
  if (held.devices.length === 0) return []
  return await db.execute<OverlapRow>(sql`
    select d.device, r.number as run, a.attempt, a.started_at, a.ended_at
    from allocations a join runs r on r.id = a.run_id cross join lateral unnest(a.device_uuids) as d(device)
    where a.workspace_id = ${scope.workspaceId} and a.agent_id is null
      and d.device = any(${sql.param([...held.devices])}::text[])
      and a.started_at < ${held.to}::timestamptz and coalesce(a.ended_at, 'infinity') > ${held.from}::timestamptz
    order by a.started_at limit 20`)
}

/** Takes back what clients told of a run's hardware; what agents measured stays. */
export async function deleteToldAllocations(db: Handle, scope: Scope, runId: number): Promise<void> {
  await db
    .delete(allocations)
    .where(
      and(
        eq(allocations.workspaceId, scope.workspaceId),
        eq(allocations.runId, runId),
        eq(allocations.measured, false),
      ),
    )
}

/** Adds allocations that a client tells after the fact; not measured by an agent. */
export async function insertPastAllocations(db: Handle, scope: Scope, rows: readonly NewAllocation[]): Promise<void> {
  if (rows.length === 0) return
  await db.insert(allocations).values(rows.map((row) => ({ ...row, workspaceId: scope.workspaceId, measured: false })))
}
