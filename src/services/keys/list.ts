import { listApiKeys } from '../../db/queries/auth/api-keys.ts'
import type { Key } from '../../protocol/keys.ts'
import type { Context } from '../context.ts'
import { openWorkspace } from '../workspaces/open.ts'
import { keysOf } from './internal.ts'

const TYPES = { ingest: 'ing', read: 'read', admin: 'adm' } as const

const instant = (text: string) => new Date(text).toISOString()
const instantOrNull = (text: string | null) => (text === null ? null : instant(text))

/** Keys of the workspace, the newest first: everybody's for those who manage all, else the caller's own. @throws Refusal `forbidden` */
export async function listKeys(ctx: Context, input: { workspace: string }): Promise<Key[]> {
  const { scope } = await openWorkspace(ctx, input, 'key:manage-own')
  const whose = keysOf(ctx, scope)
  const now = ctx.services.now()
  return (await listApiKeys(ctx.db, scope, whose)).map((row) => ({
    id: row.publicId,
    prefix: `dsc_${TYPES[row.scope]}-${row.publicId}`,
    last_four: row.lastFour,
    scope: row.scope,
    name: row.name,
    project: row.project,
    created_by: row.createdBy,
    created_at: instant(row.createdAt),
    expires_at: instantOrNull(row.expiresAt),
    last_used_at: instantOrNull(row.lastUsedAt),
    state:
      row.revokedAt !== null
        ? 'revoked'
        : row.expiresAt !== null && new Date(row.expiresAt) <= now
          ? 'expired'
          : 'active',
    mine: ctx.actor.kind === 'user' && row.createdById === ctx.actor.userId,
  }))
}
