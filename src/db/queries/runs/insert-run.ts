import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { RunRow } from './locate-run.ts'

export type NewRun = Omit<typeof runs.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>

/** Makes a run; null when the uid is taken. */
export async function insertRun(db: Handle, scope: ProjectScope, run: NewRun): Promise<RunRow | null> {
  const rows = await db
    .insert(runs)
    .values({ ...run, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .onConflictDoNothing({ target: runs.uid })
    .returning()
  return rows[0] ?? null
}
