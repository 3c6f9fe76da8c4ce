import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { jobInputs, jobs } from '../../schema/agents.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** True when the agent holds a job that names this checkpoint as an input, or whose own run wrote it (to resume from). */
export async function isInputOfAgent(
  db: Handle,
  scope: Scope,
  agentId: number,
  checkpoint: { id: number; runId: number | null },
): Promise<boolean> {
  const rows = await db
    .select({ one: sql`1` })
    .from(jobs)
    .leftJoin(jobInputs, and(eq(jobInputs.jobId, jobs.id), eq(jobInputs.checkpointId, checkpoint.id)))
    .where(
      and(
        eq(jobs.workspaceId, scope.workspaceId),
        eq(jobs.agentId, agentId),
        inArray(jobs.state, ['leased', 'running', 'canceling']),
        or(
          eq(jobInputs.checkpointId, checkpoint.id),
          checkpoint.runId === null ? sql`false` : eq(jobs.runId, checkpoint.runId),
        ),
      ),
    )
    .limit(1)
  return rows.length > 0
}
