import { randomBytes } from 'node:crypto'
import { findFirstAdmin, isSetupComplete } from '../../db/queries/auth/instance-setup.ts'
import { dropSetupLinks, insertSignInLink } from '../../db/queries/auth/sign-in-links.ts'
import { type Context, inTransaction } from '../context.ts'
import { Refusal } from '../errors.ts'
import { hashSecret } from '../keys/new-token.ts'
import { audit } from './audit.ts'

export const LINK_HOURS = 24

/**
 * Makes a one-time sign-in link: for the owner, or, while the instance is empty, one that makes the owner. The token stands in the
 * fragment, which no server and no log sees. Making a set-up link ends the earlier ones.
 *
 * @returns the link, which is stored nowhere
 * @throws Refusal `forbidden` for whoever is not at the box
 */
export async function mintSignInLink(ctx: Context): Promise<{ url: string; forSetup: boolean }> {
  if (ctx.actor.kind !== 'operator') throw new Refusal('forbidden', 'Sign-in links are made on the box alone.')
  const token = randomBytes(32).toString('base64url')
  return await inTransaction(ctx, async (tx) => {
    const forSetup = !(await isSetupComplete(tx.db))
    const owner = forSetup ? null : await findFirstAdmin(tx.db)
    if (!forSetup && !owner)
      throw new Refusal('conflict', 'No admin of the instance is left. Restore a backup, or make one in the database.')
    if (forSetup) await dropSetupLinks(tx.db)
    await insertSignInLink(tx.db, { tokenHash: hashSecret(token), userId: owner?.userId ?? null, hours: LINK_HOURS })
    await audit(tx, {
      workspaceId: null,
      action: 'sign-in-link.mint',
      resource: owner ? `user:${owner.userId}` : 'instance',
    })
    return { url: `${ctx.services.settings.publicUrl}/sign-in#${token}`, forSetup }
  })
}

/** The link that an empty instance prints at each start; null once the owner has been made. */
export async function mintSetupLink(ctx: Context): Promise<string | null> {
  if (await isSetupComplete(ctx.db)) return null
  return (await mintSignInLink(ctx)).url
}
