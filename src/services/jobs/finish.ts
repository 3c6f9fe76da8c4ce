import { settledReason } from '#src/core/agents/settled-reason.ts'
import { reportedEnd } from '#src/db/queries/agents/reported-end.ts'
import type { JobFinish } from '#src/protocol/agents.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { wakeClaimers } from './claim-waiters.ts'
import { lockHeldJob, requireHolder } from './require-holder.ts'
import { settleAttempt } from './settle-attempt.ts'
import { tellWriters } from './tell-writers.ts'

/**
 * The holder says how its program ended. The run ends with it unless the program has reported itself; an attempt that was
 * lost, killed or preempted is repeated after a pause while attempts are left; children start or are canceled.
 *
 * @throws Refusal as `requireHolder`
 */
export async function finishJob(ctx: Context, input: { job: string } & JobFinish): Promise<void> {
  const holding = await requireHolder(ctx, input.job, input)
  const { scope, job } = holding
  const writers = await inTransaction(ctx, async (tx) => {
    const locked = await lockHeldJob(tx, holding, input)
    const own = await reportedEnd(tx.db, scope, job.runId, job.attempt)
    const reason = settledReason({ agent: input.reason, own, exitCode: input.exit_code })
    return settleAttempt(tx, scope, locked, { reason, exitCode: input.exit_code, message: input.message })
  })
  await tellWriters(ctx, writers)
  wakeClaimers(ctx.services)
}
