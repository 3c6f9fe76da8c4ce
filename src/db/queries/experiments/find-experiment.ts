import { and, eq, type SQL } from 'drizzle-orm'
import { experiments } from '../../schema/experiments.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export type ExperimentRow = typeof experiments.$inferSelect

/** An experiment of a project by number (a number), slug (a string) or id inside. */
export async function findExperiment(
  db: Handle,
  scope: ProjectScope,
  name: { number: number } | { slug: string } | { id: number },
): Promise<ExperimentRow | null> {
  const rows = await db
    .select()
    .from(experiments)
    .where(
      and(eq(experiments.workspaceId, scope.workspaceId), eq(experiments.projectId, scope.projectId), namedBy(name)),
    )
  return rows[0] ?? null
}

function namedBy(name: { number: number } | { slug: string } | { id: number }): SQL {
  if ('number' in name) return eq(experiments.number, name.number)
  return 'slug' in name ? eq(experiments.slug, name.slug) : eq(experiments.id, name.id)
}
