import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { HeldDeviceRow } from '../runs/list-held-devices.ts'

/** What each of these runs held, by device, the most hours first. */
export async function listHeldByRuns(
  db: Handle,
  scope: Scope,
  runIds: readonly number[],
): Promise<(HeldDeviceRow & { run_id: number })[]> {
  if (runIds.length === 0) return []
  return await db.execute<HeldDeviceRow & { run_id: number }>(sql`
    select r.id as run_id, r.experiment_id, a.device_kind, a.device_name, max(a.count)::int as count,
      (sum(extract(epoch from coalesce(a.ended_at, case when r.state in ('running', 'lost') then now() end,
        r.ended_at, a.started_at) - a.started_at) * a.count) / 3600)::float8 as hours
    from allocations a join runs r on r.id = a.run_id
    where a.workspace_id = ${scope.workspaceId} and r.workspace_id = ${scope.workspaceId} and r.id in ${[...runIds]}
    group by r.id, r.experiment_id, a.device_kind, a.device_name
    order by r.id, hours desc`)
}
