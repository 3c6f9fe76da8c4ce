import type { Handle } from '#src/db/queries/handle.ts'
import { jobs } from '#src/db/schema/agents.ts'
import type { ProjectScope } from '#src/db/scope.ts'

type NewJob = Omit<typeof jobs.$inferInsert, 'workspaceId' | 'projectId'>

/** Adds a job; answers its ids. */
export async function insertJob(db: Handle, scope: ProjectScope, job: NewJob): Promise<{ id: number; uid: string }> {
  const [row] = await db
    .insert(jobs)
    .values({ ...job, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .returning({ id: jobs.id, uid: jobs.uid })
  if (!row) throw new Error('a job was not added')
  return row
}
