import { and, eq, inArray } from 'drizzle-orm'
import { runs } from '../../schema/runs.ts'
import type { ProjectScope, Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import type { RunRow } from './locate-run.ts'

/** A run of a project by its number. */
export async function findRunByNumber(db: Handle, scope: ProjectScope, number: number): Promise<RunRow | null> {
  const rows = await db
    .select()
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.number, number)))
  return rows[0] ?? null
}

/** A run of a project by the id inside. */
export async function findRunById(db: Handle, scope: ProjectScope, id: number): Promise<RunRow | null> {
  const rows = await db
    .select()
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, id)))
  return rows[0] ?? null
}

/** Runs of any projects of the workspace by their ids inside, in no order. */
export async function listRunsById(db: Handle, scope: Scope, ids: readonly number[]): Promise<RunRow[]> {
  return await db
    .select()
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), inArray(runs.id, [...ids])))
}
