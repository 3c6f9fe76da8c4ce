import * as z from 'zod'
import { Uid } from '#src/protocol/words.ts'
import { readAgentsPage } from '#src/services/agents/page.ts'
import { pauseQueue, resumeQueue } from '#src/services/agents/pause-queue.ts'
import {
  listRegistrationTokens,
  mintRegistrationToken,
  revokeRegistrationToken,
} from '#src/services/agents/registration-tokens.ts'
import { revokeAgent } from '#src/services/agents/revoke.ts'
import { cancelJob } from '#src/services/jobs/cancel.ts'
import { router, workspaceProcedure } from './procedures.ts'

const Queue = z.object({ queue: z.string().min(1).max(64) })

/** The agents page: machines, queues, registration tokens. */
export const agentsRouter = router({
  page: workspaceProcedure('agent:read').query(({ ctx, input }) => readAgentsPage(ctx, input)),
  pauseQueue: workspaceProcedure('job:cancel')
    .input(Queue)
    .mutation(({ ctx, input }) => pauseQueue(ctx, input)),
  resumeQueue: workspaceProcedure('job:cancel')
    .input(Queue)
    .mutation(({ ctx, input }) => resumeQueue(ctx, input)),
  revoke: workspaceProcedure('agent:register')
    .input(z.object({ agent: Uid }))
    .mutation(({ ctx, input }) => revokeAgent(ctx, input)),
  mintToken: workspaceProcedure('agent:register')
    .input(z.object({ queues: z.array(z.string().min(1).max(64)).max(64).default([]) }))
    .mutation(({ ctx, input }) => mintRegistrationToken(ctx, input)),
  tokens: workspaceProcedure('agent:register').query(({ ctx, input }) => listRegistrationTokens(ctx, input)),
  revokeToken: workspaceProcedure('agent:register')
    .input(z.object({ id: z.string().min(1).max(20) }))
    .mutation(({ ctx, input }) => revokeRegistrationToken(ctx, input)),
})

/** What people do with jobs. */
export const jobsRouter = router({
  cancel: workspaceProcedure('job:cancel')
    .input(z.object({ job: Uid }))
    .mutation(({ ctx, input }) => cancelJob(ctx, input)),
})
