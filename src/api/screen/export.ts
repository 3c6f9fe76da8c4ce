import { ScreenExportQuery } from '#src/protocol/export.ts'
import { exportMetrics } from '#src/services/metrics/export/export-metrics.ts'
import { parseShape } from '../json.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { sendExport } from '../send-export.ts'
import { ownPageDoor } from './own-page.ts'

export const SCREEN_EXPORT_PATH = '/api/screen/export'

/** `GET /api/screen/export`: what `/api/v1/projects/{project}/export/metrics` gives, for links on pages, by the session's cookie. */
export const createScreenExport = (deps: OwnCallDeps) =>
  ownPageDoor(deps, 'An export for a page', async (ctx, call) =>
    sendExport(ctx, await exportMetrics(ctx, parseShape(ScreenExportQuery, call.req.query(), '/query'))),
  )
