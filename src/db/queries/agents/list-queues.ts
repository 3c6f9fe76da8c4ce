import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

export interface QueueRow {
  name: string
  paused: boolean
  waiting: number
  running: number
}

/** Queues of the workspace by name, with what waits in them (for a checkpoint or for an agent) and what agents hold. */
export async function listQueues(db: Handle, scope: Scope): Promise<QueueRow[]> {
  const rows = await db.execute<{ name: string; paused: boolean; waiting: number; running: number }>(sql`
    select q.name, q.paused_at is not null as paused,
      count(j.id) filter (where j.state in ('waiting', 'queued'))::int as waiting,
      count(j.id) filter (where j.state in ('leased', 'running', 'canceling'))::int as running
    from queues q left join jobs j on j.queue_id = q.id and j.state not in ('finished', 'failed', 'canceled')
    where q.workspace_id = ${scope.workspaceId}
    group by q.id order by q.name`)
  return [...rows]
}
