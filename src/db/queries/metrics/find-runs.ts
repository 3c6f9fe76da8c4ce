import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** What the control plane knows of a run that the data plane asks for. */
export interface KnownRun {
  id: number
  workspaceId: number
  projectId: number
  isDeleted: boolean
  isOpen: boolean
  /** Of its newest attempt; 1 and 0 before the first. */
  attempt: number
  fence: number
}

/** Runs of the control plane by id; unknown ids are left out. */
export async function findRuns(sql: AnySql, runIds: readonly number[]): Promise<KnownRun[]> {
  const rows = await sql.unsafe<
    {
      id: number
      workspace_id: number
      project_id: number
      is_deleted: boolean
      is_open: boolean
      attempt: number
      fence: number
    }[]
  >(
    `select r.id, r.workspace_id, r.project_id, r.deleted_at is not null as is_deleted,
       r.state in ('queued', 'running', 'lost') as is_open,
       coalesce((select max(a.number) from attempts a where a.run_id = r.id), 1) as attempt,
       coalesce((select max(a.fence) from attempts a where a.run_id = r.id), 0) as fence
     from runs r where r.id = any($1::bigint[])`,
    [numbers(runIds)],
    { prepare: true },
  )
  return rows.map((row) => ({
    id: row.id,
    workspaceId: row.workspace_id,
    projectId: row.project_id,
    isDeleted: row.is_deleted,
    isOpen: row.is_open,
    attempt: row.attempt,
    fence: row.fence,
  }))
}
