import { and, eq, inArray, sql } from 'drizzle-orm'
import type { RunState } from '#src/core/runs/states.ts'
import type { Handle } from '#src/db/queries/handle.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'

/** The run of a job has ended, unless its program has said so itself. */
export async function endJobRun(
  db: Handle,
  scope: Scope,
  runId: number,
  state: RunState,
  message: string,
): Promise<void> {
  await db
    .update(runs)
    .set({ state, message, endedAt: sql`now()` })
    .where(
      and(
        eq(runs.workspaceId, scope.workspaceId),
        eq(runs.id, runId),
        inArray(runs.state, ['queued', 'running', 'lost', 'preempted']),
      ),
    )
}

/** The run of a job waits for its next attempt. */
export async function requeueJobRun(db: Handle, scope: Scope, runId: number, message: string): Promise<void> {
  await db
    .update(runs)
    .set({ state: 'queued', message, endedAt: null })
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.id, runId)))
}

/** The program of a job is alive, though it may not have said anything yet. Answers whether somebody asked it to stop. */
export async function touchJobRun(db: Handle, scope: Scope, runId: number, running: boolean): Promise<boolean> {
  const [row] = await db
    .update(runs)
    .set({
      lastContactAt: sql`now()`,
      ...(running && {
        state: sql`case when ${runs.state} in ('queued', 'lost') then 'running' else ${runs.state} end`,
        startedAt: sql`coalesce(${runs.startedAt}, now())`,
      }),
    })
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.id, runId)))
    .returning({ stop: sql<boolean>`${runs.stopRequestedAt} is not null` })
  return row?.stop ?? false
}
