import { revokeOtherSessions, revokeSession as updateSession } from '../../db/queries/auth/sessions.ts'
import { type Context, inTransaction } from '../context.ts'
import { notFound } from '../errors.ts'
import { audit } from './audit.ts'
import { requireUser } from './require-user.ts'

/** Ends one of the caller's own sessions; its next request is anonymous. @throws Refusal `not_found` */
export async function revokeSession(ctx: Context, input: { id: number }): Promise<void> {
  const user = requireUser(ctx)
  await inTransaction(ctx, async (tx) => {
    if (!(await updateSession(tx.db, user.userId, input.id))) throw notFound('The session')
    await audit(tx, { workspaceId: null, action: 'session.revoke', resource: `session:${input.id}` })
  })
}

/** Ends all of the caller's sessions but the one that asks. @returns how many ended */
export async function revokeEveryOtherSession(ctx: Context): Promise<{ revoked: number }> {
  const user = requireUser(ctx)
  return await inTransaction(ctx, async (tx) => {
    const revoked = await revokeOtherSessions(tx.db, user.userId, user.sessionId)
    await audit(tx, {
      workspaceId: null,
      action: 'session.revoke-others',
      resource: `user:${user.userId}`,
      detail: { revoked },
    })
    return { revoked }
  })
}
