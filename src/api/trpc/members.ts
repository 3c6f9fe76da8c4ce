import { listMembers } from '#src/services/workspaces/list-members.ts'
import { router, workspaceProcedure } from './procedures.ts'

export const membersRouter = router({
  list: workspaceProcedure('member:read').query(({ ctx, input }) => listMembers(ctx, input)),
})
