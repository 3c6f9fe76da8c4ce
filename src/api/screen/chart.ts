import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import { ChartQuery } from '#src/protocol/chart.ts'
import { Slug } from '#src/protocol/words.ts'
import type { Actor } from '#src/services/actor.ts'
import type { Services } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { openChart } from '#src/services/metrics/read-chart.ts'
import type { AllowedHosts } from '../allowed-hosts.ts'
import { acceptedEncoding, readCounted, refuseAnnouncedLength } from '../body.ts'
import type { HeaderReader } from '../host.ts'
import { parseJson, parseShape } from '../json.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
import { sendChart } from '../send-chart.ts'

export interface ScreenChartDeps {
  services: Services
  hosts: AllowedHosts
  getActor(headers: HeaderReader): Promise<Actor>
  closed(): Refusal | null
}

export const SCREEN_CHART_PATH = '/api/screen/chart'

const BODY_BYTES_MAX = 256 * 1024
const ScreenChart = ChartQuery.extend({ workspace: Slug })

type Call = HonoContext<{ Bindings: Partial<HttpBindings> }>

/**
 * `POST /api/screen/chart`: what `/api/v1/chart` gives, for pages of this server, by the session's cookie. Somebody who is not signed
 * in, or may not read the project's metrics, is told what the verb tells.
 */
export function createScreenChart({ services, hosts, getActor, closed }: ScreenChartDeps) {
  return async (call: Call): Promise<Response> => {
    const { headers, method } = call.req.raw
    const requestId = requestIdFrom(headers.get('x-request-id'))
    try {
      const shut = closed()
      if (shut) throw shut
      if (method !== 'POST') throw new Refusal('method_not_allowed', `${method} is not served here; POST is.`)
      hosts.requireOwnOrigin({
        method,
        host: headers.get('host') ?? undefined,
        origin: headers.get('origin'),
        fetchSite: headers.get('sec-fetch-site'),
      })
      const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
      if (type !== 'application/json')
        throw new Refusal('unsupported_media', `Content-Type is "${type ?? ''}"; this takes application/json.`)
      if (acceptedEncoding(headers.get('content-encoding')) !== 'identity')
        throw new Refusal('unsupported_media', 'Calls of the browser are sent without Content-Encoding.')
      refuseAnnouncedLength(headers.get('content-length'), BODY_BYTES_MAX)
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
