import { and, asc, eq, inArray } from 'drizzle-orm'
import { attempts } from '../../schema/runs.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** When and where the attempts of these runs began, by run and number. */
export async function listAttemptStarts(
  db: Handle,
  scope: Scope,
  runIds: number[],
): Promise<{ runId: number; attempt: number; firstStep: number; startedAt: string | null }[]> {
  return db
    .select({
      runId: attempts.runId,
      attempt: attempts.number,
      firstStep: attempts.firstStep,
      startedAt: attempts.startedAt,
    })
    .from(attempts)
    .where(and(eq(attempts.workspaceId, scope.workspaceId), inArray(attempts.runId, runIds)))
    .orderBy(asc(attempts.runId), asc(attempts.number))
}
