import { insertAccessToken } from '../../db/queries/auth/insert-access-token.ts'
import type { Scope } from '../../db/scope.ts'
import type { Context } from '../context.ts'
import { newToken } from './new-token.ts'

export type AccessTokenFor =
  | { kind: 'agent'; agentId: number }
  | { kind: 'job'; jobId: number; attempt: number; fence: number }

/**
 * Makes a short-lived token of an agent (`dsc_agt-…`) or of a job's training process (`dsc_job-…`). Part of the caller's transaction;
 * no audit row, since claims and registrations write their own.
 *
 * @param lifetimeS seconds from now: 15 minutes for an agent, lease and grace for a job
 * @returns the token, which is stored nowhere, and when it ends (RFC 3339)
 */
export async function mintAccessToken(
  ctx: Context,
  scope: Scope,
  owner: AccessTokenFor,
  lifetimeS: number,
): Promise<{ token: string; expiresAt: string }> {
  const { token, publicId, secretHash } = newToken(owner.kind === 'agent' ? 'agt' : 'job')
  const expiresAt = new Date(ctx.services.now().getTime() + lifetimeS * 1_000).toISOString()
  await insertAccessToken(ctx.db, scope, { ...owner, publicId, secretHash, expiresAt })
  return { token, expiresAt }
}
