import { LiveQuery } from '#src/protocol/live.ts'
import { Refusal } from '#src/services/errors.ts'
import { defineRoute, type Route } from '../define-route.ts'

/** The description of the streams that `live-door.ts` serves in front of this router: a router's answers are read to their end. */
export const liveRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/live',
    summary: 'An event stream that says which runs advanced, four times a second at most',
    tag: 'Metrics',
    permission: 'metric:read',
    query: LiveQuery,
    answers: {
      200: {
        description:
          'text/event-stream. `news`: {"runs": [{"run", "last_step", "at", "what"}], "more"}, where what is points, console, state or progress; ask for their data as ever. `gap`: something may have been missed, ask for everything anew. `end`: {"code"}, the right to listen has ended. `bye`: the server ends.',
      },
    },
    handler: async () => {
      throw new Refusal('unavailable', 'This process serves no event streams.')
    },
  }),
]
