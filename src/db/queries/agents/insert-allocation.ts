import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { allocations } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'

/** Hardware that an attempt holds from now on, as its agent measured it. */
export async function insertAllocation(
  db: Handle,
  scope: Scope,
  held: {
    runId: number
    attempt: number
    agentId: number
    deviceKind: 'gpu' | 'cpu'
    deviceName: string
    count: number
    deviceUuids: string[]
  },
): Promise<void> {
  await db
    .insert(allocations)
    .values({ ...held, workspaceId: scope.workspaceId, measured: true, startedAt: sql`now()` })
}
