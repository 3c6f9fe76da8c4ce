import { and, eq, sql } from 'drizzle-orm'
import { notes } from '#src/db/schema/notes.ts'
import { allocations, attempts, runInputs, runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Adds to the rows of the data plane that are gone of a run under deletion. */
export async function addPurgedRows(db: Handle, scope: ProjectScope, runId: number, rows: number): Promise<void> {
  await db
    .update(runs)
    .set({ purgeRowsDone: sql`${runs.purgeRowsDone} + ${rows}` })
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, runId)))
}

/**
 * Leaves of a run that it was there: number, name, stage, who made it, when, and how it ended. What it was configured with, what it
 * read, its attempts, its hardware and its notes go.
 */
export async function stripRun(db: Handle, scope: ProjectScope, runId: number, at: string): Promise<void> {
  await db.delete(runInputs).where(and(eq(runInputs.workspaceId, scope.workspaceId), eq(runInputs.runId, runId)))
  await db.delete(allocations).where(and(eq(allocations.workspaceId, scope.workspaceId), eq(allocations.runId, runId)))
  await db.delete(attempts).where(and(eq(attempts.workspaceId, scope.workspaceId), eq(attempts.runId, runId)))
  await db
    .delete(notes)
    .where(and(eq(notes.workspaceId, scope.workspaceId), eq(notes.projectId, scope.projectId), eq(notes.runId, runId)))
  await db
    .update(runs)
    .set({ config: {}, environment: {}, message: '', note: '', tags: [], seed: null, runGroup: null, purgedAt: at })
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, runId)))
}
