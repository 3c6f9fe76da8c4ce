import type { Route } from '../define-route.ts'
import { agentsRoutes } from './agents.ts'
import { artifactsRoutes } from './artifacts.ts'
import { benchmarksRoutes } from './benchmarks.ts'
import { chartRoutes } from './chart.ts'
import { checkpointsRoutes } from './checkpoints.ts'
import { comparisonsRoutes } from './comparisons.ts'
import { costRoutes } from './cost.ts'
import { decisionsRoutes } from './decisions.ts'
import { evaluationsRoutes } from './evaluations.ts'
import { examplesRoutes } from './examples.ts'
import { experimentsRoutes } from './experiments.ts'
import { exportRoutes } from './export.ts'
import { forgettingRoutes } from './forgetting.ts'
import { importsRoutes } from './imports.ts'
import { jobsRoutes } from './jobs.ts'
import { liveRoutes } from './live.ts'
import { logsRoutes } from './logs.ts'
import { metricsRoutes } from './metrics.ts'
import { notesRoutes } from './notes.ts'
import { pipelinesRoutes } from './pipelines.ts'
import { preferencesRoutes } from './preferences.ts'
import { probesRoutes } from './probes.ts'
import { projectsRoutes } from './projects.ts'
import { publishRoutes } from './publish.ts'
import { runsRoutes } from './runs.ts'
import { viewsRoutes } from './views.ts'

/** Every route of `/api/v1`, resource by resource. A route that is not listed here is not served. */
export const v1Routes: readonly Route[] = [
  ...projectsRoutes,
  ...experimentsRoutes,
  ...runsRoutes,
  ...notesRoutes,
  ...viewsRoutes,
  ...checkpointsRoutes,
  ...artifactsRoutes,
  ...evaluationsRoutes,
  ...preferencesRoutes,
  ...probesRoutes,
  ...costRoutes,
  ...benchmarksRoutes,
  ...importsRoutes,
  ...examplesRoutes,
  ...forgettingRoutes,
  ...publishRoutes,
  ...comparisonsRoutes,
  ...decisionsRoutes,
  ...metricsRoutes,
  ...logsRoutes,
  ...chartRoutes,
  ...liveRoutes,
  ...exportRoutes,
  ...agentsRoutes,
  ...jobsRoutes,
  ...pipelinesRoutes,
]
