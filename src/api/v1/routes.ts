import type { Route } from '../define-route.ts'
import { agentsRoutes } from './agents.ts'
import { jobsRoutes } from './jobs.ts'

/** Every route of `/api/v1`, resource by resource. A route that is not listed here is not served. */
export const v1Routes: readonly Route[] = [...agentsRoutes, ...jobsRoutes]
