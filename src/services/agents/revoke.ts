import { jobEnded } from '#src/core/agents/job-states.ts'
import { findAgent } from '#src/db/queries/agents/find-agent.ts'
import { listHeldJobs } from '#src/db/queries/agents/list-held-jobs.ts'
import { lockJob } from '#src/db/queries/agents/lock-job.ts'
import { revokeAgentRow } from '#src/db/queries/agents/set-agent-state.ts'
import { revokeAgentTokens } from '#src/db/queries/auth/change-access-tokens.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { settleLostAttempt } from '#src/services/jobs/settle-lost.ts'
import { tellWriters, type Writer } from '#src/services/jobs/tell-writers.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'

/**
 * Takes an agent its rights: its tokens are worthless, what it runs becomes stale at once and goes back into the queue (its next
 * heartbeat is refused, and it ends the processes). It cannot come back; the machine must be registered again.
 *
 * @throws Refusal `forbidden` without `agent:register`, `not_found`
 */
export async function revokeAgent(ctx: Context, input: { workspace?: string; agent: string }): Promise<void> {
  const { scope } = await openWorkspace(ctx, input, 'agent:register')
  const agent = await findAgent(ctx.db, scope, input.agent)
  if (!agent) throw notFound('This agent')
  const writers = await inTransaction(ctx, async (tx) => {
    if (!(await revokeAgentRow(tx.db, scope, agent.id))) return []
    await revokeAgentTokens(tx.db, scope, agent.id)
    const told: Writer[] = []
    for (const id of await listHeldJobs(tx.db, scope, agent.id)) {
      const job = await lockJob(tx.db, scope, id)
      if (job?.agentId === agent.id && !jobEnded(job.state) && job.state !== 'queued')
        told.push(...(await settleLostAttempt(tx, scope, job, `Its agent ${agent.name} was revoked.`)))
    }
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'agent.revoke',
      resource: `agent:${agent.uid}`,
      detail: { name: agent.name },
    })
    return told
  })
  await tellWriters(ctx, writers)
}
