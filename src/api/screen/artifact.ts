import * as z from 'zod'
import { Uid } from '#src/protocol/words.ts'
import { readArtifact } from '#src/services/artifacts/read.ts'
import { parseShape } from '../json.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { sendFile } from '../send-file.ts'
import { sendFramedPage } from '../send-framed-page.ts'
import { ownPageDoor } from './own-page.ts'

export const SCREEN_ARTIFACT_PATH = '/api/screen/artifact'

const ScreenArtifact = z.object({
  id: Uid,
  /** `page`: HTML to be shown in a frame; `program`: the same, and its scripts run. */
  as: z.enum(['file', 'page', 'program']).default('file'),
})

/** `GET /api/screen/artifact`: what `/api/v1/artifacts/{artifact}/content` gives, for pictures, players, links and frames of pages. */
export const createScreenArtifact = (deps: OwnCallDeps) =>
  ownPageDoor(deps, 'An artifact for a page', async (ctx, call) => {
    const query = parseShape(ScreenArtifact, call.req.query(), '/query')
    const file = await readArtifact(ctx, { artifact: query.id })
    return query.as === 'file' ? sendFile(file, call.req.raw) : sendFramedPage(file, query.as === 'program')
  })
