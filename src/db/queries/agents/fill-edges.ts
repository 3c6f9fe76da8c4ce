import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

/** Planned edges learn the checkpoint with which the child's training job was provided. */
export async function fillEdges(db: Handle, scope: Scope): Promise<void> {
  await db.execute(sql`
    update edges e set checkpoint_id = i.checkpoint_id
    from job_inputs i join jobs j on j.id = i.job_id
    where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id is null and e.superseded_at is null
      and i.workspace_id = e.workspace_id and j.kind = 'train' and i.role in ('parent', 'reference')
      and e.child_id = j.experiment_id and e.parent_id = i.experiment_id and i.checkpoint_id is not null`)
}
