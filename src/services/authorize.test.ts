import { describe, expect, test } from 'vitest'
import { JOB_PERMISSIONS, ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { projectScope, workspaceScope } from '#src/db/scope.ts'
import { type Actor, actorName } from './actor.ts'
import { authorize, permissionsIn } from './authorize.ts'
import { Refusal } from './errors.ts'

const HOME = 1
const MINE = 10
const place = { workspaceId: HOME, workspaceSlug: 'home' }
const key = { kind: 'apiKey', keyId: 3, ...place, createdBy: 7, creatorRole: 'owner', name: 'key' } as const

/** One actor of each kind. The type makes this list complete: a new kind does not compile without its row. */
const ACTORS: { readonly [Kind in Actor['kind']]: Extract<Actor, { kind: Kind }> } = {
  anonymous: { kind: 'anonymous' },
  user: {
    kind: 'user',
    userId: 7,
    sessionId: 1,
    name: 'Ada',
    isInstanceAdmin: true,
    memberships: [{ workspaceId: HOME, slug: 'home', name: 'Home', role: 'viewer' }],
  },
  apiKey: { ...key, scope: 'ingest', projectId: MINE },
  agent: { kind: 'agent', agentId: 4, agentUid: 'a', ...place, name: 'box', queues: ['default'] },
  job: {
    kind: 'job',
    jobId: 5,
    jobUid: 'j',
    jobKind: 'train',
    ...place,
    projectId: MINE,
    experimentId: 1,
    runId: 1,
    runUid: 'r',
    attempt: 1,
    fence: 1,
    inputCheckpointIds: [],
    targetCheckpointId: null,
  },
  operator: { kind: 'operator' },
  clock: { kind: 'clock' },
}

/** What each actor hears when it asks to write a run: in its project, in another of its workspace, in another workspace. */
const ANSWERS: Readonly<Record<Actor['kind'], readonly [string, string, string]>> = {
  anonymous: ['unauthenticated', 'unauthenticated', 'unauthenticated'],
  user: ['forbidden', 'forbidden', 'not_found'],
  apiKey: ['yes', 'not_found', 'not_found'],
  agent: ['forbidden', 'forbidden', 'not_found'],
  job: ['yes', 'not_found', 'not_found'],
  operator: ['yes', 'yes', 'yes'],
  clock: ['yes', 'yes', 'yes'],
}

function ask(actor: Actor, scope: Parameters<typeof authorize>[2]): string {
  try {
    authorize(actor, 'run:write', scope)
    return 'yes'
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error)
  }
}

describe('writing a run', () => {
  test.each(Object.values(ACTORS).map((actor) => [actor.kind, actor] as const))('as %s', (kind, actor) => {
    const scopes = [projectScope(HOME, MINE), projectScope(HOME, 11), projectScope(2, MINE)]
    expect(scopes.map((scope) => ask(actor, scope))).toEqual(ANSWERS[kind])
  })
})

test('an absent place and a foreign one are the same refusal, word for word', () => {
  const refused = (scope: Parameters<typeof authorize>[2]) => {
    try {
      authorize(ACTORS.user, 'run:read', scope)
    } catch (error) {
      return error instanceof Refusal ? [error.code, error.message, error.detail] : error
    }
    return null
  }
  expect(refused(workspaceScope(2))).toEqual(refused(workspaceScope(999)))
  expect(refused(workspaceScope(2))).not.toBeNull()
})

test('the role in this workspace counts, and no other; to be admin of the instance gives none', () => {
  expect(permissionsIn(ACTORS.user, workspaceScope(HOME))).toEqual(ROLE_PERMISSIONS.viewer)
  expect(permissionsIn(ACTORS.user, workspaceScope(2))).toBeNull()
  expect(permissionsIn(ACTORS.job, projectScope(HOME, MINE))).toEqual(JOB_PERMISSIONS)
})

test('everybody has a name in the audit log, and no two kinds share one', () => {
  const names = Object.values(ACTORS).map(actorName)
  expect(names).toEqual(['anonymous', 'user:7', 'key:3', 'agent:4', 'job:5', 'operator', 'clock'])
})
