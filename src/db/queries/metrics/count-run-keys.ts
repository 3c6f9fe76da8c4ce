import { sql } from 'drizzle-orm'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface RunKeyRow extends Record<string, unknown> {
  key: string
  /** How many of the runs have logged it. */
  runs: number
}

/** The metric keys that some of these runs of a project have logged, by the alphabet of their bytes. */
export async function countRunKeys(
  db: Handle,
  scope: ProjectScope,
  runNumbers: readonly number[],
): Promise<RunKeyRow[]> {
  if (runNumbers.length === 0) return []
  return await db.execute<RunKeyRow>(sql`
    select k.name as key, c.runs
    from (
      select l.metric_id, count(*)::int as runs
      from runs r join metric_latest l on l.run_id = r.id
      where r.workspace_id = ${scope.workspaceId} and r.project_id = ${scope.projectId} and r.deleted_at is null
        and r.number = any(${sql.param([...runNumbers])}::int[])
      group by l.metric_id
    ) c join metric_keys k on k.id = c.metric_id
    order by k.name collate "C"`)
}
