import { jobEnded } from '#src/core/agents/job-states.ts'
import { holdCheckpointsOfRun } from '#src/db/queries/checkpoints/hold-of-run.ts'
import { listCheckpointUses } from '#src/db/queries/checkpoints/list-uses.ts'
import { findEdge } from '#src/db/queries/lineage/find-edge.ts'
import { insertEdge } from '#src/db/queries/lineage/insert-edge.ts'
import { listEdgesFrom } from '#src/db/queries/lineage/list-edges-from.ts'
import { listExperimentEnds } from '#src/db/queries/lineage/list-experiment-ends.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { supersedeEdge } from '#src/db/queries/lineage/supersede-edge.ts'
import { jobOfRun } from '#src/db/queries/runs/job-of-run.ts'
import type { RunRow } from '#src/db/queries/runs/locate-run.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { moveRunTo } from '#src/db/queries/runs/move-run.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Run } from '#src/protocol/runs.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { sayUse } from '#src/services/checkpoints/delete.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { refuseCycle } from '#src/services/lineage/refuse-cycle.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'
import { changeProject, holdProjects } from './change-project.ts'
import { type MoveTarget, openMoveTarget } from './move-target.ts'
import { viewRunById } from './view.ts'

/** `to_project`: the slug of the experiment's project; that of the run when absent. */
export type MoveRunInput = RunPlace & { experiment: number | string; to_project?: string | undefined }

/**
 * Moves a run to another experiment, such as out of *unstaged*, of its project or of another one of the workspace. Its checkpoints go
 * with it, evaluations stay on those; an edge whose child started from one of them leads to the new experiment from then on. Moving it
 * where it is changes nothing. In another project it gets another number, to which its old one leads.
 *
 * @throws Refusal `conflict` while a job has the run or reads one of its checkpoints, while its experiment has one pinned, when an edge
 *   would close a cycle or double another, and, to another project, while it has not ended; `not_found`, `run_deleted`,
 *   `forbidden` in either project
 */
export async function moveRun(ctx: Context, input: MoveRunInput): Promise<Run> {
  const { scope, run } = await openNamedRun(ctx, input, 'run:write')
  refusePrograms(ctx, 'run:write', 'People move runs between experiments, in the browser or with an admin key.')
  const target = await openMoveTarget(ctx, scope, { experiment: input.experiment, project: input.to_project })
  await inTransaction(ctx, async (tx) => {
    await holdProjects(tx, scope, target)
    await lockLineage(tx.db, scope)
    await moveHeldRun(tx, scope, await lockRun(tx.db, scope, run.id), target)
  })
  tellMoved(ctx, scope, target.scope, run.id)
  return viewRunById(ctx, target.scope, run.id)
}

/** Screens of the project that it left and of the one where it is look again. */
export function tellMoved(ctx: Context, from: ProjectScope, to: ProjectScope, runId: number): void {
  tellState(ctx, from, runId)
  if (to.projectId !== from.projectId) tellState(ctx, to, runId)
}

/**
 * Moves a run that this transaction holds, with the lineage locked.
 *
 * @throws Refusal `conflict` as `moveRun`
 */
export async function moveHeldRun(
  tx: Context,
  scope: ProjectScope,
  held: Pick<RunRow, 'id' | 'uid' | 'number' | 'state' | 'experimentId'>,
  target: MoveTarget,
): Promise<void> {
  const { experiment } = target
  if (held.experimentId === experiment.id) return
  const job = await jobOfRun(tx.db, scope, held.id)
  if (job && !jobEnded(job.state))
    throw new Refusal('conflict', `Run ${held.number} is that of a job, which is ${job.state}. Cancel the job first.`)
  const checkpointIds = await holdCheckpointsOfRun(tx.db, scope, held.id)
  await refuseTied(tx, scope, held.number, checkpointIds)
  const leaves = target.scope.projectId !== scope.projectId
  const number = leaves ? await changeProject(tx, scope, held, target) : held.number
  if (!leaves) await moveRunTo(tx.db, scope, held.id, experiment.id)
  const edges = await leadEdges(tx, scope, held.number, checkpointIds, target)
  await audit(tx, {
    workspaceId: scope.workspaceId,
    action: 'run.move',
    resource: `run:${held.uid}`,
    detail: {
      ...{ from: held.experimentId, to: experiment.id, checkpoints: checkpointIds.length, edges },
      ...(leaves && { from_project: scope.projectId, to_project: target.scope.projectId, was: held.number, number }),
    },
  })
}

/** A pin belongs to the experiment that the run leaves, and a job was promised the checkpoint of that experiment. */
async function refuseTied(tx: Context, scope: ProjectScope, run: number, checkpointIds: number[]): Promise<void> {
  const ties = (await listCheckpointUses(tx.db, scope, checkpointIds)).filter((use) => use.kind !== 'edge')
  if (ties.length === 0) return
  const named = ties.map(sayUse)
  throw new Refusal(
    'conflict',
    `Run ${run} cannot be moved while one of its checkpoints is in use: ${named.slice(0, 5).join('; ')}. Take the pin away, or let the jobs end first.`,
    { used_by: named },
  )
}

/**
 * Edges that name a moved checkpoint are superseded by ones from its new experiment.
 *
 * @returns how many there were
 */
async function leadEdges(
  tx: Context,
  scope: ProjectScope,
  run: number,
  checkpointIds: readonly number[],
  { experiment: target }: MoveTarget,
): Promise<number> {
  const old = await listEdgesFrom(tx.db, scope, checkpointIds)
  // All go before the first comes: a cycle is judged by what will be there.
  for (const edge of old) await supersedeEdge(tx.db, scope, edge.id)
  for (const { childId, checkpointId, kind, weight, note, inferred } of old) {
    await refuseCycle(tx, scope, childId, target.id, '/experiment')
    if (await findEdge(tx.db, scope, { childId, parentId: target.id, kind })) {
      const [child] = await listExperimentEnds(tx.db, scope, [childId])
      throw new Refusal(
        'conflict',
        `Run ${run} cannot be moved to ${target.slug} (#${target.number}): ${child?.slug} (#${child?.number}) starts from a checkpoint of the run and has another edge of kind ${kind} to that experiment already.`,
      )
    }
    const edge = { childId, parentId: target.id, checkpointId, kind, weight, note, inferred }
    await insertEdge(tx.db, scope, { ...edge, createdBy: actorName(tx.actor) })
  }
  return old.length
}
