import { ScreenRunsFileQuery } from '#src/protocol/runs-table.ts'
import { exportRunsTable } from '#src/services/runs/table-file.ts'
import { parseShape } from '../json.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { sendRunsFile } from '../send-runs-file.ts'
import { ownPageDoor } from './own-page.ts'

export const SCREEN_RUNS_PATH = '/api/screen/runs'

/** `GET /api/screen/runs`: what `/api/v1/projects/{project}/export/runs` gives, for links on pages, by the session's cookie. */
export const createScreenRuns = (deps: OwnCallDeps) =>
  ownPageDoor(deps, 'A table for a page', async (ctx, call) =>
    sendRunsFile(ctx, await exportRunsTable(ctx, parseShape(ScreenRunsFileQuery, call.req.query(), '/query'))),
  )
