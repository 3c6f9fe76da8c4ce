import type { Route } from '../define-route.ts'
import { agentsRoutes } from './agents.ts'
import { chartRoutes } from './chart.ts'
import { jobsRoutes } from './jobs.ts'
import { logsRoutes } from './logs.ts'
import { metricsRoutes } from './metrics.ts'

/** Every route of `/api/v1`, resource by resource. A route that is not listed here is not served. */
export const v1Routes: readonly Route[] = [
  ...metricsRoutes,
  ...logsRoutes,
  ...chartRoutes,
  ...agentsRoutes,
  ...jobsRoutes,
]
