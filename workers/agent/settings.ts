import path from 'node:path'

/** Takes the agent's own words, one sentence each. */
export interface AgentLog {
  info(sentence: string): void
  warn(sentence: string): void
}

/** What happens to running jobs when the agent is asked to end. */
export type DrainPolicy = 'finish' | 'release'

/** Starting values; tests shorten them. */
export interface Timings {
  /** Between SIGTERM and SIGKILL. */
  graceMs: number
  /** After a person asked a run to stop: how long its program may notice by itself before SIGTERM. */
  stopNoticeMs: number
  /** Between two heartbeats of the agent, each with a sample of the machine; a job's own rhythm comes with its lease. */
  heartbeatMs: number
  outputMs: number
  claimWaitS: number
  /** First and longest pause of a repeated call. */
  retryMs: readonly [number, number]
}

export const TIMINGS: Timings = {
  graceMs: 30_000,
  stopNoticeMs: 10_000,
  heartbeatMs: 10_000,
  outputMs: 250,
  claimWaitS: 25,
  retryMs: [500, 60_000],
}

export interface AgentSettings {
  /** The server's origin; whatever an answer says, nothing is sent anywhere else. */
  serverUrl: string
  dataDir: string
  registrationToken?: string | undefined
  name: string
  /** Queues to take jobs from; those of the registration when empty. */
  queues: readonly string[]
  slots: number
  recipesFile: string
  /** The interpreter that `{python}` stands for. */
  python: string
  drain: DrainPolicy
  timings: Timings
  log: AgentLog
}

/** Where things lie below the agent's data folder. All folders are 0700, all files 0600. */
export const places = (dataDir: string) => ({
  identity: path.join(dataDir, 'agent.json'),
  cache: path.join(dataDir, 'cache'),
  jobs: path.join(dataDir, 'jobs'),
  unsent: path.join(dataDir, 'unsent'),
})
