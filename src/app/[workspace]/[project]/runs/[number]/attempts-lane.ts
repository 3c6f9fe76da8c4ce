/** What the attempts lane draws: stretches of a clock axis, flags of checkpoints, and the prices of interruptions. */
import type { Attempt } from '#src/protocol/runs.ts'

export interface Stretch {
  kind: 'kept' | 'superseded' | 'waiting'
  /** Epoch ms. */
  from: number
  to: number
  attempt: number
}

export interface Lane {
  from: number
  to: number
  stretches: Stretch[]
  /** Steps that a later attempt did again, over all attempts. */
  supersededSteps: { from: number; to: number }[]
}

type LaneAttempt = Pick<Attempt, 'number' | 'first_step' | 'last_step' | 'started_at' | 'created_at' | 'ended_at'>

/**
 * The lane of a run. An attempt that reached steps which the next one did again is cut at the share of its steps that count.
 *
 * @param createdAt when the run was made; the time until its first attempt starts is waiting
 * @param now end of an attempt that still runs, epoch ms
 */
export function attemptsLane(createdAt: string, attempts: readonly LaneAttempt[], now: number): Lane {
  const ordered = [...attempts].sort((a, b) => a.number - b.number)
  const stretches: Stretch[] = []
  const supersededSteps: Lane['supersededSteps'] = []
  let before = Date.parse(createdAt)
  for (const [i, attempt] of ordered.entries()) {
    const from = Date.parse(attempt.started_at ?? attempt.created_at)
    const to = Math.max(from, attempt.ended_at === null ? now : Date.parse(attempt.ended_at))
    if (from - before > 500) stretches.push({ kind: 'waiting', from: before, to: from, attempt: attempt.number })
    const cut = ordered[i + 1]?.first_step
    const { first_step: first, last_step: last } = attempt
    if (cut !== undefined && last !== null && last >= cut) {
      const share = Math.min(1, Math.max(0, (cut - first) / (last + 1 - first)))
      const middle = from + share * (to - from)
      if (middle > from) stretches.push({ kind: 'kept', from, to: middle, attempt: attempt.number })
      stretches.push({ kind: 'superseded', from: middle, to, attempt: attempt.number })
      supersededSteps.push({ from: Math.max(first, cut), to: last })
    } else stretches.push({ kind: 'kept', from, to, attempt: attempt.number })
    before = to
  }
  const from = stretches[0]?.from ?? Date.parse(createdAt)
  const to = Math.max(from + 1_000, stretches.at(-1)?.to ?? now)
  return { from, to, stretches, supersededSteps }
}
