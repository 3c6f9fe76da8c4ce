import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import { listProjects as readProjects } from '#src/db/queries/projects/list-projects.ts'
import type { ProjectSummary } from '#src/protocol/projects.ts'
import type { Context } from '#src/services/context.ts'
import { addressesOf } from '#src/services/workspaces/addresses.ts'
import { pageOf, readCursor } from '#src/services/workspaces/cursor.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'

/**
 * Projects of the workspace with what they hold, newest first. A key or job of one project sees that one.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a bad cursor
 */
export async function listProjects(
  ctx: Context,
  input: { workspace?: string | undefined; limit?: number; cursor?: string | undefined },
): Promise<{ items: ProjectSummary[]; next_cursor?: string }> {
  const { scope } = await openWorkspace(ctx, input, 'project:read')
  const limit = input.limit ?? 100
  const only = 'projectId' in ctx.actor ? ctx.actor.projectId : null
  const rows = await readProjects(ctx.db, scope, { limit: limit + 1, before: readCursor(input.cursor), only })
  const addresses = await addressesOf(ctx, scope)
  return pageOf(
    rows,
    limit,
    (row) => row.id,
    (row) => ({
      slug: row.slug,
      name: row.name,
      description: row.description,
      recorded: row.recorded,
      created_at: instantOf(row.created_at),
      url: addresses.project(row.slug),
      thin_after_days: row.thin_after_days,
      experiments: row.experiments,
      runs: row.runs,
      running: row.running,
      stage_kinds: row.stage_kinds,
      last_activity_at: instantOrNull(row.last_activity_at),
    }),
  )
}
