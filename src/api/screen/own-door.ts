import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import { Refusal } from '#src/services/errors.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'

export type OwnCall = HonoContext<{ Bindings: Partial<HttpBindings> }>

/**
 * A door for pages of this server: it may be shut, serves one method, and gives each answer the id of its request. What goes wrong is told
 * as a problem; what nobody expected goes to the log whole.
 *
 * @param what for the log, as in "A download failed."
 */
export function ownDoor(
  { services, closed }: Pick<OwnCallDeps, 'services' | 'closed'>,
  { what, method }: { what: string; method: 'GET' | 'POST' },
  answer: (call: OwnCall, requestId: string) => Promise<Response>,
) {
  return async (call: OwnCall): Promise<Response> => {
    const requestId = requestIdFrom(call.req.raw.headers.get('x-request-id'))
    try {
      const shut = closed()
      if (shut) throw shut
      const asked = call.req.method
      if (asked !== method) throw new Refusal('method_not_allowed', `${asked} is not served here; ${method} is.`)
      const response = await answer(call, requestId)
      response.headers.set('x-request-id', requestId)
      return response
    } catch (error) {
      const told = tellProblem(error, requestId)
      if (told.unexpected) services.log.error({ err: error, request_id: requestId }, `${what} failed.`)
      return problemResponse(told)
    }
  }
}
