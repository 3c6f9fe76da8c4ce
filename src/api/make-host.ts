import { randomUUID } from 'node:crypto'
import type { Actor } from '#src/services/actor.ts'
import { endSession } from '#src/services/auth/end-session.ts'
import { findSessionActor } from '#src/services/auth/find-session-actor.ts'
import { redeemSignInLink } from '#src/services/auth/redeem-sign-in-link.ts'
import type { Context, Services } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { type CookieSettings, readSessionId } from './auth/session.ts'
import type { HeaderReader, Host } from './host.ts'
import { requestIdFrom } from './request-id.ts'
import { createCaller } from './trpc/procedures.ts'
import { appRouter } from './trpc/root.ts'

export interface HostParts {
  services: Services
  cookie: CookieSettings
  /** What is kept of a client's address. */
  addressPrefix(address: string | null): string | null
}

/** Makes what the process hands to Next's bundle. */
export function makeHost({ services, cookie, addressPrefix }: HostParts): Host {
  const context = (actor: Actor, requestId: string = randomUUID()): Context => ({
    actor,
    requestId,
    services,
    db: services.db,
  })
  const getActor = async (headers: HeaderReader) =>
    await findSessionActor(services.db, await readSessionId(headers.get('cookie'), cookie))
  const call = createCaller(appRouter)
  return {
    publicUrl: services.settings.publicUrl,
    cookie,
    getActor,
    caller: async (headers) => call(context(await getActor(headers), requestIdFrom(headers.get('x-request-id')))),
    redeemSignInLink: async ({ token, userAgent, address }) => {
      try {
        return await redeemSignInLink(context({ kind: 'anonymous' }), {
          token,
          userAgent,
          addressPrefix: addressPrefix(address),
        })
      } catch (error) {
        if (error instanceof Refusal && error.code === 'unauthenticated') return null
        throw error
      }
    },
    endSession: (sid) => endSession(context({ kind: 'anonymous' }), sid),
  }
}
