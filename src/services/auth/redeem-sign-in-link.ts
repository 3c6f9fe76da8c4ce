import { randomBytes } from 'node:crypto'
import { isSetupComplete, lockSetup } from '../../db/queries/auth/instance-setup.ts'
import { insertSession } from '../../db/queries/auth/sessions.ts'
import { takeSignInLink } from '../../db/queries/auth/sign-in-links.ts'
import { SESSION_DAYS } from '../../protocol/sessions.ts'
import { type Context, inTransaction } from '../context.ts'
import { Refusal } from '../errors.ts'
import { hashSecret } from '../keys/new-token.ts'
import { audit } from './audit.ts'
import { setUpInstance } from './set-up-instance.ts'

export interface LinkRedemption {
  token: string
  userAgent: string | null
  /** Not the whole address: /24 or /48. */
  addressPrefix: string | null
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/**
 * Takes a one-time link and begins a session. The first on an empty instance makes the owner; of several at once one does.
 *
 * @returns the session's random id, for the cookie; only its hash is stored
 * @throws Refusal `unauthenticated` in the same words for a used, an expired and an unknown link
 */
export async function redeemSignInLink(ctx: Context, link: LinkRedemption): Promise<{ sid: string; userId: number }> {
  if (!TOKEN.test(link.token)) throw refused()
  return await inTransaction(ctx, async (tx) => {
    await lockSetup(tx.db)
    const found = await takeSignInLink(tx.db, hashSecret(link.token))
    if (!found) throw refused()
    // A set-up link outlives the set-up only by a race; it must not make a second owner.
    if (found.userId === null && (await isSetupComplete(tx.db))) throw refused()
    const userId = found.userId ?? (await setUpInstance(tx)).userId
    const sid = randomBytes(32).toString('base64url')
    const sessionId = await insertSession(tx.db, {
      tokenHash: hashSecret(sid),
      userId,
      method: 'link',
      addressPrefix: link.addressPrefix,
      userAgent: link.userAgent?.slice(0, 300) ?? null,
      days: SESSION_DAYS,
    })
    await audit(tx, {
      workspaceId: null,
      action: 'sign-in',
      resource: `user:${userId}`,
      detail: { method: 'link', session: sessionId },
      addressPrefix: link.addressPrefix,
    })
    return { sid, userId }
  })
}

const refused = () =>
  new Refusal(
    'unauthenticated',
    'This sign-in link was used, has expired or never existed. Make a new one on the box with: npx descent admin sign-in-link',
  )
