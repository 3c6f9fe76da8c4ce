/** Words for where a job stands. */
export const JOB_STATES = [
  'waiting',
  'queued',
  'leased',
  'running',
  'canceling',
  'finished',
  'failed',
  'canceled',
] as const
export type JobState = (typeof JOB_STATES)[number]

export const JOB_END_STATES = ['finished', 'failed', 'canceled'] as const satisfies readonly JobState[]

/** True when nothing more will happen to a job in `state`. */
export const jobEnded = (state: JobState): boolean => (JOB_END_STATES as readonly JobState[]).includes(state)

/** Starting values; time is the database's now() only. */
export const LEASE_S = 60
export const HEARTBEAT_S = 10
export const SWEEP_S = 10
export const MAX_ATTEMPTS = 3
