import { and, eq, sql } from 'drizzle-orm'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import { evaluations } from '#src/db/schema/evaluations.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type EvaluationRow = typeof evaluations.$inferSelect
export type NewEvaluation = Omit<typeof evaluations.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>

/** Writes an evaluation into the project where its checkpoint is, held so that the run does not move meanwhile. */
export async function insertEvaluation(
  db: Handle,
  scope: ProjectScope,
  evaluation: NewEvaluation,
): Promise<EvaluationRow> {
  const [home] = await db
    .select({ projectId: checkpoints.projectId })
    .from(checkpoints)
    .where(and(eq(checkpoints.workspaceId, scope.workspaceId), eq(checkpoints.id, evaluation.checkpointId)))
    .for('key share')
  const [row] = await db
    .insert(evaluations)
    .values({ ...evaluation, workspaceId: scope.workspaceId, projectId: home?.projectId ?? scope.projectId })
    .returning()
  if (!row) throw new Error('an insert that returned no row')
  return row
}

/** Where an evaluation belongs, before anything is proven; only `services/evaluations/open.ts` calls it. */
export async function locateEvaluation(db: Handle, uid: string): Promise<EvaluationRow | null> {
  const rows = await db.select().from(evaluations).where(eq(evaluations.uid, uid))
  return rows[0] ?? null
}

/** The evaluation, held until the transaction ends. */
export async function lockEvaluation(db: Handle, scope: ProjectScope, id: number): Promise<EvaluationRow> {
  const [row] = await db
    .select()
    .from(evaluations)
    .where(and(eq(evaluations.workspaceId, scope.workspaceId), eq(evaluations.id, id)))
    .for('update')
  if (!row) throw new Error('the evaluation of a proven scope has gone')
  return row
}

/** Marks an evaluation complete with what its items say of it. */
export async function completeEvaluationRow(
  db: Handle,
  scope: ProjectScope,
  id: number,
  facts: { nItems: number; nClusters: number | null },
): Promise<void> {
  await db
    .update(evaluations)
    .set({ ...facts, status: 'complete', completedAt: sql`now()` })
    .where(and(eq(evaluations.workspaceId, scope.workspaceId), eq(evaluations.id, id)))
}
