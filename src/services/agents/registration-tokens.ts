import {
  insertRegistrationToken,
  listRegistrationTokens as listRows,
  revokeRegistrationToken as revokeRow,
} from '#src/db/queries/agents/registration-tokens.ts'
import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, notFound } from '#src/services/errors.ts'
import { newToken } from '#src/services/keys/new-token.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'

/** Seconds that a registration token lives. */
export const REGISTRATION_S = 3600

const QUEUE = /^[a-z0-9][a-z0-9._-]{0,63}$/

export interface MintedRegistrationToken {
  /** Shown once; only its hash is stored. */
  token: string
  expires_at: string
  queues: string[]
}

/**
 * Makes a token with which one machine may become an agent of these queues, once, within an hour.
 *
 * @param input.queues names; `default` when empty. Queues need not exist yet
 * @throws Refusal `forbidden` without `agent:register`, `invalid_request` for a name that is none
 */
export async function mintRegistrationToken(
  ctx: Context,
  input: { workspace?: string; queues?: readonly string[] },
): Promise<MintedRegistrationToken> {
  const { scope } = await openWorkspace(ctx, input, 'agent:register')
  const queues = [...new Set(input.queues?.length ? input.queues : ['default'])]
  const bad = queues.findIndex((queue) => !QUEUE.test(queue))
  if (bad >= 0)
    throw invalid(
      `/queues/${bad}`,
      `"${queues[bad]}" is no name of a queue: lower-case letters, digits, ".", "_" and "-", 64 at most.`,
    )
  const made = newToken('reg')
  return inTransaction(ctx, async (tx) => {
    const { token, ...stored } = made
    const createdBy = ctx.actor.kind === 'user' ? ctx.actor.userId : null
    const expiresAt = await insertRegistrationToken(tx.db, scope, { ...stored, queues, createdBy }, REGISTRATION_S)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'agent_token.mint',
      resource: `agent_token:${made.publicId}`,
      detail: { queues },
    })
    return { token, expires_at: instantOf(expiresAt), queues }
  })
}

export interface RegistrationTokenView {
  id: string
  last_four: string
  queues: string[]
  state: 'open' | 'used' | 'expired' | 'revoked'
  created_at: string
  expires_at: string
  used_at: string | null
}

/** The workspace's registration tokens without their secrets, the newest first. @throws Refusal `forbidden` without `agent:register` */
export async function listRegistrationTokens(
  ctx: Context,
  input: { workspace?: string },
): Promise<RegistrationTokenView[]> {
  const { scope } = await openWorkspace(ctx, input, 'agent:register')
  const now = ctx.services.now().getTime()
  return (await listRows(ctx.db, scope)).map((row) => ({
    id: row.publicId,
    last_four: row.lastFour,
    queues: row.queues,
    state: row.revokedAt
      ? 'revoked'
      : row.usedAt
        ? 'used'
        : new Date(row.expiresAt).getTime() <= now
          ? 'expired'
          : 'open',
    created_at: instantOf(row.createdAt),
    expires_at: instantOf(row.expiresAt),
    used_at: instantOrNull(row.usedAt),
  }))
}

/** Makes a token useless before its hour is over. @throws Refusal `not_found` when it was used, revoked or never there */
export async function revokeRegistrationToken(ctx: Context, input: { workspace?: string; id: string }): Promise<void> {
  const { scope } = await openWorkspace(ctx, input, 'agent:register')
  await inTransaction(ctx, async (tx) => {
    if (!(await revokeRow(tx.db, scope, input.id))) throw notFound('An unused token of this id')
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'agent_token.revoke',
      resource: `agent_token:${input.id}`,
    })
  })
}
