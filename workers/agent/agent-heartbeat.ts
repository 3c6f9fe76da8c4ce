import { AgentHeartbeatAnswer } from '#src/protocol/agents.ts'
import { pause } from './back-off.ts'
import type { HeldJob } from './run-job.ts'
import { openSampler } from './sample-machine.ts'
import { ServerAway, ServerRefusal } from './server.ts'
import type { AgentSettings } from './settings.ts'
import { AgentRevoked, type Session } from './token.ts'

export interface Reporting {
  settings: AgentSettings
  session: Session
  agentId: string
  recipes: readonly string[]
  hasGpus: boolean
  held: ReadonlyMap<string, HeldJob>
  /** Labels that the server has not heard yet; null when it has. */
  labels(): Record<string, unknown> | null
  labelsTold(): void
  drain(): void
  revoked(why: string): void
}

/** Samples the machine and tells the server that this agent lives, until the signal is given. */
export async function keepReporting(reporting: Reporting, signal: AbortSignal): Promise<void> {
  const { settings, session, held } = reporting
  const sampler = openSampler(reporting.hasGpus)
  while (!signal.aborted) {
    const sample = await sampler.sample()
    for (const job of held.values()) job.sampled(sample)
    const { gpuList: _, ...load } = sample
    const labels = reporting.labels()
    try {
      const answer = await session.call(
        `/agents/${reporting.agentId}/heartbeat`,
        {
          slots: settings.slots,
          busy: Math.min(held.size, settings.slots),
          load,
          jobs: [...held.keys()],
          recipes: reporting.recipes,
          ...(labels && { labels }),
        },
        { timeoutMs: settings.timings.heartbeatMs, signal },
      )
      if (labels) reporting.labelsTold()
      if (AgentHeartbeatAnswer.parse(answer).drain) reporting.drain()
    } catch (error) {
      if (error instanceof AgentRevoked) return reporting.revoked(error.message)
      if (!(error instanceof ServerAway || error instanceof ServerRefusal)) throw error
    }
    await pause(settings.timings.heartbeatMs, signal)
  }
}
