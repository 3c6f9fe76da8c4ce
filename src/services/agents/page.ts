import { listAgents } from '#src/db/queries/agents/list-agents.ts'
import { listQueues } from '#src/db/queries/agents/list-queues.ts'
import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import { type Agent, AgentLabels, AgentLoad, type AgentsPage } from '#src/protocol/agents.ts'
import type { Context } from '#src/services/context.ts'
import { jobViews, ONLINE_S } from '#src/services/jobs/job-views.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'

const RECENT = 20
/** A revoked or vanished machine is shown for a week. */
const SHOWN_MS = 7 * 86_400_000

/**
 * What the agents page shows: the machines, what runs, what waits and why, what ended last, and the queues.
 *
 * @throws Refusal `forbidden` without `agent:read`, `not_found`
 */
export async function readAgentsPage(ctx: Context, input: { workspace?: string }): Promise<AgentsPage> {
  const { scope } = await openWorkspace(ctx, input, 'agent:read')
  const rows = await listAgents(ctx.db, scope, ONLINE_S)
  const shownFrom = ctx.services.now().getTime() - SHOWN_MS
  return {
    agents: rows.map(agentView).filter((a) => a.online || Date.parse(a.last_seen_at ?? a.registered_at) > shownFrom),
    running: await jobViews(ctx, scope, { states: ['leased', 'running', 'canceling'] }),
    waiting: await jobViews(ctx, scope, { states: ['queued', 'waiting'], limit: 500 }),
    recent: await jobViews(ctx, scope, {
      states: ['finished', 'failed', 'canceled'],
      order: 'newest_end',
      limit: RECENT,
    }),
    queues: await listQueues(ctx.db, scope),
  }
}

function agentView({ agent, online }: Awaited<ReturnType<typeof listAgents>>[number]): Agent {
  const labels = AgentLabels.safeParse(agent.labels)
  const load = AgentLoad.safeParse(agent.load)
  return {
    id: agent.uid,
    name: agent.name,
    online,
    queues: agent.queues,
    recipes: agent.recipes,
    labels: labels.success ? labels.data : {},
    slots: agent.slots,
    busy: online ? agent.busy : 0,
    draining: agent.draining,
    // What a machine said when it was last seen is no load of now.
    load: online && load.success ? load.data : null,
    last_seen_at: instantOrNull(agent.lastSeenAt),
    registered_at: instantOf(agent.createdAt),
    revoked: agent.revokedAt !== null,
  }
}
