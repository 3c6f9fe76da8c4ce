import { and, asc, eq } from 'drizzle-orm'
import { jobs } from '../../schema/agents.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** The uids of a pipeline's jobs, in the order in which they were queued. */
export async function jobUidsOfPipeline(db: Handle, scope: ProjectScope, pipelineId: number): Promise<string[]> {
  const rows = await db
    .select({ uid: jobs.uid })
    .from(jobs)
    .where(and(eq(jobs.workspaceId, scope.workspaceId), eq(jobs.pipelineId, pipelineId)))
    .orderBy(asc(jobs.id))
  return rows.map((row) => row.uid)
}
