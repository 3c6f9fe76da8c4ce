import { findSession, revokeSession } from '../../db/queries/auth/sessions.ts'
import { SESSION_IDLE_DAYS } from '../../protocol/sessions.ts'
import { type Context, inTransaction } from '../context.ts'
import { hashSecret } from '../keys/new-token.ts'
import { audit } from './audit.ts'

/** Ends the session of a random id, at sign-out; one that is over already is left so. */
export async function endSession(ctx: Context, sid: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const session = await findSession(tx.db, hashSecret(sid), SESSION_IDLE_DAYS)
    if (!session) return
    await revokeSession(tx.db, session.userId, session.sessionId)
    await audit(tx, { workspaceId: null, action: 'sign-out', resource: `user:${session.userId}` })
  })
}
