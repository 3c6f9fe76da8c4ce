import { revokeApiKey } from '../../db/queries/auth/api-keys.ts'
import { audit } from '../auth/audit.ts'
import { type Context, inTransaction } from '../context.ts'
import { notFound } from '../errors.ts'
import { openWorkspace } from '../workspaces/open.ts'
import { keysOf } from './internal.ts'

/**
 * Ends a key; it is refused within five seconds.
 *
 * @param input.id the public part
 * @throws Refusal `not_found` for an unknown, a foreign and an ended one; `forbidden`
 */
export async function revokeKey(ctx: Context, input: { workspace: string; id: string }): Promise<void> {
  const { scope } = await openWorkspace(ctx, input, 'key:manage-own')
  await inTransaction(ctx, async (tx) => {
    const row = await revokeApiKey(tx.db, scope, input.id, keysOf(tx, scope))
    if (!row) throw notFound('The key')
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'key.revoke',
      resource: `key:${input.id}`,
      detail: { name: row.name, scope: row.scope },
    })
  })
}
