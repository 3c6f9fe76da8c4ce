import type { Role } from '../../core/roles/permissions.ts'
import { listMembers as selectMembers } from '../../db/queries/workspaces/list-members.ts'
import type { Context } from '../context.ts'
import { openWorkspace } from './open.ts'

export interface Member {
  id: string
  name: string
  email: string | null
  role: Role
  joined_at: string
}

/** Members of the workspace, the first to join first. @throws Refusal `not_found`, `forbidden` */
export async function listMembers(ctx: Context, input: { workspace: string }): Promise<Member[]> {
  const { scope } = await openWorkspace(ctx, input, 'member:read')
  const rows = await selectMembers(ctx.db, scope)
  return rows.map(({ uid, joinedAt, ...member }) => ({
    id: uid,
    ...member,
    joined_at: new Date(joinedAt).toISOString(),
  }))
}
