import { getMe } from '#src/services/auth/get-me.ts'
import { router, userProcedure } from './procedures.ts'

export const workspacesRouter = router({
  list: userProcedure.query(async ({ ctx }) => (await getMe(ctx)).workspaces),
})
