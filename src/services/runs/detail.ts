import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import { type EdgeViewRow, listEdges } from '#src/db/queries/lineage/list-edges.ts'
import { listAllocations } from '#src/db/queries/runs/allocations.ts'
import { type AttemptViewRow, listAttempts } from '#src/db/queries/runs/attempts.ts'
import { findRunById } from '#src/db/queries/runs/find-run.ts'
import { listRunInputs } from '#src/db/queries/runs/inputs.ts'
import { jobOfRun } from '#src/db/queries/runs/job-of-run.ts'
import type { RunRow } from '#src/db/queries/runs/locate-run.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { authorize, permissionsIn } from '#src/services/authorize.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'
import { projectOf } from '#src/services/workspaces/open.ts'
import { attemptEnds } from './attempt-ends.ts'
import { viewRunById } from './view.ts'
import { wallSeconds } from './wall-seconds.ts'

/**
 * Everything that the run page shows besides curves and console.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getRunDetail(ctx: Context, input: RunPlace): Promise<RunDetail> {
  const { scope, run } = await openNamedRun(ctx, input, 'run:read')
  authorize(ctx.actor, 'run:read', scope)
  return viewRunDetail(ctx, scope, run)
}

/** A run of a proven place with everything that its page shows besides curves and console. */
export async function viewRunDetail(ctx: Context, scope: ProjectScope, run: RunRow): Promise<RunDetail> {
  const [view, inputs, attempts, allocations, edges, job] = await Promise.all([
    viewRunById(ctx, scope, run.id),
    listRunInputs(ctx.db, scope, run.id),
    listAttempts(ctx.db, scope, [run.id]),
    listAllocations(ctx.db, scope, [run.id]),
    listEdges(ctx.db, scope, { experimentId: run.experimentId }),
    jobOfRun(ctx.db, scope, run.id),
  ])
  const [parent, ends] = await Promise.all([parentRun(ctx, scope, run, edges), attemptEnds(ctx, run, attempts)])
  const at = { isLive: run.state === 'running' || run.state === 'lost', nowMs: ctx.services.now().getTime() }
  const kind = allocations.some((a) => a.deviceKind === 'gpu') ? 'gpu' : (allocations[0]?.deviceKind ?? null)
  const held = allocations.filter((a) => a.deviceKind === kind)
  return {
    ...view,
    config: run.config,
    parent_config: parent?.run.config ?? null,
    parent_run: parent && {
      project: parent.project,
      number: parent.run.number,
      name: parent.run.name,
      environment: parent.run.environment,
    },
    environment: run.environment,
    inputs,
    attempts: attempts.map((attempt, i) =>
      viewAttempt(attempt, attempts[i + 1] ? (ends.get(attempt.number) ?? null) : run.lastStep),
    ),
    allocations: allocations.map((a) => ({
      attempt: a.attempt,
      device_kind: a.deviceKind,
      device_name: a.deviceName,
      count: a.count,
      started_at: instantOf(a.startedAt),
      ended_at: instantOrNull(a.endedAt),
    })),
    device_hours: held.reduce((sum, a) => sum + ((wallSeconds([a], at) ?? 0) * a.count) / 3600, 0),
    device_kind: kind,
    wall_s: wallSeconds(attempts, at),
    parents: edges
      .filter((edge) => edge.child.id === run.experimentId)
      .map((edge) => ({ ...refOf(edge.parent), edge_kind: edge.kind, step: edge.checkpoint_step })),
    children: edges
      .filter((edge) => edge.parent.id === run.experimentId)
      .map((edge) => ({ ...refOf(edge.child), edge_kind: edge.kind })),
    agent: attempts.at(-1)?.agent ?? null,
    job_reason: job?.reason || null,
    thinned_at: instantOrNull(run.thinnedAt),
  }
}

const viewAttempt = (row: AttemptViewRow, lastStep: number | null): RunDetail['attempts'][number] => ({
  number: row.number,
  first_step: row.firstStep,
  last_step: lastStep,
  from_checkpoint: row.fromUid === null ? null : { id: row.fromUid, step: row.fromStep ?? 0 },
  host: row.host,
  agent: row.agent,
  created_at: instantOf(row.createdAt),
  started_at: instantOrNull(row.startedAt),
  ended_at: instantOrNull(row.endedAt),
  end_reason: row.endReason,
  exit_code: row.exitCode,
  error: row.error,
})

/** The run that wrote the checkpoint from which this stage starts; null at a root and where there is none yet. */
async function parentRun(
  ctx: Context,
  scope: ProjectScope,
  run: RunRow,
  edges: readonly EdgeViewRow[],
): Promise<{ project: string; run: RunRow } | null> {
  const paths = edges.map((e) => ({
    child: e.child.id,
    parent: e.parent.id,
    kind: e.kind,
    weight: e.weight,
    checkpointId: e.checkpoint_id,
  }))
  const edge = principalEdge(paths, run.experimentId)
  if (!edge) return null
  const id = edge.checkpointId ?? (await stageCheckpoints(ctx, scope, [edge.parent])).of.get(edge.parent)?.id
  const [checkpoint] = id === undefined ? [] : await listCheckpoints(ctx.db, scope, { ids: [id] })
  if (!checkpoint || checkpoint.run_id === null) return null
  const home = projectScope(scope.workspaceId, checkpoint.project_id)
  // A base of another project is an edge for all to see; its configuration is for those who may read there.
  if (!permissionsIn(ctx.actor, home)?.includes('run:read')) return null
  const parent = await findRunById(ctx.db, home, checkpoint.run_id)
  return parent && { project: (await projectOf(ctx, home)).slug, run: parent }
}
