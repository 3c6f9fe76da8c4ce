import {
  AGENT_PERMISSIONS,
  JOB_PERMISSIONS,
  keyPermissions,
  type Permission,
  ROLE_PERMISSIONS,
} from '../core/roles/permissions.ts'
import type { ProjectScope, Scope } from '../db/scope.ts'
import type { Actor } from './actor.ts'
import { notFound, Refusal } from './errors.ts'

const isProject = (scope: Scope | ProjectScope): scope is ProjectScope => 'projectId' in scope

/** What the actor may do in this scope; null when it may not even know that the scope exists. */
export function permissionsIn(actor: Actor, scope: Scope | ProjectScope): readonly Permission[] | null {
  switch (actor.kind) {
    case 'user': {
      const member = actor.memberships.find((m) => m.workspaceId === scope.workspaceId)
      return member ? ROLE_PERMISSIONS[member.role] : null
    }
    case 'apiKey':
      if (actor.workspaceId !== scope.workspaceId) return null
      if (actor.projectId !== null && isProject(scope) && actor.projectId !== scope.projectId) return null
      return keyPermissions(actor.scope, actor.creatorRole, actor.projectId === null)
    case 'agent':
      return actor.workspaceId === scope.workspaceId ? AGENT_PERMISSIONS : null
    case 'job':
      if (actor.workspaceId !== scope.workspaceId) return null
      if (isProject(scope) && actor.projectId !== scope.projectId) return null
      return JOB_PERMISSIONS
    case 'operator':
    case 'clock':
      return ROLE_PERMISSIONS.owner
    case 'anonymous':
      return null
  }
}

/**
 * The one check, called by every verb before it reads or writes.
 *
 * @throws Refusal `unauthenticated` for nobody; `not_found` when the scope is foreign; `forbidden` (with `permission`) when
 *   the actor may see the scope but not do this
 */
export function authorize(actor: Actor, permission: Permission, scope: Scope | ProjectScope): void {
  if (actor.kind === 'anonymous')
    throw new Refusal('unauthenticated', 'Sign in, or send a key as "Authorization: Bearer …".')
  const permissions = permissionsIn(actor, scope)
  if (!permissions) throw notFound()
  if (!permissions.includes(permission))
    throw new Refusal(
      'forbidden',
      `This needs the permission ${permission}. Ask an admin of the workspace, or use a key that has it.`,
      { permission },
    )
}
