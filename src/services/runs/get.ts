import { firstOf, LOSS_KEYS } from '#src/core/lineage/loss-keys.ts'
import type { RunState } from '#src/core/runs/states.ts'
import { listRuns as readRuns } from '#src/db/queries/runs/list-runs.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { Run, RunDetail } from '#src/protocol/runs.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { addressesOf } from '#src/services/workspaces/addresses.ts'
import { pageOf, readCursor } from '#src/services/workspaces/cursor.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { viewRunDetail } from './detail.ts'
import { openRun } from './open.ts'
import { viewRun, viewRunById } from './view.ts'

/**
 * A run by its uid: all that its page shows for those who may read runs. An ingest key and a job token hear how their own ones
 * stand, and no more.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getRun(ctx: Context, input: { run: string }): Promise<Run | RunDetail> {
  const { scope, run } = await openRun(ctx, input.run, 'run:read')
  const mayRead = permissionsIn(ctx.actor, scope)?.includes('run:read') ?? false
  return mayRead ? viewRunDetail(ctx, scope, run) : viewRunById(ctx, scope, run.id)
}

export interface ListRunsInput {
  workspace?: string | undefined
  project: string
  experiment?: number | string | undefined
  state?: RunState | undefined
  limit?: number
  cursor?: string | undefined
}

/**
 * Runs of a project, the newest first.
 *
 * @throws Refusal `not_found` (also for the experiment), `forbidden`, `invalid_request` for a bad cursor
 */
export async function listRuns(ctx: Context, input: ListRunsInput): Promise<{ items: Run[]; next_cursor?: string }> {
  const { scope, project } = await openProject(ctx, input, 'run:read')
  const experiment =
    input.experiment === undefined ? undefined : await experimentNamed(ctx, scope, project.slug, input.experiment)
  if (experiment === null) throw notFound(`The experiment "${input.experiment}"`)
  const limit = input.limit ?? 100
  const rows = await readRuns(ctx.db, scope, {
    experimentId: experiment?.id,
    states: input.state === undefined ? undefined : [input.state],
    before: readCursor(input.cursor),
    limit: limit + 1,
  })
  const [addresses, summaries] = await Promise.all([
    addressesOf(ctx, scope),
    ctx.services.metrics.summaries(
      scope.workspaceId,
      rows.map((row) => row.id),
      [...LOSS_KEYS],
    ),
  ])
  return pageOf(
    rows,
    limit,
    (row) => row.number,
    (row) => ({ ...viewRun(row, project.slug, addresses), ...lastLoss(summaries.get(row.id) ?? []) }),
  )
}

/** The loss that says most, with its key. */
function lastLoss(summaries: readonly MetricSummary[]): Pick<Run, 'last_loss' | 'loss_key'> {
  const loss = firstOf(LOSS_KEYS, (key) => summaries.find((summary) => summary.key === key))
  return { last_loss: loss?.last_value ?? null, loss_key: loss?.key ?? null }
}
