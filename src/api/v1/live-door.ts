import { LiveQuery } from '#src/protocol/live.ts'
import { openLiveView } from '#src/services/live/open-stream.ts'
import { bearerToken } from '../auth/bearer.ts'
import { parseShape } from '../json.ts'
import type { NewsStreams } from '../live/news-streams.ts'
import { createStreamDoor, type StreamDoor } from '../live/stream-door.ts'
import type { DoorDeps } from './app.ts'

/** `GET /api/v1/live`: live news for programs with a key that may read metrics. */
export function createLiveDoor(deps: DoorDeps, streams: NewsStreams): StreamDoor {
  return createStreamDoor(deps, streams, {
    path: '/api/v1/live',
    admit: async (request, query, context) => {
      const actor = await deps.identify(bearerToken(request.headers.authorization, request.url ?? ''))
      return { actor, view: await openLiveView(context(actor), parseShape(LiveQuery, query, '/query')) }
    },
  })
}
