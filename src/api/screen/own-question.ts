import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { readCounted } from '../body.ts'
import { parseJson } from '../json.ts'
import { type OwnCallDeps, requireOwnCall } from '../own-call.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'

type Call = HonoContext<{ Bindings: Partial<HttpBindings> }>

/**
 * A `POST` with JSON from a page of this server, by the session's cookie: questions that are too long for an address. Somebody who is
 * not signed in is told so.
 *
 * @param what for the log, as in "A chart for a page failed."
 */
export function ownQuestionDoor(
  { services, hosts, getActor, closed }: OwnCallDeps,
  { what, bytesMax }: { what: string; bytesMax: number },
  answer: (ctx: Context, body: unknown, headers: Headers) => Response | Promise<Response>,
) {
  return async (call: Call): Promise<Response> => {
    const { headers, method } = call.req.raw
    const requestId = requestIdFrom(headers.get('x-request-id'))
    try {
      const shut = closed()
      if (shut) throw shut
      if (method !== 'POST') throw new Refusal('method_not_allowed', `${method} is not served here; POST is.`)
      requireOwnCall(call.req.raw, hosts, bytesMax)
      const actor = await getActor(headers)
      if (actor.kind !== 'user') throw new Refusal('unauthenticated', 'Sign in: your session has ended or was revoked.')
      const body = await readCounted(call.env?.incoming ?? call.req.raw, bytesMax)
      const response = await answer({ actor, requestId, services, db: services.db }, parseJson(body), headers)
      response.headers.set('x-request-id', requestId)
      return response
    } catch (error) {
      const told = tellProblem(error, requestId)
      if (told.unexpected) services.log.error({ err: error, request_id: requestId }, `${what} failed.`)
      return problemResponse(told)
    }
  }
}
