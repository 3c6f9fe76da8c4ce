/**
 * What the process hands to Next's bundle, which is another module instance and opens no database: one typed object on `globalThis`.
 * Pages reach verbs through it, or through tRPC from the browser.
 */
import type { Actor } from '#src/services/actor.ts'
import type { CookieSettings } from './auth/session.ts'
import type { AppRouter } from './trpc/root.ts'

/** Calls procedures as the visitor of a page; the same names and checks as in the browser. */
export type Caller = ReturnType<AppRouter['createCaller']>

/** Headers of a request, as Next's `await headers()` and `Request.headers` have them. */
export interface HeaderReader {
  get(name: string): string | null
}

export interface Host {
  readonly publicUrl: string
  readonly cookie: CookieSettings
  /** Who visits; anonymous when there is no living session. */
  getActor(headers: HeaderReader): Promise<Actor>
  /** Procedures as that visitor. */
  caller(headers: HeaderReader): Promise<Caller>
  /** Takes a one-time link; null when it is not good. @throws Error when the database is away */
  redeemSignInLink(link: {
    token: string
    userAgent: string | null
    address: string | null
  }): Promise<{ sid: string; userId: number } | null>
  /** Ends the session that a cookie's id names, at sign-out. */
  endSession(sid: string): Promise<void>
}

const NAME = Symbol.for('descent.host')

type Place = { [NAME]?: Host }

const place = (): Place => globalThis as Place

/** Puts the host in its place; called once, by the process. */
export function setHost(host: Host): void {
  place()[NAME] = host
}

/**
 * The host, from anywhere in the process.
 *
 * @throws Error outside a running server, such as while pages are built
 */
export function getHost(): Host {
  const host = place()[NAME]
  if (!host) throw new Error('There is no host in this process: pages are served by src/server/main.ts.')
  return host
}
