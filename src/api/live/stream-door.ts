import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '#src/services/actor.ts'
import type { Context, Services } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import type { LiveView } from '#src/services/live/open-stream.ts'
import { tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
import { problemAnswer, sendAnswer } from '../v1/answer.ts'
import type { NewsStreams } from './news-streams.ts'

export interface StreamDoorDeps {
  services: Services
  /** Why the doors are shut at the moment, or null. */
  closed(): Refusal | null
}

/** Takes a request or leaves it; see `BatchDoor`. */
export type StreamDoor = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId?: string,
  processHeaders?: readonly string[],
) => boolean

interface StreamPlace {
  path: string
  /** Who asks, and what they may hear; called again while the stream lasts. @throws Refusal */
  admit(
    request: IncomingMessage,
    query: Record<string, string>,
    context: (actor: Actor) => Context,
  ): Promise<{ actor: Actor; view: LiveView }>
}

/** A door to event streams on one path, as a plain request function in front of router and pages. */
export function createStreamDoor(deps: StreamDoorDeps, streams: NewsStreams, place: StreamPlace): StreamDoor {
  return (request, response, requestId = requestIdFrom(request.headers['x-request-id']), processHeaders = []) => {
    const { url = '' } = request
    if (!url.startsWith(place.path) || (url.length > place.path.length && url[place.path.length] !== '?')) return false
    for (let i = 0; i + 1 < processHeaders.length; i += 2)
      response.setHeader(processHeaders[i] as string, processHeaders[i + 1] as string)
    response.setHeader('x-request-id', requestId)
    void serve(deps, streams, place, { request, response, requestId })
    return true
  }
}

async function serve(
  deps: StreamDoorDeps,
  streams: NewsStreams,
  place: StreamPlace,
  call: { request: IncomingMessage; response: ServerResponse; requestId: string },
): Promise<void> {
  const { request, response, requestId } = call
  const { services } = deps
  const context = (actor: Actor): Context => ({ actor, requestId, services, db: services.db })
  try {
    const refuseClosed = () => {
      const closed = deps.closed()
      if (closed) throw closed
    }
    refuseClosed()
    if (request.method !== 'GET')
      throw new Refusal('method_not_allowed', `${request.method} is not served here; GET is.`)
    const query = Object.fromEntries(new URLSearchParams((request.url ?? '').slice(place.path.length + 1)))
    await streams.open({
      request,
      response,
      admit: async () => {
        const admitted = await place.admit(request, query, context)
        // Doors that shut meanwhile have said goodbye to the streams that were there.
        if (!response.headersSent) refuseClosed()
        return admitted
      },
    })
  } catch (error) {
    const told = tellProblem(error, requestId)
    const fields = { request_id: requestId, method: request.method, route: `GET ${place.path}`, status: told.status }
    if (told.unexpected) services.log.error({ ...fields, err: error }, 'A request failed.')
    else services.log.info({ ...fields, code: told.body.code }, 'A request was refused.')
    if (response.destroyed || response.headersSent) return
    sendAnswer(problemAnswer(told), told.status === 405 ? { allow: 'GET' } : {}, response)
    request.resume()
  }
}
