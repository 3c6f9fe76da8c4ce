import type { Handle } from '#src/db/queries/handle.ts'
import { jobInputs } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

type NewInput = { role: 'parent' | 'reference' | 'target'; experimentId: number; checkpointId?: number | null }

/** What a job starts from; at most one input per role. */
export async function insertJobInputs(
  db: Handle,
  scope: Scope,
  jobId: number,
  inputs: readonly NewInput[],
): Promise<void> {
  if (inputs.length === 0) return
  await db.insert(jobInputs).values(inputs.map((input) => ({ ...input, workspaceId: scope.workspaceId, jobId })))
}
