import { LiveQuery } from '#src/protocol/live.ts'
import { Slug } from '#src/protocol/words.ts'
import type { Actor } from '#src/services/actor.ts'
import { openLiveView } from '#src/services/live/open-stream.ts'
import type { AllowedHosts } from '../allowed-hosts.ts'
import type { HeaderReader } from '../host.ts'
import { parseShape } from '../json.ts'
import type { NewsStreams } from '../live/news-streams.ts'
import { createStreamDoor, type StreamDoor, type StreamDoorDeps } from '../live/stream-door.ts'

export interface ScreenDeps extends StreamDoorDeps {
  hosts: AllowedHosts
  getActor(headers: HeaderReader): Promise<Actor>
}

const ScreenQuery = LiveQuery.extend({ workspace: Slug })

/** `GET /api/screen/live`: live news for pages of this server, by the session's cookie. */
export function createScreenLive(deps: ScreenDeps, streams: NewsStreams): StreamDoor {
  return createStreamDoor(deps, streams, {
    path: '/api/screen/live',
    admit: async (request, query, context) => {
      deps.hosts.requireOwnPage(request.headers)
      const actor = await deps.getActor({ get: (name) => headerText(request.headers[name]) })
      return { actor, view: await openLiveView(context(actor), parseShape(ScreenQuery, query, '/query')) }
    },
  })
}

const headerText = (value: string | string[] | undefined): string | null => (typeof value === 'string' ? value : null)
