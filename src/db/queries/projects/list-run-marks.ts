import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** A run as far as its place on disk is told. */
export interface RunMark extends Record<string, unknown> {
  id: number
  project_id: number
  uid: string
  number: number
  name: string
  deleted: boolean
  thinned: boolean
  artifact_bytes: number
}

/** All runs of a workspace that may have data, deleted ones included while theirs is there, with the bytes of their files. */
export async function listRunMarks(db: Handle, scope: Scope, projectIds: readonly number[]): Promise<RunMark[]> {
  if (projectIds.length === 0) return []
  return await db.execute<RunMark>(sql`
    select r.id, r.project_id, r.uid, r.number, r.name, r.deleted_at is not null as deleted, r.thinned_at is not null as thinned,
      coalesce(a.bytes, 0)::bigint as artifact_bytes
    from runs r
    left join (
      select run_id, sum(size_bytes) as bytes from (
        select distinct run_id, sha256, size_bytes from artifacts
        where workspace_id = ${scope.workspaceId} and project_id in ${[...projectIds]} and deleted_at is null) d
      group by run_id) a on a.run_id = r.id
    where r.workspace_id = ${scope.workspaceId} and r.project_id in ${[...projectIds]} and r.purge_checked_at is null`)
}

/** Bytes of the files of each project, the same content once; those of kept checkpoints of deleted runs too. */
export async function sumFiles(db: Handle, scope: Scope, projectIds: readonly number[]): Promise<Map<number, number>> {
  if (projectIds.length === 0) return new Map()
  const rows = await db.execute<{ project_id: number; bytes: number }>(sql`
    select project_id, sum(size_bytes)::bigint as bytes from (
      select project_id, sha256, size_bytes from artifacts
      where workspace_id = ${scope.workspaceId} and project_id in ${[...projectIds]} and deleted_at is null
      union
      select c.project_id, b.sha256, b.size_bytes
      from checkpoints c join checkpoint_files f on f.workspace_id = c.workspace_id and f.checkpoint_id = c.id
      join blobs b on b.workspace_id = c.workspace_id and b.sha256 = f.sha256
      where c.workspace_id = ${scope.workspaceId} and c.project_id in ${[...projectIds]} and c.deleted_at is null) u
    group by project_id`)
  return new Map(rows.map((row) => [row.project_id, row.bytes]))
}
