import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { OwnCallDeps } from './own-call.ts'
import { createScreenArtifact, SCREEN_ARTIFACT_PATH } from './screen/artifact.ts'
import { createScreenChart, SCREEN_CHART_PATH } from './screen/chart.ts'
import { createScreenCharts, SCREEN_CHARTS_PATH } from './screen/charts.ts'
import { createScreenConsole, SCREEN_CONSOLE_PATH } from './screen/console.ts'
import { createScreenExport, SCREEN_EXPORT_PATH } from './screen/export.ts'
import { createScreenRuns, SCREEN_RUNS_PATH } from './screen/runs.ts'
import { createTrpc } from './trpc/mount.ts'
import { createV1, type DoorDeps } from './v1/app.ts'

/** Paths that never reach Next. What is below them and unknown is 404 here, never handed on. */
const DOORS = ['/api/v1', '/api/trpc', '/api/screen'] as const

/** Does a door serve this path? `path` is without the query. */
export const isDoor = (path: string): boolean => DOORS.some((door) => path === door || path.startsWith(`${door}/`))

/** All machine doors and tRPC in one app, made once with the process's services. */
export function createDoors(deps: DoorDeps & OwnCallDeps): Hono<{ Bindings: Partial<HttpBindings> }> {
  const v1 = createV1(deps)
  const trpc = createTrpc(deps)
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>()
  app.all(SCREEN_CHART_PATH, createScreenChart(deps))
  app.all(SCREEN_CHARTS_PATH, createScreenCharts(deps))
  app.all(SCREEN_EXPORT_PATH, createScreenExport(deps))
  app.all(SCREEN_RUNS_PATH, createScreenRuns(deps))
  app.all(SCREEN_CONSOLE_PATH, createScreenConsole(deps))
  app.all(SCREEN_ARTIFACT_PATH, createScreenArtifact(deps))
  app.all('/api/trpc/*', (call) => trpc.fetch(call.req.raw, call.env))
  app.all('*', (call) => v1.fetch(call.req.raw, call.env))
  return app
}
