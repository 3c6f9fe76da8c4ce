import { jobEnded } from '#src/core/agents/job-states.ts'
import { holdCheckpointsOfRun } from '#src/db/queries/checkpoints/hold-of-run.ts'
import { listCheckpointUses } from '#src/db/queries/checkpoints/list-uses.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
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
import { notFound, Refusal } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { refuseCycle } from '#src/services/lineage/refuse-cycle.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'
import { projectOf } from '#src/services/workspaces/open.ts'
import { viewRunById } from './view.ts'

export type MoveRunInput = RunPlace & { experiment: number | string }

/**
 * Moves a run to another experiment of its project, such as out of *unstaged*. Its checkpoints go with it, evaluations stay on
 * those; an edge whose child started from one of them leads to the new experiment from then on. Moving it where it is changes
 * nothing.
 *
 * @throws Refusal `conflict` while a job has the run or reads one of its checkpoints, while its experiment has one pinned, and when
 *   an edge would close a cycle or double another; `not_found`, `run_deleted`, `forbidden`
 */
export async function moveRun(ctx: Context, input: MoveRunInput): Promise<Run> {
  const { scope, run } = await openNamedRun(ctx, input, 'run:write')
  refusePrograms(ctx, 'run:write', 'People move runs between experiments, in the browser or with an admin key.')
  const project = await projectOf(ctx, scope)
  const target = await experimentNamed(ctx, scope, project.slug, input.experiment)
  if (!target) throw notFound(`The experiment "${input.experiment}"`)
  await inTransaction(ctx, async (tx) => {
    await lockLineage(tx.db, scope)
    await moveHeldRun(tx, scope, await lockRun(tx.db, scope, run.id), target)
  })
  tellState(ctx, scope, run.id)
  return viewRunById(ctx, scope, run.id)
}

/**
 * Moves a run that this transaction holds, with the lineage locked.
 *
 * @throws Refusal `conflict` as `moveRun`
 */
export async function moveHeldRun(
  tx: Context,
  scope: ProjectScope,
  held: Pick<RunRow, 'id' | 'uid' | 'number' | 'experimentId'>,
  target: ExperimentRow,
): Promise<void> {
  if (held.experimentId === target.id) return
  const job = await jobOfRun(tx.db, scope, held.id)
  if (job && !jobEnded(job.state))
    throw new Refusal('conflict', `Run ${held.number} is that of a job, which is ${job.state}. Cancel the job first.`)
  const checkpointIds = await holdCheckpointsOfRun(tx.db, scope, held.id)
  await refuseTied(tx, scope, held.number, checkpointIds)
  await moveRunTo(tx.db, scope, held.id, target.id)
  const edges = await leadEdges(tx, scope, held.number, checkpointIds, target)
  await audit(tx, {
    workspaceId: scope.workspaceId,
    action: 'run.move',
    resource: `run:${held.uid}`,
    detail: { from: held.experimentId, to: target.id, checkpoints: checkpointIds.length, edges },
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
  target: ExperimentRow,
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
