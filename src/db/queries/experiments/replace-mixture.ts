import { and, eq } from 'drizzle-orm'
import { mixtureSources } from '#src/db/schema/experiments.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewSource = Omit<typeof mixtureSources.$inferInsert, 'id' | 'workspaceId' | 'experimentId' | 'position'>

/** Writes the data mixture of an experiment anew, in the order given. */
export async function replaceMixture(
  db: Handle,
  scope: Scope,
  experimentId: number,
  sources: readonly NewSource[],
): Promise<void> {
  await db
    .delete(mixtureSources)
    .where(and(eq(mixtureSources.workspaceId, scope.workspaceId), eq(mixtureSources.experimentId, experimentId)))
  if (sources.length === 0) return
  await db
    .insert(mixtureSources)
    .values(sources.map((source, position) => ({ ...source, position, experimentId, workspaceId: scope.workspaceId })))
}
