import { Claim } from '#src/protocol/agents.ts'
import { ServerAway } from './server.ts'
import type { Session } from './token.ts'

/**
 * Waits at the server for a job; null when none came.
 *
 * @throws ServerAway, ServerRefusal, AgentRevoked
 */
export async function claimNext(
  session: Session,
  agentId: string,
  wanted: { queues: readonly string[]; recipes: readonly string[]; wait_s: number },
  signal: AbortSignal,
): Promise<Claim | null> {
  const options = { timeoutMs: (wanted.wait_s + 15) * 1000, signal }
  const answer = await session.call(`/agents/${agentId}/claim`, wanted, options)
  if (answer === null) return null
  const claim = Claim.safeParse(answer)
  if (!claim.success)
    throw new ServerAway(
      `the server answered a claim in words that are not understood: ${claim.error.message.slice(0, 300)}`,
    )
  return claim.data
}
