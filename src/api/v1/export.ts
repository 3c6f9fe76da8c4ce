import * as z from 'zod'
import { ExportQuery, ProjectExportQuery } from '#src/protocol/export.ts'
import { Slug, Uid } from '#src/protocol/words.ts'
import { exportMetrics } from '#src/services/metrics/export/export-metrics.ts'
import { defineRoute, type Route } from '../define-route.ts'
import { sendExport } from '../send-export.ts'

const answers = {
  200: {
    description:
      'A file: run, run_uid, metric, attempt, step, t (ms), value, and superseded where all attempts were asked for; in this order. X-Thinned-Runs names runs of which raw points are gone.',
  },
} as const

export const exportRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/export/metrics',
    summary: 'Raw points of a project, or of some of its runs, as CSV, JSON lines or Parquet',
    tag: 'Metrics',
    permission: 'metric:read',
    params: z.object({ project: Slug }),
    query: ProjectExportQuery,
    answers,
    handler: async (ctx, { params, query }) => sendExport(ctx, await exportMetrics(ctx, { ...query, ...params })),
  }),
  defineRoute({
    method: 'get',
    path: '/runs/{run}/export/metrics',
    summary: 'Raw points of a run as CSV, JSON lines or Parquet',
    tag: 'Metrics',
    permission: 'metric:read',
    params: z.object({ run: Uid }),
    query: ExportQuery,
    answers,
    handler: async (ctx, { params, query }) => sendExport(ctx, await exportMetrics(ctx, { ...query, ...params })),
  }),
]
