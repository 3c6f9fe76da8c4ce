import { and, eq, sql } from 'drizzle-orm'
import { GoneMeanwhile } from '#src/db/gone-meanwhile.ts'
import { projects } from '#src/db/schema/projects.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/**
 * The next number of an experiment or run in its project. Locks the project's row until the transaction ends, so that numbers
 * are given once; a transaction that fails leaves a gap in none.
 */
export async function takeNumber(db: Handle, scope: ProjectScope, of: 'experiment' | 'run'): Promise<number> {
  const [row] = await db
    .update(projects)
    .set(
      of === 'experiment'
        ? { nextExperiment: sql`${projects.nextExperiment} + 1` }
        : { nextRun: sql`${projects.nextRun} + 1` },
    )
    .where(and(eq(projects.workspaceId, scope.workspaceId), eq(projects.id, scope.projectId)))
    .returning({ experiment: projects.nextExperiment, run: projects.nextRun })
  if (!row) throw new GoneMeanwhile('project')
  return row[of] - 1
}
