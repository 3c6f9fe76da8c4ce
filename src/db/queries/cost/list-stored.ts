import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface StoredRow extends Record<string, unknown> {
  experiment_id: number
  checkpoints: number
  /** Of all of them, and of those whose files are kept here. */
  bytes: number
  bytes_here: number
  /** Checkpoints whose size nobody told. */
  unsized: number
  /** The largest one. */
  largest: number
}

/** Sizes of the checkpoints of a project that were not deleted, by experiment. A file that several checkpoints share is stored once. */
export async function listStored(db: Handle, scope: ProjectScope): Promise<StoredRow[]> {
  return await db.execute<StoredRow>(sql`
    with own as (
      select c.id, c.experiment_id, c.size_bytes, c.location is null as is_here from checkpoints c
      where c.workspace_id = ${scope.workspaceId} and c.project_id = ${scope.projectId} and c.deleted_at is null
    ), here as (
      select experiment_id, sum(size_bytes) as bytes from (
        select distinct o.experiment_id, f.sha256, f.size_bytes from checkpoint_files f
        join own o on o.id = f.checkpoint_id and o.is_here
        where f.workspace_id = ${scope.workspaceId}
      ) files group by experiment_id
    )
    select o.experiment_id, count(*)::int as checkpoints,
      coalesce(max(h.bytes), 0)::float8 as bytes_here,
      (coalesce(max(h.bytes), 0) + coalesce(sum(o.size_bytes) filter (where not o.is_here), 0))::float8 as bytes,
      count(*) filter (where o.size_bytes = 0)::int as unsized,
      max(o.size_bytes)::float8 as largest
    from own o left join here h on h.experiment_id = o.experiment_id
    group by o.experiment_id`)
}
