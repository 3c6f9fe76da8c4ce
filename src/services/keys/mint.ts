import type { TokenType } from '../../core/auth/token.ts'
import { ADMIN_KEY_DAYS_MAX, type KeyScope } from '../../core/roles/permissions.ts'
import { insertApiKey } from '../../db/queries/auth/api-keys.ts'
import { findFirstAdmin } from '../../db/queries/auth/instance-setup.ts'
import type { Scope } from '../../db/scope.ts'
import type { KeyInput, MintedKey } from '../../protocol/keys.ts'
import { audit } from '../auth/audit.ts'
import { permissionsIn } from '../authorize.ts'
import { type Context, inTransaction } from '../context.ts'
import { invalid, invariant, Refusal } from '../errors.ts'
import { openProject, openWorkspace } from '../workspaces/open.ts'
import { newToken } from './new-token.ts'

const TYPES: Readonly<Record<KeyScope, TokenType>> = { ingest: 'ing', read: 'read', admin: 'adm' }
const DAY_MS = 86_400_000

/**
 * Makes an API key, for a project or, without one, for the whole workspace. A key never gives more than its maker has.
 *
 * @returns the key, shown this once and stored nowhere
 * @throws Refusal `forbidden` for a role without keys, or an admin key of somebody below; `invalid_request` for an expiry in the past or
 *   an admin key that would live longer than 90 days; `not_found`
 */
export async function mintKey(ctx: Context, input: KeyInput & { workspace: string }): Promise<MintedKey> {
  const { scope, projectId } = await placeOf(ctx, input)
  if (input.scope === 'admin' && !permissionsIn(ctx.actor, scope)?.includes('key:manage-all'))
    throw new Refusal('forbidden', 'Admin keys are made by owners and admins of the workspace.', {
      permission: 'key:manage-all',
    })
  const expiresAt = expiryOf(input, ctx.services.now())
  const { token, publicId, secretHash, lastFour } = newToken(TYPES[input.scope])
  return await inTransaction(ctx, async (tx) => {
    await insertApiKey(tx.db, scope, {
      publicId,
      secretHash,
      lastFour,
      scope: input.scope,
      name: input.name,
      projectId,
      createdBy: await makerOf(tx),
      expiresAt,
    })
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'key.mint',
      resource: `key:${publicId}`,
      detail: { scope: input.scope, name: input.name, project: input.project ?? null, expires_at: expiresAt },
    })
    return {
      key: token,
      id: publicId,
      scope: input.scope,
      name: input.name,
      project: input.project ?? null,
      expires_at: expiresAt,
    }
  })
}

async function placeOf(
  ctx: Context,
  { workspace, project }: KeyInput & { workspace: string },
): Promise<{ scope: Scope; projectId: number | null }> {
  if (!project) return { ...(await openWorkspace(ctx, { workspace }, 'key:manage-own')), projectId: null }
  const opened = await openProject(ctx, { workspace, project }, 'key:manage-own')
  return { scope: opened.scope, projectId: opened.project.id }
}

function expiryOf(input: KeyInput, now: Date): string | null {
  const latest = new Date(now.getTime() + ADMIN_KEY_DAYS_MAX * DAY_MS)
  if (!input.expires_at) return input.scope === 'admin' ? latest.toISOString() : null
  const asked = new Date(input.expires_at)
  if (asked <= now) throw invalid('/expires_at', `expires_at is ${input.expires_at}, which is over. Take a later time.`)
  if (input.scope === 'admin' && asked > latest)
    throw invalid(
      '/expires_at',
      `expires_at is ${input.expires_at}; an admin key lives ${ADMIN_KEY_DAYS_MAX} days at most, until ${latest.toISOString()}.`,
    )
  return asked.toISOString()
}

/** Whose role bounds the key: the user; on the box, the instance's first admin. */
async function makerOf(ctx: Context): Promise<number> {
  if (ctx.actor.kind === 'user') return ctx.actor.userId
  if (ctx.actor.kind !== 'operator')
    throw new Refusal('forbidden', 'Keys are made by people, in the settings or on the box.')
  const admin = await findFirstAdmin(ctx.db)
  invariant(admin, 'the set-up is complete before keys are made on the box')
  return admin.userId
}
