import * as z from 'zod'
import { Slug } from '#src/protocol/words.ts'
import { downloadConsole } from '#src/services/console/download-console.ts'
import { parseShape } from '../json.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { sendConsole } from '../send-console.ts'
import { ownPageDoor } from './own-page.ts'

export const SCREEN_CONSOLE_PATH = '/api/screen/console'

const ScreenConsole = z.object({ workspace: Slug, project: Slug, run: z.coerce.number().int().min(1) })

/** `GET /api/screen/console`: what `/api/v1/runs/{run}/logs/text` gives, for links on pages. */
export const createScreenConsole = (deps: OwnCallDeps) =>
  ownPageDoor(deps, 'The console for a page', async (ctx, call) =>
    sendConsole(ctx, await downloadConsole(ctx, parseShape(ScreenConsole, call.req.query(), '/query'))),
  )
