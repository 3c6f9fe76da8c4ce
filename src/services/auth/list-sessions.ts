import { listSessions as selectSessions } from '../../db/queries/auth/sessions.ts'
import { SESSION_IDLE_DAYS } from '../../protocol/sessions.ts'
import type { Context } from '../context.ts'
import { requireUser } from './require-user.ts'

export interface SessionView {
  id: number
  /** The one that asks. */
  current: boolean
  method: string
  created_at: string
  last_seen_at: string
  expires_at: string
  address_prefix: string | null
  user_agent: string | null
}

/** The caller's own living sessions, the latest used first. @throws Refusal `unauthenticated` */
export async function listSessions(ctx: Context): Promise<SessionView[]> {
  const user = requireUser(ctx)
  const rows = await selectSessions(ctx.db, user.userId, SESSION_IDLE_DAYS)
  return rows.map((row) => ({
    id: row.id,
    current: row.id === user.sessionId,
    method: row.method,
    created_at: new Date(row.createdAt).toISOString(),
    last_seen_at: new Date(row.lastSeenAt).toISOString(),
    expires_at: new Date(row.expiresAt).toISOString(),
    address_prefix: row.addressPrefix,
    user_agent: row.userAgent,
  }))
}
