import { touchAgent } from '#src/db/queries/agents/touch-agent.ts'
import { workspaceScope } from '#src/db/scope.ts'
import type { AgentHeartbeat } from '#src/protocol/agents.ts'
import { authorize } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { notFound, Refusal } from '#src/services/errors.ts'

/**
 * An agent is alive: keeps its slots, load, recipes and, when they came, labels; tells it whether it shall take nothing more.
 *
 * @throws Refusal `not_found` for another agent's id, `unauthenticated` when it was revoked
 */
export async function heartbeatAgent(
  ctx: Context,
  input: { agent: string } & AgentHeartbeat,
): Promise<{ drain: boolean }> {
  const { actor } = ctx
  if (actor.kind !== 'agent' || actor.agentUid !== input.agent) throw notFound('This agent')
  const scope = workspaceScope(actor.workspaceId)
  authorize(actor, 'agent:work', scope)
  const state = await touchAgent(ctx.db, scope, actor.agentId, {
    slots: input.slots,
    busy: Math.min(input.busy, input.slots),
    recipes: input.recipes,
    ...(input.load && { load: input.load }),
    ...(input.labels && { labels: input.labels }),
  })
  if (!state)
    throw new Refusal('unauthenticated', 'This agent was revoked. Register the machine again with a new token.')
  return { drain: state.draining }
}
