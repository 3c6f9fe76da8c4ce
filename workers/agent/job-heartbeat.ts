import { JobHeartbeatAnswer } from '#src/protocol/agents.ts'
import { jitteredMs, pause } from './back-off.ts'
import { ServerRefusal } from './server.ts'
import { AgentRevoked, type Session } from './token.ts'

export interface JobWord {
  session: Session
  job: string
  attempt: number
  fence: number
  heartbeatMs: number
}

export interface Wishes {
  /** A person canceled the job. */
  cancel(): void
  /** A person asked the run to stop; its program hears it too. */
  stop(): void
  /** Somebody newer holds the job, or this agent was revoked: whatever the program writes is refused. */
  stale(why: string): void
}

/**
 * Renews the lease of a job until the signal is given. While the server is away it goes on trying: the program goes on too, and
 * the fence decides when the server is back.
 */
export async function keepLease(
  word: JobWord,
  state: () => 'leased' | 'running',
  wishes: Wishes,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; !signal.aborted; ) {
    try {
      const answer = await word.session.call(
        `/jobs/${word.job}/heartbeat`,
        { attempt: word.attempt, fence: word.fence, state: state() },
        { timeoutMs: Math.max(2000, word.heartbeatMs), signal },
      )
      const { cancel, stop } = JobHeartbeatAnswer.parse(answer)
      if (cancel) wishes.cancel()
      else if (stop) wishes.stop()
      tries = 0
      await pause(word.heartbeatMs, signal)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof AgentRevoked) return wishes.stale(error.message)
      if (error instanceof ServerRefusal && (error.code === 'stale_fence' || error.status === 404))
        return wishes.stale(error.message)
      tries++
      // A lease is short: the pause never grows beyond the rhythm of heartbeats.
      await pause(jitteredMs(tries, [250, word.heartbeatMs]), signal)
    }
  }
}
