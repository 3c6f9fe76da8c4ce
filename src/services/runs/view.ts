import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import { listRuns, type RunListRow } from '#src/db/queries/runs/list-runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Run } from '#src/protocol/runs.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { type Addresses, addressesOf } from '#src/services/workspaces/addresses.ts'
import { projectOf } from '#src/services/workspaces/open.ts'

/** A run as every door shows it. */
export const viewRun = (row: RunListRow, project: string, addresses: Addresses): Run => ({
  uid: row.uid,
  project,
  number: row.number,
  name: row.name,
  kind: row.kind,
  state: row.state,
  experiment: refOf({
    project,
    number: row.experimentNumber,
    slug: row.experimentSlug,
    name: row.experimentName,
    stage_kind: row.stageKind,
  }),
  attempt: row.attempt,
  last_step: row.lastStep,
  total_steps: row.totalSteps,
  tokens: row.tokens,
  message: row.message,
  seed: row.seed,
  group: row.runGroup || null,
  tags: row.tags,
  starred: row.isStarred,
  archived_at: instantOrNull(row.archivedAt),
  created_by: row.createdBy,
  created_by_name: row.createdByName,
  created_at: instantOf(row.createdAt),
  started_at: instantOrNull(row.startedAt),
  ended_at: instantOrNull(row.endedAt),
  last_contact_at: instantOrNull(row.lastContactAt),
  stop_requested: row.stopRequestedAt !== null,
  url: addresses.run(project, row.number),
})

/** One run of a proven place as every door shows it. */
export async function viewRunById(ctx: Context, scope: ProjectScope, id: number): Promise<Run> {
  const [row] = await listRuns(ctx.db, scope, { ids: [id], limit: 1 })
  invariant(row, 'a proven run is there')
  const project = await projectOf(ctx, scope)
  return viewRun(row, project.slug, await addressesOf(ctx, scope))
}
