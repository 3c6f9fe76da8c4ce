import { and, count, eq, gt, isNull } from 'drizzle-orm'
import { experiments } from '#src/db/schema/experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** How many experiments of the project come after a number, archived ones and the one of runs without a stage aside. */
export async function countExperimentsAfter(db: Handle, scope: ProjectScope, after: number): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(experiments)
    .where(
      and(
        eq(experiments.workspaceId, scope.workspaceId),
        eq(experiments.projectId, scope.projectId),
        eq(experiments.isUnstaged, false),
        isNull(experiments.archivedAt),
        gt(experiments.number, after),
      ),
    )
  return row?.n ?? 0
}
