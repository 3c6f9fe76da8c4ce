import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface StoredRow extends Record<string, unknown> {
  experiment_id: number
  checkpoints: number
  /** Of all of them, and of those whose files are kept here. */
  bytes: number
  bytes_here: number
  /** Of files kept here that an earlier stage keeps as well: counted there, and in neither of the two. */
  bytes_shared: number
  /** Checkpoints whose size nobody told. */
  unsized: number
  /** The largest one. */
  largest: number
}

/**
 * Sizes of the checkpoints of a project that were not deleted, by experiment. A file that several checkpoints share is stored once, so it
 * counts once: at the stage whose checkpoint was the first to hold it.
 */
export async function listStored(db: Handle, scope: ProjectScope): Promise<StoredRow[]> {
  return await db.execute<StoredRow>(sql`
    with own as (
      select c.id, c.experiment_id, c.size_bytes, c.location is null as is_here from checkpoints c
      where c.workspace_id = ${scope.workspaceId} and c.project_id = ${scope.projectId} and c.deleted_at is null
    ), files as (
      select o.experiment_id, f.sha256, f.size_bytes,
        row_number() over (partition by f.sha256 order by min(o.id)) = 1 as is_first
      from checkpoint_files f join own o on o.id = f.checkpoint_id and o.is_here
      where f.workspace_id = ${scope.workspaceId}
      group by o.experiment_id, f.sha256, f.size_bytes
    ), here as (
      select experiment_id, sum(size_bytes) filter (where is_first) as bytes,
        sum(size_bytes) filter (where not is_first) as shared
      from files group by experiment_id
    )
    select o.experiment_id, count(*)::int as checkpoints,
      coalesce(max(h.bytes), 0)::float8 as bytes_here, coalesce(max(h.shared), 0)::float8 as bytes_shared,
      (coalesce(max(h.bytes), 0) + coalesce(sum(o.size_bytes) filter (where not o.is_here), 0))::float8 as bytes,
      count(*) filter (where o.size_bytes = 0)::int as unsized,
      max(o.size_bytes)::float8 as largest
    from own o left join here h on h.experiment_id = o.experiment_id
    group by o.experiment_id`)
}
