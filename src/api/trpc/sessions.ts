import * as z from 'zod'
import { listSessions } from '#src/services/auth/list-sessions.ts'
import { revokeEveryOtherSession, revokeSession } from '#src/services/auth/revoke-session.ts'
import { router, userProcedure } from './procedures.ts'

export const sessionsRouter = router({
  list: userProcedure.query(({ ctx }) => listSessions(ctx)),
  revoke: userProcedure
    .input(z.object({ id: z.number().int().positive() }))
    .mutation(({ ctx, input }) => revokeSession(ctx, input)),
  revokeOthers: userProcedure.mutation(({ ctx }) => revokeEveryOtherSession(ctx)),
})
