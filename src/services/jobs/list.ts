import { findJobByUid } from '#src/db/queries/agents/find-job.ts'
import { listJobs } from '#src/db/queries/agents/list-jobs.ts'
import type { Job } from '#src/protocol/agents.ts'
import { Uid } from '#src/protocol/words.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { jobViews } from './job-views.ts'

/**
 * Jobs of a project, the newest first.
 *
 * @throws Refusal `not_found`, `forbidden` without `job:read`, `invalid_request` for a cursor that is none
 */
export async function listProjectJobs(
  ctx: Context,
  input: { workspace?: string; project: string; limit: number; cursor?: string | undefined },
): Promise<{ items: Job[]; next_cursor?: string }> {
  const { scope } = await openProject(ctx, input, 'job:read')
  const cursor = Uid.safeParse(input.cursor)
  const after = cursor.success ? await findJobByUid(ctx.db, scope, cursor.data) : null
  if (input.cursor !== undefined && !after)
    throw invalid('/query/cursor', `"${input.cursor}" is no cursor of this list.`)
  const rows = await listJobs(ctx.db, scope, {
    projectId: scope.projectId,
    order: 'newest_id',
    limit: input.limit + 1,
    ...(after && { before: after.id }),
  })
  const page = rows.slice(0, input.limit)
  const items = await jobViews(ctx, scope, { ids: page.map((row) => row.id), order: 'newest_id' })
  const last = page.at(-1)
  return { items, ...(rows.length > page.length && last && { next_cursor: last.uid }) }
}
