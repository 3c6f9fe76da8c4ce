import { type Permission, ROLE_PERMISSIONS, type Role } from '../../core/roles/permissions.ts'
import type { Context } from '../context.ts'
import { requireUser } from './require-user.ts'

export interface Me {
  name: string
  is_instance_admin: boolean
  /** By slug. */
  workspaces: { slug: string; name: string; role: Role; permissions: readonly Permission[] }[]
}

/** The signed-in user and what they may do where, for the shell of the screens. @throws Refusal `unauthenticated` */
export async function getMe(ctx: Context): Promise<Me> {
  const user = requireUser(ctx)
  return {
    name: user.name,
    is_instance_admin: user.isInstanceAdmin,
    workspaces: user.memberships.map(({ slug, name, role }) => ({
      slug,
      name,
      role,
      permissions: ROLE_PERMISSIONS[role],
    })),
  }
}
