import { ChartQuery } from '#src/protocol/chart.ts'
import { Slug } from '#src/protocol/words.ts'
import { openChart } from '#src/services/metrics/read-chart.ts'
import { parseShape } from '../json.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { sendChart } from '../send-chart.ts'
import { ownQuestionDoor } from './own-question.ts'

export const SCREEN_CHART_PATH = '/api/screen/chart'

const BODY_BYTES_MAX = 256 * 1024
const ScreenChart = ChartQuery.extend({ workspace: Slug })

/**
 * `POST /api/screen/chart`: what `/api/v1/chart` gives, for pages of this server, by the session's cookie. Somebody who is not signed
 * in, or may not read the project's metrics, is told what the verb tells.
 */
export const createScreenChart = (deps: OwnCallDeps) =>
  ownQuestionDoor(deps, { what: 'A chart for a page', bytesMax: BODY_BYTES_MAX }, async (ctx, body, headers) =>
    sendChart(await openChart(ctx, parseShape(ScreenChart, body)), {
      accept: headers.get('accept'),
      ifNoneMatch: headers.get('if-none-match'),
    }),
  )
