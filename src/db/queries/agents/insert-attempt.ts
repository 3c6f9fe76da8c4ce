import type { Handle } from '#src/db/queries/handle.ts'
import { attempts } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'

/** The attempt that a claim begins; `started_at` stays empty until the program reports itself. */
export async function insertClaimedAttempt(
  db: Handle,
  scope: Scope,
  attempt: {
    runId: number
    number: number
    firstStep: number
    fromCheckpointId: number | null
    host: string
    agentId: number
    jobId: number
    fence: number
  },
): Promise<void> {
  await db.insert(attempts).values({ ...attempt, workspaceId: scope.workspaceId })
}
