import { and, eq, sql } from 'drizzle-orm'
import type { EndReason } from '#src/core/runs/states.ts'
import type { Handle } from '#src/db/queries/handle.ts'
import { attempts } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'

/** Ends an attempt; what the program itself has reported stays. */
export async function endAttempt(
  db: Handle,
  scope: Scope,
  runId: number,
  number: number,
  end: { reason: EndReason; exitCode: number | null; error: string | null },
): Promise<void> {
  await db
    .update(attempts)
    .set({
      endedAt: sql`coalesce(${attempts.endedAt}, now())`,
      endReason: sql`coalesce(${attempts.endReason}, ${end.reason})`,
      exitCode: sql`coalesce(${attempts.exitCode}, ${end.exitCode}::int)`,
      error: sql`coalesce(${attempts.error}, ${end.error}::text)`,
    })
    .where(and(eq(attempts.workspaceId, scope.workspaceId), eq(attempts.runId, runId), eq(attempts.number, number)))
}
