import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { readCounted } from '../body.ts'
import { parseJson } from '../json.ts'
import { type OwnCallDeps, requireOwnCall } from '../own-call.ts'
import { ownDoor } from './own-door.ts'

/**
 * A `POST` with JSON from a page of this server, by the session's cookie: questions that are too long for an address. Somebody who is
 * not signed in is told so.
 *
 * @param what for the log, as in "A chart for a page failed."
 */
export const ownQuestionDoor = (
  deps: OwnCallDeps,
  { what, bytesMax }: { what: string; bytesMax: number },
  answer: (ctx: Context, body: unknown, headers: Headers) => Response | Promise<Response>,
) =>
  ownDoor(deps, { what, method: 'POST' }, async (call, requestId) => {
    const { services, hosts, getActor } = deps
    const { headers } = call.req.raw
    requireOwnCall(call.req.raw, hosts, bytesMax)
    const actor = await getActor(headers)
    if (actor.kind !== 'user') throw new Refusal('unauthenticated', 'Sign in: your session has ended or was revoked.')
    const body = await readCounted(call.env?.incoming ?? call.req.raw, bytesMax)
    return answer({ actor, requestId, services, db: services.db }, parseJson(body), headers)
  })
