import { and, eq, type SQL } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { jobs, queues } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

export type JobRow = typeof jobs.$inferSelect & { queue: string; leaseS: number }

/** A job of the workspace by its outside id, with the name and the lease of its queue. */
export const findJobByUid = (db: Handle, scope: Scope, uid: string): Promise<JobRow | null> =>
  findJob(db, scope, eq(jobs.uid, uid))

/** A job of the workspace by its id inside. */
export const findJobById = (db: Handle, scope: Scope, id: number): Promise<JobRow | null> =>
  findJob(db, scope, eq(jobs.id, id))

async function findJob(db: Handle, scope: Scope, named: SQL): Promise<JobRow | null> {
  const [row] = await db
    .select({ job: jobs, queue: queues.name, leaseS: queues.leaseS })
    .from(jobs)
    .innerJoin(queues, eq(queues.id, jobs.queueId))
    .where(and(eq(jobs.workspaceId, scope.workspaceId), named))
  return row ? { ...row.job, queue: row.queue, leaseS: row.leaseS } : null
}
