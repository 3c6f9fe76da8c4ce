import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import { agents } from '#src/db/schema/agents.ts'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import { attempts } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type AttemptRow = typeof attempts.$inferSelect

/** The newest attempt of a run; null before the first. */
export async function newestAttempt(db: Handle, scope: Scope, runId: number): Promise<AttemptRow | null> {
  const rows = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.workspaceId, scope.workspaceId), eq(attempts.runId, runId)))
    .orderBy(desc(attempts.number))
    .limit(1)
  return rows[0] ?? null
}

/** One attempt of a run. */
export async function findAttempt(db: Handle, scope: Scope, runId: number, number: number): Promise<AttemptRow | null> {
  const rows = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.workspaceId, scope.workspaceId), eq(attempts.runId, runId), eq(attempts.number, number)))
  return rows[0] ?? null
}

/** Begins an attempt at a time (RFC 3339). */
export async function insertAttempt(
  db: Handle,
  scope: Scope,
  attempt: {
    runId: number
    number: number
    firstStep: number
    fromCheckpointId: number | null
    host: string | null
    startedAt: string
  },
): Promise<void> {
  await db.insert(attempts).values({ ...attempt, workspaceId: scope.workspaceId })
}

/** Changes members of an attempt. */
export async function updateAttempt(
  db: Handle,
  scope: Scope,
  runId: number,
  number: number,
  change: Partial<typeof attempts.$inferInsert> | Record<string, unknown>,
): Promise<void> {
  await db
    .update(attempts)
    .set(change)
    .where(and(eq(attempts.workspaceId, scope.workspaceId), eq(attempts.runId, runId), eq(attempts.number, number)))
}

export type AttemptViewRow = Awaited<ReturnType<typeof listAttempts>>[number]

/** The attempts of runs in order, with the checkpoint that each resumed from and the agent that held it. */
export async function listAttempts(db: Handle, scope: Scope, runIds: readonly number[]) {
  if (runIds.length === 0) return []
  return await db
    .select({
      runId: attempts.runId,
      number: attempts.number,
      firstStep: attempts.firstStep,
      fromUid: checkpoints.uid,
      fromStep: checkpoints.step,
      fromId: attempts.fromCheckpointId,
      host: attempts.host,
      agent: agents.name,
      createdAt: attempts.createdAt,
      startedAt: attempts.startedAt,
      endedAt: attempts.endedAt,
      endReason: attempts.endReason,
      exitCode: attempts.exitCode,
      error: attempts.error,
    })
    .from(attempts)
    .leftJoin(checkpoints, eq(checkpoints.id, attempts.fromCheckpointId))
    .leftJoin(agents, eq(agents.id, attempts.agentId))
    .where(and(eq(attempts.workspaceId, scope.workspaceId), inArray(attempts.runId, [...runIds])))
    .orderBy(asc(attempts.runId), asc(attempts.number))
}
