import { and, eq } from 'drizzle-orm'
import type { EndReason } from '#src/core/runs/states.ts'
import type { Handle } from '#src/db/queries/handle.ts'
import { attempts } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'

/** How the program said that its attempt ended; null when it has not said so. */
export async function reportedEnd(db: Handle, scope: Scope, runId: number, number: number): Promise<EndReason | null> {
  const [row] = await db
    .select({ reason: attempts.endReason })
    .from(attempts)
    .where(and(eq(attempts.workspaceId, scope.workspaceId), eq(attempts.runId, runId), eq(attempts.number, number)))
  return row?.reason ?? null
}
