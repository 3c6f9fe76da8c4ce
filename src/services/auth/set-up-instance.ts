import { findFirstAdmin, insertFirstOwner, isSetupComplete, lockSetup } from '../../db/queries/auth/instance-setup.ts'
import { giveSetupLinksTo } from '../../db/queries/auth/sign-in-links.ts'
import { type Context, inTransaction } from '../context.ts'
import { invariant } from '../errors.ts'
import { audit } from './audit.ts'

/** Names that the first start gives; both can be changed later. */
export const FIRST_WORKSPACE = { slug: 'main', name: 'Main' } as const
const FIRST_OWNER = 'Owner'

/**
 * Makes the first owner and workspace of an empty instance, once: whoever comes at the same time waits and finds it done. Links that
 * were printed for the set-up sign in that owner from then on.
 *
 * @returns the owner, and whether this call made it
 */
export async function setUpInstance(ctx: Context): Promise<{ userId: number; made: boolean }> {
  return await inTransaction(ctx, async (tx) => {
    await lockSetup(tx.db)
    if (await isSetupComplete(tx.db)) {
      const admin = await findFirstAdmin(tx.db)
      invariant(admin, 'an instance whose set-up is complete has an admin')
      return { userId: admin.userId, made: false }
    }
    const { userId, workspaceId } = await insertFirstOwner(tx.db, {
      userName: FIRST_OWNER,
      slug: FIRST_WORKSPACE.slug,
      workspaceName: FIRST_WORKSPACE.name,
    })
    await giveSetupLinksTo(tx.db, userId)
    await audit(tx, { workspaceId, action: 'instance.set-up', resource: `user:${userId}` })
    return { userId, made: true }
  })
}
