import { parseToken } from '#src/core/auth/token.ts'
import { ensureQueue } from '#src/db/queries/agents/ensure-queue.ts'
import { insertAgent } from '#src/db/queries/agents/insert-agent.ts'
import { useRegistrationToken } from '#src/db/queries/agents/registration-tokens.ts'
import { findWorkspace } from '#src/db/queries/workspaces/find-workspace.ts'
import { workspaceScope } from '#src/db/scope.ts'
import type { AgentRegister, AgentRegistered } from '#src/protocol/agents.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, Refusal } from '#src/services/errors.ts'
import { hashSecret } from '#src/services/keys/new-token.ts'

/**
 * A machine becomes an agent of the workspace and the queues for which the token was made; the token is used up. From then on
 * it proves itself with the key whose public half it sent.
 *
 * @param bearer the registration token
 * @throws Refusal `unauthenticated` for a token that is unknown, used, revoked or over, all in the same words
 */
export async function registerAgent(
  ctx: Context,
  bearer: string | null,
  input: AgentRegister,
): Promise<AgentRegistered> {
  const token = bearer === null ? null : parseToken(bearer)
  if (token?.type !== 'reg') throw useless()
  return inTransaction(ctx, async (tx) => {
    const granted = await useRegistrationToken(tx.db, token.id, hashSecret(token.secret))
    if (!granted) throw useless()
    const scope = workspaceScope(granted.workspaceId)
    for (const queue of granted.queues) await ensureQueue(tx.db, scope, queue)
    const agent = await insertAgent(tx.db, scope, {
      name: input.name,
      publicKey: input.public_key,
      queues: granted.queues,
      labels: input.labels,
      slots: input.slots,
      recipes: input.recipes,
    })
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'agent.register',
      resource: `agent:${agent.uid}`,
      detail: { name: input.name, token: token.id, queues: granted.queues },
    })
    const workspace = await findWorkspace(tx.db, scope)
    invariant(workspace, 'a registration token belongs to a workspace')
    return { agent_id: agent.uid, workspace: workspace.slug, queues: granted.queues }
  })
}

const useless = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'This registration token is not valid: it is unknown, was used already, was revoked, or is older than an hour. Make a new one on the agents page, or with `descent admin agent-token`.',
  )
