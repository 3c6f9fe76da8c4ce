import { agentsRouter, jobsRouter } from './agents.ts'
import { keysRouter } from './keys.ts'
import { meRouter } from './me.ts'
import { membersRouter } from './members.ts'
import { router } from './procedures.ts'
import { sessionsRouter } from './sessions.ts'
import { workspacesRouter } from './workspaces.ts'

/** What the browser can call; one router file per room. */
export const appRouter = router({
  agents: agentsRouter,
  jobs: jobsRouter,
  keys: keysRouter,
  me: meRouter,
  members: membersRouter,
  sessions: sessionsRouter,
  workspaces: workspacesRouter,
})

export type AppRouter = typeof appRouter
