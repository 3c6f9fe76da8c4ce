import { agentsRouter, jobsRouter } from './agents.ts'
import { benchmarksRouter } from './benchmarks.ts'
import { checkpointsRouter } from './checkpoints.ts'
import { comparisonsRouter } from './comparisons.ts'
import { costRouter } from './cost.ts'
import { decisionsRouter } from './decisions.ts'
import { evaluationsRouter } from './evaluations.ts'
import { examplesRouter } from './examples.ts'
import { experimentsRouter } from './experiments.ts'
import { forgettingRouter } from './forgetting.ts'
import { importsRouter } from './imports.ts'
import { keysRouter } from './keys.ts'
import { lineageRouter } from './lineage.ts'
import { meRouter } from './me.ts'
import { membersRouter } from './members.ts'
import { notesRouter } from './notes.ts'
import { preferencesRouter } from './preferences.ts'
import { probesRouter } from './probes.ts'
import { router } from './procedures.ts'
import { projectsRouter } from './projects.ts'
import { publishRouter } from './publish.ts'
import { runsRouter } from './runs.ts'
import { searchRouter } from './search.ts'
import { sessionsRouter } from './sessions.ts'
import { storageRouter } from './storage.ts'
import { viewsRouter } from './views.ts'
import { workspacesRouter } from './workspaces.ts'

/** What the browser can call; one router file per room. */
export const appRouter = router({
  cost: costRouter,
  benchmarks: benchmarksRouter,
  checkpoints: checkpointsRouter,
  comparisons: comparisonsRouter,
  decisions: decisionsRouter,
  evaluations: evaluationsRouter,
  examples: examplesRouter,
  forgetting: forgettingRouter,
  runs: runsRouter,
  experiments: experimentsRouter,
  lineage: lineageRouter,
  notes: notesRouter,
  preferences: preferencesRouter,
  probes: probesRouter,
  projects: projectsRouter,
  publish: publishRouter,
  agents: agentsRouter,
  jobs: jobsRouter,
  imports: importsRouter,
  keys: keysRouter,
  me: meRouter,
  members: membersRouter,
  search: searchRouter,
  sessions: sessionsRouter,
  storage: storageRouter,
  views: viewsRouter,
  workspaces: workspacesRouter,
})

export type AppRouter = typeof appRouter
