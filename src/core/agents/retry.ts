import type { EndReason } from '../runs/states.ts'

/** Reasons that say nothing against the program: the machine went away, or something outside ended it. */
const RETRIED: readonly EndReason[] = ['lost', 'killed', 'preempted']

const FIRST_PAUSE_S = 5
const LONGEST_PAUSE_S = 300

/** Seconds before try `attempt + 1` when try `attempt` (from 1) has ended early: 5, 10, 20 … 300. */
export const retryPauseS = (attempt: number): number => Math.min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S)

export type AfterEnd =
  | { state: 'finished' }
  | { state: 'failed'; exhausted: boolean }
  | { state: 'canceled' }
  | { state: 'queued'; pauseS: number }

/**
 * What becomes of a job whose attempt has ended. A program that finished counts as finished, also when somebody asked it to
 * stop in the meantime; what was stopped on request is canceled; lost, killed and preempted attempts are repeated while
 * attempts are left.
 *
 * @param end.canceling a person has canceled the job
 */
export function afterEnd(end: {
  reason: EndReason
  attempt: number
  maxAttempts: number
  canceling: boolean
}): AfterEnd {
  if (end.reason === 'finished') return { state: 'finished' }
  if (end.canceling || end.reason === 'stopped') return { state: 'canceled' }
  if (!RETRIED.includes(end.reason)) return { state: 'failed', exhausted: false }
  if (end.attempt >= end.maxAttempts) return { state: 'failed', exhausted: true }
  return { state: 'queued', pauseS: retryPauseS(end.attempt) }
}
