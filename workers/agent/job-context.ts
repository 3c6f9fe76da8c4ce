import type { Recipe } from './recipes.ts'
import type { Server } from './server.ts'
import type { AgentSettings } from './settings.ts'
import type { Session } from './token.ts'

/** What all jobs of an agent share. */
export interface JobContext {
  settings: AgentSettings
  server: Server
  session: Session
  recipes: ReadonlyMap<string, Recipe>
  /** The node's name in metric keys. */
  node: string
  /** Threads of a job: the cores of a slot. */
  threads: number
  /** Uuids of the GPUs that the job may use. */
  devices: readonly string[]
}
