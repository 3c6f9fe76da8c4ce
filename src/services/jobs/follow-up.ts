import type { JobState } from '#src/core/agents/job-states.ts'
import type { RunKind } from '#src/core/runs/states.ts'
import { cancelDescendants } from '#src/db/queries/agents/cancel-descendants.ts'
import { placeOfRun } from '#src/db/queries/agents/place-of-run.ts'
import { endJobRun } from '#src/db/queries/agents/set-run-state.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { releaseWaitingJobs } from './release-waiting.ts'
import type { Writer } from './tell-writers.ts'

const VERBS: Partial<Record<JobState, string>> = {
  finished: 'finished without a checkpoint',
  failed: 'failed',
  canceled: 'was canceled',
}

/**
 * What a job's end means for others: children of a training stage whose checkpoint exists become claimable, unless its gate holds
 * them up until it is measured; where no checkpoint will come any more, everything that descends from the stage is canceled, with the
 * stage that failed named.
 *
 * @returns the writers of the canceled runs
 */
export async function followUp(
  ctx: Context,
  scope: Scope,
  job: { runId: number; experimentId: number; kind: RunKind; state: JobState },
  reason: string,
): Promise<Writer[]> {
  const { shut } = await releaseWaitingJobs(ctx, scope, job.experimentId)
  if (job.kind !== 'train' || shut.includes(job.experimentId)) return []
  const place = await placeOfRun(ctx.db, scope, job.runId)
  const why = `${place?.name ?? 'Its parent'} (#${place?.number ?? '?'}) ${VERBS[job.state] ?? job.state}${reason ? `: ${reason}` : '.'}`
  const canceled = await cancelDescendants(ctx.db, scope, job.experimentId, why)
  for (const child of canceled) await endJobRun(ctx.db, scope, child.runId, 'stopped', why)
  return canceled.map(({ runId, attempt, fence }) => ({ runId, attempt, fence, state: 'finished' }))
}
