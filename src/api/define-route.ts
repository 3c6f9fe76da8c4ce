import type { z } from 'zod'
import type { Permission } from '../core/roles/permissions.ts'
import type { Context } from '../services/context.ts'

/**
 * How a door knows the caller. `key`: any bearer token (API key, agent, job) → Actor; `registration`: the handler takes the
 * registration token itself; `public`: nobody is needed (a frozen list in a test).
 */
export type RouteAuth = 'key' | 'registration' | 'public'

type Shape = z.ZodType | undefined
type Out<T extends Shape> = T extends z.ZodType ? z.output<T> : undefined

export interface RouteInput<P extends Shape, Q extends Shape, B extends Shape> {
  params: Out<P>
  query: Out<Q>
  body: Out<B>
  /** Headers and, for `body: 'raw'` routes, the counted body. */
  request: Request
  /** The whole body as bytes, counted and unzipped, for routes with `raw: 'bytes'`. */
  bytes(): Promise<Buffer>
  /** The bearer token, for `auth: 'registration'`. */
  bearer: string | null
}

export type RouteAnswer = { status: 200 | 201 | 202 | 204; body?: unknown; headers?: Record<string, string> } | Response

export interface RouteSpec<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below the door's prefix, with `{name}` segments: `/runs/{run}/metrics`. */
  path: string
  summary: string
  tag: string
  auth?: RouteAuth
  /** What the verb will check; null only with auth public or registration. */
  permission: Permission | null
  params?: P
  query?: Q
  /** With `raw` it only documents the JSON form. */
  body?: B
  /** `bytes`: body handed over as a counted Buffer; `stream`: the handler reads `request.body` itself (uploads). */
  raw?: 'bytes' | 'stream'
  /** Content types accepted besides application/json. */
  contentTypes?: readonly string[]
  /** Bytes as sent; 1 MiB when absent. */
  bodyLimit?: number
  /** Creating calls keep their first outcome for 24 h under Idempotency-Key. */
  idempotent?: boolean
  /** Shape per status, for OpenAPI. */
  answers: Partial<Record<200 | 201 | 202 | 204, { description: string; shape?: z.ZodType }>>
  handler: (ctx: Context, input: RouteInput<P, Q, B>) => Promise<RouteAnswer>
}

declare const made: unique symbol

/** A route that went through `defineRoute`; only such ones are mounted. */
export interface Route extends Omit<RouteSpec, 'handler'> {
  readonly [made]: true
  readonly auth: RouteAuth
  readonly handler: (ctx: Context, input: RouteInput<Shape, Shape, Shape>) => Promise<RouteAnswer>
}

const routes = new WeakSet<object>()

/**
 * The only way to make a machine door's route: nothing is mounted without auth and permission.
 *
 * @throws Error when a route that needs a key names no permission
 */
export function defineRoute<P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined>(
  spec: RouteSpec<P, Q, B>,
): Route {
  const auth = spec.auth ?? 'key'
  if (auth === 'key' && !spec.permission) throw new Error(`${spec.method} ${spec.path} names no permission`)
  const route = Object.freeze({ ...spec, auth })
  routes.add(route)
  return asRoute(route)
}

/** The handler is called with inputs that were parsed by the very shapes of its own spec. */
const asRoute = (route: unknown): Route => route as Route

/** True for what `defineRoute` made. */
export const isRoute = (value: object): boolean => routes.has(value)
