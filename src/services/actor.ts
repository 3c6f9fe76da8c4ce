import type { KeyScope, Role } from '../core/roles/permissions.ts'

/** Who acts. Doors make it (`api/auth`), verbs take it, nothing else decides who somebody is. */
export type Actor =
  | { kind: 'anonymous' }
  | {
      kind: 'user'
      userId: number
      sessionId: number
      name: string
      isInstanceAdmin: boolean
      memberships: readonly { workspaceId: number; slug: string; name: string; role: Role }[]
    }
  | {
      kind: 'apiKey'
      keyId: number
      scope: KeyScope
      workspaceId: number
      workspaceSlug: string
      /** Null: bound to the workspace. */
      projectId: number | null
      createdBy: number
      creatorRole: Role
      name: string
    }
  | {
      kind: 'agent'
      agentId: number
      agentUid: string
      workspaceId: number
      workspaceSlug: string
      name: string
      queues: readonly string[]
    }
  | {
      kind: 'job'
      jobId: number
      jobUid: string
      jobKind: 'train' | 'evaluate'
      workspaceId: number
      workspaceSlug: string
      projectId: number
      experimentId: number
      runId: number
      runUid: string
      attempt: number
      fence: number
      /** Checkpoints whose files it may read. */
      inputCheckpointIds: readonly number[]
      /** The checkpoint that it may evaluate. */
      targetCheckpointId: number | null
    }
  /** The command line on the box, with the data folder or the database in hand. */
  | { kind: 'operator' }
  | { kind: 'clock' }

/** How an actor is written into `created_by` and the audit log: `user:7`, `key:12`, `job:3`, `clock`. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return `user:${actor.userId}`
    case 'apiKey':
      return `key:${actor.keyId}`
    case 'agent':
      return `agent:${actor.agentId}`
    case 'job':
      return `job:${actor.jobId}`
    default:
      return actor.kind
  }
}
