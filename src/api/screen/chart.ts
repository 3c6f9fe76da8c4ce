import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import { ChartQuery } from '#src/protocol/chart.ts'
import { Slug } from '#src/protocol/words.ts'
import { Refusal } from '#src/services/errors.ts'
import { openChart } from '#src/services/metrics/read-chart.ts'
import { readCounted } from '../body.ts'
import { parseJson, parseShape } from '../json.ts'
import { type OwnCallDeps, requireOwnCall } from '../own-call.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
import { sendChart } from '../send-chart.ts'

export const SCREEN_CHART_PATH = '/api/screen/chart'

const BODY_BYTES_MAX = 256 * 1024
const ScreenChart = ChartQuery.extend({ workspace: Slug })

type Call = HonoContext<{ Bindings: Partial<HttpBindings> }>

/**
 * `POST /api/screen/chart`: what `/api/v1/chart` gives, for pages of this server, by the session's cookie. Somebody who is not signed
 * in, or may not read the project's metrics, is told what the verb tells.
 */
export function createScreenChart({ services, hosts, getActor, closed }: OwnCallDeps) {
  return async (call: Call): Promise<Response> => {
    const { headers, method } = call.req.raw
    const requestId = requestIdFrom(headers.get('x-request-id'))
    try {
      const shut = closed()
      if (shut) throw shut
      if (method !== 'POST') throw new Refusal('method_not_allowed', `${method} is not served here; POST is.`)
      requireOwnCall(call.req.raw, hosts, BODY_BYTES_MAX)
      const actor = await getActor(headers)
      if (actor.kind !== 'user') throw new Refusal('unauthenticated', 'Sign in: your session has ended or was revoked.')
      const body = await readCounted(call.env?.incoming ?? call.req.raw, BODY_BYTES_MAX)
      const ctx = { actor, requestId, services, db: services.db }
      const answer = await sendChart(await openChart(ctx, parseShape(ScreenChart, parseJson(body))), {
        accept: headers.get('accept'),
        ifNoneMatch: headers.get('if-none-match'),
      })
      answer.headers.set('x-request-id', requestId)
      return answer
    } catch (error) {
      const told = tellProblem(error, requestId)
      if (told.unexpected) services.log.error({ err: error, request_id: requestId }, 'A chart for a page failed.')
      return problemResponse(told)
    }
  }
}
