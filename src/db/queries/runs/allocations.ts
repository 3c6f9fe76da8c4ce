import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { allocations } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Hardware that a client tells of, held from `startedAt` on; not measured by an agent. */
export async function insertToldAllocations(
  db: Handle,
  scope: Scope,
  runId: number,
  attempt: number,
  held: readonly { deviceKind: 'gpu' | 'cpu'; deviceName: string; count: number; uuids: string[] }[],
  startedAt: string,
): Promise<void> {
  if (held.length === 0) return
  await db.insert(allocations).values(
    held.map(({ uuids, ...device }) => ({
      ...device,
      deviceUuids: uuids,
      workspaceId: scope.workspaceId,
      runId,
      attempt,
      measured: false,
      startedAt,
    })),
  )
}

/**
 * Ends the allocations of attempts up to this one that are still open, none before it began; an attempt that turned out to be alive
 * opens its own again.
 *
 * @param end a time (RFC 3339), or `open`
 */
export async function setAllocationsEnd(
  db: Handle,
  scope: Scope,
  runId: number,
  attempt: number,
  end: string,
): Promise<void> {
  const { workspaceId } = scope
  await db.execute(
    end === 'open'
      ? sql`update allocations set ended_at = null
          where workspace_id = ${workspaceId} and run_id = ${runId} and attempt = ${attempt}`
      : sql`update allocations set ended_at = greatest(started_at, ${end}::timestamptz)
          where workspace_id = ${workspaceId} and run_id = ${runId} and attempt <= ${attempt} and ended_at is null`,
  )
}

/** Allocations of runs in the order in which they began. */
export async function listAllocations(db: Handle, scope: Scope, runIds: readonly number[]) {
  if (runIds.length === 0) return []
  return await db
    .select({
      runId: allocations.runId,
      attempt: allocations.attempt,
      deviceKind: allocations.deviceKind,
      deviceName: allocations.deviceName,
      count: allocations.count,
      startedAt: allocations.startedAt,
      endedAt: allocations.endedAt,
    })
    .from(allocations)
    .where(and(eq(allocations.workspaceId, scope.workspaceId), inArray(allocations.runId, [...runIds])))
    .orderBy(asc(allocations.startedAt), asc(allocations.id))
}
