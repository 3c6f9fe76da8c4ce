import type { Context } from '#src/services/context.ts'
import type { OwnCallDeps } from '../own-call.ts'
import { type OwnCall, ownDoor } from './own-door.ts'

/**
 * A `GET` of a page of this server, by the session's cookie: for what a browser fetches by itself, such as links, pictures and frames.
 *
 * @param what for the log, as in "A download failed."
 */
export const ownPageDoor = (
  deps: OwnCallDeps,
  what: string,
  answer: (ctx: Context, call: OwnCall) => Promise<Response>,
) =>
  ownDoor(deps, { what, method: 'GET' }, async (call, requestId) => {
    const { services, hosts, getActor } = deps
    const { headers } = call.req.raw
    hosts.requireOwnPage(call.env?.incoming?.headers ?? Object.fromEntries(headers))
    return answer({ actor: await getActor(headers), requestId, services, db: services.db }, call)
  })
