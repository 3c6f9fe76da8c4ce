import { settledReason } from '#src/core/agents/settled-reason.ts'
import { lockJob } from '#src/db/queries/agents/lock-job.ts'
import { reportedEnd } from '#src/db/queries/agents/reported-end.ts'
import type { JobFinish } from '#src/protocol/agents.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { wakeClaimers } from './claim-waiters.ts'
import { requireHolder, staleFence } from './require-holder.ts'
import { settleAttempt } from './settle-attempt.ts'
import { tellWriters } from './tell-writers.ts'

/**
 * The holder says how its program ended. The run ends with it unless the program has reported itself; an attempt that was
 * lost, killed or preempted is repeated after a pause while attempts are left; children start or are canceled.
 *
 * @throws Refusal as `requireHolder`
 */
export async function finishJob(ctx: Context, input: { job: string } & JobFinish): Promise<void> {
  const { scope, job } = await requireHolder(ctx, input.job, input)
  const writers = await inTransaction(ctx, async (tx) => {
    const locked = await lockJob(tx.db, scope, job.id)
    if (!locked || locked.fence !== input.fence || locked.attempt !== input.attempt) throw staleFence(locked ?? job)
    const own = await reportedEnd(tx.db, scope, job.runId, job.attempt)
    const reason = settledReason({ agent: input.reason, own, exitCode: input.exit_code })
    return settleAttempt(tx, scope, locked, { reason, exitCode: input.exit_code, message: input.message })
  })
  await tellWriters(ctx, writers)
  wakeClaimers(ctx.services)
}
