import { findSession, listMemberships, touchSession } from '../../db/queries/auth/sessions.ts'
import { SESSION_IDLE_DAYS } from '../../protocol/sessions.ts'
import type { Actor } from '../actor.ts'
import type { Db } from '../context.ts'
import { hashSecret } from '../keys/new-token.ts'

const ANONYMOUS: Actor = { kind: 'anonymous' }

/**
 * The user behind a session's random id, looked up at every call: a revoked session is nobody at its next request. A missing, expired,
 * idle or revoked one is anonymous; a database that is away throws, and is never read as either.
 */
export async function findSessionActor(db: Db, sid: string | null): Promise<Actor> {
  if (sid === null) return ANONYMOUS
  const session = await findSession(db, hashSecret(sid), SESSION_IDLE_DAYS)
  if (!session) return ANONYMOUS
  const { seenLongAgo, ...user } = session
  const [memberships] = await Promise.all([
    listMemberships(db, session.userId),
    seenLongAgo ? touchSession(db, session.sessionId) : null,
  ])
  return { kind: 'user', ...user, memberships }
}
