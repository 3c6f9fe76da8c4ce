import { describe, expect, test } from 'vitest'
import {
  AGENT_PERMISSIONS,
  JOB_PERMISSIONS,
  KEY_SCOPES,
  keyPermissions,
  PERMISSIONS,
  type Permission,
  ROLE_PERMISSIONS,
  ROLES,
} from './permissions.ts'

/** Every cell: which roles have a permission, as o(wner) a(dmin) e(ditor) v(iewer). Whoever changes one changes it here too. */
const TABLE: Readonly<Record<Permission, string>> = {
  'workspace:read': 'oaev',
  'project:create': 'oae',
  'project:read': 'oaev',
  'project:delete': 'oa',
  'experiment:read': 'oaev',
  'experiment:write': 'oae',
  'lineage:link': 'oae',
  'run:read': 'oaev',
  'run:write': 'oae',
  'run:delete': 'oa',
  'metric:read': 'oaev',
  'artifact:read': 'oaev',
  'artifact:write': 'oae',
  'checkpoint:read': 'oaev',
  'checkpoint:write': 'oae',
  'checkpoint:delete': 'oa',
  'eval:read': 'oaev',
  'eval:write': 'oae',
  'cost:read': 'oaev',
  'cost:write': 'oae',
  'price:write': 'oa',
  'note:write': 'oae',
  'view:keep-own': 'oaev',
  'job:read': 'oaev',
  'job:enqueue': 'oae',
  'job:cancel': 'oae',
  'agent:read': 'oaev',
  'agent:register': 'oa',
  'agent:work': '',
  'key:manage-own': 'oae',
  'key:manage-all': 'oa',
  'member:read': 'oaev',
  'member:manage': 'oa',
  'audit:read': 'oa',
  'session:manage-own': 'oaev',
  'instance:admin': '',
}

describe('what a role may do', () => {
  test('is this table, cell by cell', () => {
    const found = Object.fromEntries(
      PERMISSIONS.map((permission) => [
        permission,
        ROLES.filter((role) => ROLE_PERMISSIONS[role].includes(permission))
          .map((role) => role.charAt(0))
          .join(''),
      ]),
    )
    expect(found).toEqual(TABLE)
  })
})

describe('what a key may do', () => {
  const writes: Permission[] = [
    'artifact:write',
    'checkpoint:write',
    'cost:write',
    'eval:write',
    'experiment:write',
    'lineage:link',
    'project:read',
    'run:write',
  ]

  test('ingest: writes of its project and nothing to read; projects only when it is bound to the workspace', () => {
    expect([...keyPermissions('ingest', 'owner', false)].sort()).toEqual(writes)
    expect([...keyPermissions('ingest', 'owner', true)].sort()).toEqual(['project:create', ...writes].sort())
  })

  test('read: what a viewer may; admin: what its maker may', () => {
    expect(keyPermissions('read', 'owner', true)).toEqual(ROLE_PERMISSIONS.viewer)
    for (const role of ROLES) expect(keyPermissions('admin', role, true)).toEqual(ROLE_PERMISSIONS[role])
  })

  test('is never more than its maker may at present', () => {
    for (const scope of KEY_SCOPES)
      for (const role of ROLES)
        for (const permission of keyPermissions(scope, role, true)) expect(ROLE_PERMISSIONS[role]).toContain(permission)
    expect(keyPermissions('ingest', 'viewer', true)).toEqual(['project:read'])
  })
})

test('a job writes and reads what its run needs; an agent works and fetches inputs', () => {
  expect([...JOB_PERMISSIONS].sort()).toEqual([
    'artifact:read',
    'artifact:write',
    'checkpoint:read',
    'checkpoint:write',
    'eval:write',
    'project:read',
    'run:write',
  ])
  expect([...AGENT_PERMISSIONS].sort()).toEqual(['agent:work', 'artifact:read', 'checkpoint:read'])
})
