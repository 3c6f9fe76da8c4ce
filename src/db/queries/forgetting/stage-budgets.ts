import { and, eq, inArray } from 'drizzle-orm'
import { stageBudgets } from '#src/db/schema/stage-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type StageBudgetRow = Omit<typeof stageBudgets.$inferSelect, 'workspaceId'>

/** What these stages may lose on the mean, and their gates, where somebody said it. */
export async function listStageBudgets(
  db: Handle,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<StageBudgetRow[]> {
  if (experimentIds.length === 0) return []
  return await db
    .select({
      experimentId: stageBudgets.experimentId,
      points: stageBudgets.points,
      gate: stageBudgets.gate,
      holds: stageBudgets.holds,
    })
    .from(stageBudgets)
    .where(and(eq(stageBudgets.workspaceId, scope.workspaceId), inArray(stageBudgets.experimentId, [...experimentIds])))
}

/** Sets what is given of a stage's budget; null is the default again. */
export async function setStageBudget(
  db: Handle,
  scope: Scope,
  experimentId: number,
  budget: Partial<Budget>,
): Promise<void> {
  await db
    .insert(stageBudgets)
    .values({ workspaceId: scope.workspaceId, experimentId, ...budget })
    .onConflictDoUpdate({ target: stageBudgets.experimentId, set: budget })
}

type Budget = Pick<StageBudgetRow, 'points' | 'gate' | 'holds'>

/** The members that were given; null among them. */
export const givenOf = ({ points, gate, holds }: { [K in keyof Budget]?: Budget[K] | undefined }): Partial<Budget> => ({
  ...(points !== undefined && { points }),
  ...(gate !== undefined && { gate }),
  ...(holds !== undefined && { holds }),
})
