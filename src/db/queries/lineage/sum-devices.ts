import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface DeviceRow extends Record<string, unknown> {
  experiment_id: number
  device_kind: 'gpu' | 'cpu'
  hours: number
}

/** Device-hours of each experiment by kind of device: allocated, evaluations included, the open ones up to now. */
export async function sumDevices(db: Handle, scope: ProjectScope): Promise<DeviceRow[]> {
  return await db.execute<DeviceRow>(sql`
    select r.experiment_id, a.device_kind,
      (sum(extract(epoch from coalesce(a.ended_at, case when r.state in ('running', 'lost') then now() end,
        r.ended_at, a.started_at) - a.started_at) * a.count) / 3600)::float8 as hours
    from allocations a join runs r on r.id = a.run_id
    where a.workspace_id = ${scope.workspaceId} and r.workspace_id = ${scope.workspaceId}
      and r.project_id = ${scope.projectId} and r.deleted_at is null
    group by r.experiment_id, a.device_kind`)
}
