import { getMe } from '#src/services/auth/get-me.ts'
import { router, userProcedure } from './procedures.ts'

export const meRouter = router({
  get: userProcedure.query(({ ctx }) => getMe(ctx)),
})
