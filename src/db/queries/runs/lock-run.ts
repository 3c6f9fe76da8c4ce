import { and, eq } from 'drizzle-orm'
import { GoneMeanwhile } from '#src/db/gone-meanwhile.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { RunRow } from './locate-run.ts'

/** The run, held until the transaction ends: attempts start, report and end one at a time. */
export async function lockRun(db: Handle, scope: ProjectScope, id: number): Promise<RunRow> {
  const [row] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, id)))
    .for('update')
  if (!row) throw new GoneMeanwhile('run')
  return row
}
