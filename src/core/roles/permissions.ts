/** Who may do what: one flat table. No role inherits from another; a test pins every cell. */
export const PERMISSIONS = [
  'workspace:read',
  'project:create',
  'project:read',
  'project:delete',
  'experiment:read',
  'experiment:write',
  'lineage:link',
  'run:read',
  'run:write',
  'run:delete',
  'metric:read',
  'artifact:read',
  'artifact:write',
  'checkpoint:read',
  'checkpoint:write',
  'checkpoint:delete',
  'eval:read',
  'eval:write',
  'cost:read',
  'cost:write',
  'price:write',
  'note:write',
  'view:keep-own',
  'job:read',
  'job:enqueue',
  'job:cancel',
  'agent:read',
  'agent:register',
  'agent:work',
  'key:manage-own',
  'key:manage-all',
  'member:read',
  'member:manage',
  'audit:read',
  'session:manage-own',
  'instance:admin',
] as const

export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = ['owner', 'admin', 'editor', 'viewer'] as const
export type Role = (typeof ROLES)[number]

const viewer: readonly Permission[] = [
  'workspace:read',
  'project:read',
  'experiment:read',
  'run:read',
  'metric:read',
  'artifact:read',
  'checkpoint:read',
  'eval:read',
  'cost:read',
  'job:read',
  'agent:read',
  'member:read',
  'view:keep-own',
  'session:manage-own',
]

const editor: readonly Permission[] = [
  ...viewer,
  'project:create',
  'experiment:write',
  'lineage:link',
  'run:write',
  'artifact:write',
  'checkpoint:write',
  'eval:write',
  'cost:write',
  'note:write',
  'job:enqueue',
  'job:cancel',
  'key:manage-own',
]

const admin: readonly Permission[] = [
  ...editor,
  'project:delete',
  'run:delete',
  'checkpoint:delete',
  'price:write',
  'agent:register',
  'key:manage-all',
  'member:manage',
  'audit:read',
]

const owner: readonly Permission[] = admin

/** What each role of a workspace may do there. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = { owner, admin, editor, viewer }

export const KEY_SCOPES = ['ingest', 'read', 'admin'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]

/** An admin key ends after this at the latest. */
export const ADMIN_KEY_DAYS_MAX = 90

/** What an `ingest` key may do; `project:create` only when it is bound to the workspace (see `keyPermissions`). */
const ingest: readonly Permission[] = [
  'project:read',
  'experiment:write',
  'lineage:link',
  'run:write',
  'artifact:write',
  'checkpoint:write',
  'eval:write',
  'cost:write',
]

/**
 * What a key may do: its scope, and never more than its creator's present role.
 * `workspaceBound`: an ingest key that is not bound to one project may also create projects.
 */
export function keyPermissions(scope: KeyScope, creatorRole: Role, workspaceBound: boolean): readonly Permission[] {
  const granted =
    scope === 'ingest'
      ? workspaceBound
        ? [...ingest, 'project:create' as const]
        : ingest
      : scope === 'read'
        ? viewer
        : ROLE_PERMISSIONS[creatorRole]
  const ceiling = new Set(ROLE_PERMISSIONS[creatorRole])
  return granted.filter((p) => ceiling.has(p))
}

/** What a training process may do with its job token, on its own run, attempt, inputs and target only; lists of a project are not its. */
export const JOB_PERMISSIONS: readonly Permission[] = [
  'project:read',
  'run:write',
  'artifact:write',
  'artifact:read',
  'checkpoint:read',
  'checkpoint:write',
  'eval:write',
]

/** What an agent may do with its access token. */
export const AGENT_PERMISSIONS: readonly Permission[] = ['agent:work', 'artifact:read', 'checkpoint:read']
