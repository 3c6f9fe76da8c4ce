import { and, eq, sql } from 'drizzle-orm'
import { runs } from '#src/db/schema/runs.ts'
import { aliases } from '#src/db/schema/workspaces.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { RunRow } from './locate-run.ts'

/** The number that a run had in a project which it left; null when it never was there. `project`: its present slug. */
export async function formerNumber(db: Handle, scope: Scope, project: string, runId: number): Promise<number | null> {
  const rows = await db
    .select({ name: aliases.name })
    .from(aliases)
    .where(
      and(
        eq(aliases.workspaceId, scope.workspaceId),
        eq(aliases.kind, 'run'),
        eq(aliases.project, project),
        eq(aliases.targetId, runId),
      ),
    )
  return rows[0] ? Number(rows[0].name) : null
}

/** The run that had this number in a project which it left, wherever in the workspace it is now. `project`: its present slug. */
export async function formerRun(db: Handle, scope: Scope, project: string, number: number): Promise<RunRow | null> {
  const rows = await db
    .select({ run: runs })
    .from(aliases)
    .innerJoin(runs, and(eq(runs.id, aliases.targetId), eq(runs.workspaceId, aliases.workspaceId)))
    .where(
      and(
        eq(aliases.workspaceId, scope.workspaceId),
        eq(aliases.kind, 'run'),
        eq(aliases.project, project),
        eq(aliases.name, String(number)),
      ),
    )
  return rows[0]?.run ?? null
}

export interface MovedRun extends Record<string, unknown> {
  id: number
  /** The one that it had in the project. */
  number: number
  uid: string
  startedAt: string | null
  projectId: number
}

/** Runs of these numbers or uids that left a project, deleted ones left out. `project`: its present slug. */
export async function listMovedRuns(
  db: Handle,
  scope: Scope,
  project: string,
  { numbers, uids }: { numbers: readonly number[]; uids: readonly string[] },
): Promise<MovedRun[]> {
  if (numbers.length + uids.length === 0) return []
  return await db.execute<MovedRun>(sql`
    select r.id, a.name::int as number, r.uid, r.started_at as "startedAt", r.project_id as "projectId"
    from aliases a join runs r on r.id = a.target_id and r.workspace_id = a.workspace_id
    where a.workspace_id = ${scope.workspaceId} and a.kind = 'run' and a.project = ${project}
      and (a.name = any(${sql.param(numbers.map(String))}::text[]) or r.uid = any(${sql.param([...uids])}::uuid[]))
      and r.deleted_at is null`)
}
