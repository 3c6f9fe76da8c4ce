import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'

type Call = HonoContext<{ Bindings: Partial<HttpBindings> }>

/**
 * A `GET` of a page of this server, by the session's cookie: for what a browser fetches by itself, such as links, pictures and frames.
 *
 * @param what for the log, as in "A download failed."
 */
export function ownPageDoor(
  { services, hosts, getActor, closed }: OwnCallDeps,
  what: string,
  answer: (ctx: Context, call: Call) => Promise<Response>,
) {
  return async (call: Call): Promise<Response> => {
    const { headers } = call.req.raw
    const requestId = requestIdFrom(headers.get('x-request-id'))
    try {
      const shut = closed()
      if (shut) throw shut
      if (call.req.method !== 'GET')
        throw new Refusal('method_not_allowed', `${call.req.method} is not served here; GET is.`)
      hosts.requireOwnPage(call.env?.incoming?.headers ?? Object.fromEntries(headers))
      const response = await answer({ actor: await getActor(headers), requestId, services, db: services.db }, call)
      response.headers.set('x-request-id', requestId)
      return response
    } catch (error) {
      const told = tellProblem(error, requestId)
      if (told.unexpected) services.log.error({ err: error, request_id: requestId }, `${what} failed.`)
      return problemResponse(told)
    }
  }
}
