import { and, eq, sql } from 'drizzle-orm'
import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/**
 * An attempt of the run has begun.
 *
 * @param begun.at when (RFC 3339)
 * @param begun.anew true when a person began it: what was asked of the attempt before counts no longer. A job's attempts are one
 *   piece of work, so a request to stop outlives each of them.
 */
export async function setRunning(
  db: Handle,
  scope: ProjectScope,
  id: number,
  begun: { at: string; anew: boolean },
): Promise<void> {
  await db
    .update(runs)
    .set({
      state: 'running',
      startedAt: sql`least(${runs.startedAt}, ${begun.at}::timestamptz)`,
      endedAt: null,
      lastContactAt: sql`now()`,
      ...(begun.anew && { stopRequestedAt: null }),
      message: '',
    })
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, id)))
}

/** A sign of life with progress: a run that waits or was lost runs again; the step never goes back. Answers whether to stop. */
export async function noteProgress(
  db: Handle,
  scope: ProjectScope,
  id: number,
  progress: { step?: number | undefined; totalSteps?: number | undefined; message?: string | undefined },
): Promise<boolean> {
  const [row] = await db
    .update(runs)
    .set({
      state: sql`case when ${runs.state} in ('queued', 'lost') then 'running' else ${runs.state} end`,
      startedAt: sql`coalesce(${runs.startedAt}, now())`,
      endedAt: sql`case when ${runs.state} in ('queued', 'lost') then null else ${runs.endedAt} end`,
      lastContactAt: sql`now()`,
      lastStep: sql`greatest(${runs.lastStep}, ${progress.step ?? null}::bigint)`,
      totalSteps: sql`coalesce(${progress.totalSteps ?? null}::bigint, ${runs.totalSteps})`,
      message: sql`coalesce(${progress.message ?? null}::text, ${runs.message})`,
    })
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, id)))
    .returning({ stop: sql<boolean>`${runs.stopRequestedAt} is not null` })
  return row?.stop ?? false
}
