import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import { ScreenExportQuery } from '#src/protocol/export.ts'
import { Refusal } from '#src/services/errors.ts'
import { exportMetrics } from '#src/services/metrics/export/export-metrics.ts'
import { parseShape } from '../json.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
import { sendExport } from '../send-export.ts'

export const SCREEN_EXPORT_PATH = '/api/screen/export'

type Call = HonoContext<{ Bindings: Partial<HttpBindings> }>

/** `GET /api/screen/export`: what `/api/v1/projects/{project}/export/metrics` gives, for links on pages, by the session's cookie. */
export function createScreenExport({ services, hosts, getActor, closed }: OwnCallDeps) {
  return async (call: Call): Promise<Response> => {
    const { headers } = call.req.raw
    const requestId = requestIdFrom(headers.get('x-request-id'))
    try {
      const shut = closed()
      if (shut) throw shut
      if (call.req.method !== 'GET')
        throw new Refusal('method_not_allowed', `${call.req.method} is not served here; GET is.`)
      hosts.requireOwnPage(call.env?.incoming?.headers ?? Object.fromEntries(headers))
      const ctx = { actor: await getActor(headers), requestId, services, db: services.db }
      const answer = sendExport(
        ctx,
        await exportMetrics(ctx, parseShape(ScreenExportQuery, call.req.query(), '/query')),
      )
      answer.headers.set('x-request-id', requestId)
      return answer
    } catch (error) {
      const told = tellProblem(error, requestId)
      if (told.unexpected) services.log.error({ err: error, request_id: requestId }, 'An export for a page failed.')
      return problemResponse(told)
    }
  }
}
