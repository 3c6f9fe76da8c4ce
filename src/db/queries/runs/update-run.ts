import { and, eq, type SQL } from 'drizzle-orm'
import { GoneMeanwhile } from '#src/db/gone-meanwhile.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { RunRow } from './locate-run.ts'

type Changed = Partial<typeof runs.$inferInsert>
export type RunChange = { [K in keyof Changed]: Changed[K] | SQL }

/** Changes members of a run; absent ones stay. */
export async function updateRun(db: Handle, scope: ProjectScope, id: number, change: RunChange): Promise<RunRow> {
  const [row] = await db
    .update(runs)
    .set(change)
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, id)))
    .returning()
  if (!row) throw new GoneMeanwhile('run')
  return row
}
