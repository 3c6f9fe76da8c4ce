/**
 * The native door. Every route goes through one pipeline, in this order: host (the process) → method → content type → content length →
 * caller → counted body → expansion → shape → verb. Refusals of any of them are problem documents.
 */
import type { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { PROTOCOL_VERSION } from '#src/protocol/words.ts'
import { type Actor, actorName } from '#src/services/actor.ts'
import type { Context, Services } from '#src/services/context.ts'
import { invariant, Refusal } from '#src/services/errors.ts'
import { bearerToken } from '../auth/bearer.ts'
import { acceptedEncoding, expandGzip, readCounted, refuseAnnouncedLength } from '../body.ts'
import { isRoute, type Route } from '../define-route.ts'
import { parseJson, parseShape } from '../json.ts'
import { tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
import { problemAnswer, sendAnswer, type TextAnswer, toAnswer } from './answer.ts'
import { readDocsPage } from './docs.ts'
import { answerOnce } from './idempotency.ts'
import { describeRoutes } from './openapi.ts'
import { v1Routes } from './routes.ts'

export interface DoorDeps {
  services: Services
  /** The caller behind a bearer token. @throws Refusal `unauthenticated` */
  identify(token: string | null): Promise<Actor>
  /** Why the doors are shut at the moment, or null. */
  closed(): Refusal | null
  /** Takes a line for each answered request; absent where nobody reads them. */
  trace?: (fields: object, sentence: string) => void
}

export const V1_PREFIX = '/api/v1'

/** Bytes of a body where the route does not say otherwise. */
export const BODY_BYTES_DEFAULT = 1024 * 1024

type Env = { Bindings: Partial<HttpBindings> }
type Call = HonoContext<Env>

/**
 * Mounts routes under `/api/v1`, with the OpenAPI document and the readable page.
 *
 * @throws Error for a route that `defineRoute` did not make
 */
export function createV1(deps: DoorDeps, routes: readonly Route[] = v1Routes): OpenAPIHono<Env> {
  const app = new OpenAPIHono<Env>({ strict: true })
  for (const route of routes) {
    invariant(isRoute(route), `${route.method} ${route.path} was made by defineRoute`)
    app.on(route.method.toUpperCase(), V1_PREFIX + honoPath(route.path), (call) => serve(deps, route, call))
  }
  const description = describeRoutes(app, routes)
  app.get(`${V1_PREFIX}/openapi.json`, (call) =>
    call.json(description(), 200, { 'cache-control': 'private, no-cache' }),
  )
  app.get(`${V1_PREFIX}/docs`, (call) => readDocsPage(call.env?.incoming?.headers['x-nonce'], routes))

  const methods = new Map<string, Set<string>>()
  for (const { path, method } of routes) {
    const pattern = honoPath(path)
    methods.set(pattern, (methods.get(pattern) ?? new Set()).add(method.toUpperCase()))
  }
  for (const [pattern, allowed] of methods)
    app.all(V1_PREFIX + pattern, (call) => {
      const allow = [...allowed].join(', ')
      return refuse(deps, call, wrongMethod(call.req.method, allow), { headers: { allow } })
    })
  app.notFound((call) =>
    refuse(
      deps,
      call,
      new Refusal('not_found', `There is no ${call.req.path}. ${V1_PREFIX}/docs lists what there is.`),
    ),
  )
  app.onError((error, call) => refuse(deps, call, error))
  return app
}

const SEGMENT = /\{([a-z_]+)\}/g

/**
 * `/runs/{run}` as hono writes it. Segments are named by their place: its fast router takes one name per place, and two routes may name
 * one place differently.
 */
function honoPath(path: string): string {
  let place = 0
  return path.replaceAll(SEGMENT, () => `:p${place++}`)
}

/** The segments of a path by the names of its route. */
function segmentsOf(route: Route, call: Call): Record<string, string> {
  const names = [...route.path.matchAll(SEGMENT)].map(([, name]) => name ?? '')
  return Object.fromEntries(names.map((name, place) => [name, call.req.param(`p${place}`) ?? '']))
}

const wrongMethod = (method: string, allow: string) =>
  new Refusal('method_not_allowed', `${method} is not served here; ${allow} is.`)

async function serve(deps: DoorDeps, route: Route, call: Call): Promise<Response> {
  const startedAt = performance.now()
  const requestId = idOf(call)
  let actor: Actor = { kind: 'anonymous' }
  let answer: TextAnswer | Response
  try {
    refuseOldProtocol(headerOf(call, 'x-descent-protocol'))
    const closed = deps.closed()
    if (closed) throw closed
    refuseContent(route, call)
    const bearer =
      route.auth === 'public'
        ? null
        : bearerToken(headerOf(call, 'authorization'), call.env?.incoming?.url ?? call.req.url)
    if (route.auth === 'key') actor = await deps.identify(bearer)
    const { services } = deps
    const ctx: Context = { actor, requestId, services, db: services.db }
    answer = await handle(ctx, route, call, bearer)
  } catch (error) {
    return refuse(deps, call, error, { route, actor })
  }
  deps.trace?.(
    {
      request_id: requestId,
      route: routeName(route),
      status: answer.status,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      actor: actorName(actor),
    },
    'A request was served.',
  )
  return sendAnswer(answer, standing(requestId), outgoingOf(call))
}

async function handle(ctx: Context, route: Route, call: Call, bearer: string | null): Promise<TextAnswer | Response> {
  const params = route.params ? parseShape(route.params, segmentsOf(route, call), '/path') : undefined
  const query = route.query ? parseShape(route.query, call.req.query(), '/query') : undefined
  let bytes: Buffer | null = null
  const readBytes = async () => {
    bytes ??= await readBody(route, call)
    return bytes
  }
  const body = route.body && !route.raw ? parseShape(route.body, await readJson(route, await readBytes())) : undefined
  if (route.raw === 'bytes') await readBytes()
  const work = () => route.handler(ctx, { params, query, body, request: call.req.raw, bytes: readBytes, bearer })
  const key = route.idempotent ? headerOf(call, 'idempotency-key') : undefined
  // Reads carry a tag, so that a screen or a script that polls gets 304 while nothing has changed.
  const ifNoneMatch = route.method === 'get' ? (headerOf(call, 'if-none-match') ?? '') : null
  if (key === undefined) return toAnswer(await work(), ifNoneMatch)
  return answerOnce(
    ctx,
    { route: `${route.method} ${call.req.path}`, key, bodyHash: sha256(await readBytes()) },
    async () => toAnswer(await work(), null),
  )
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function readJson(route: Route, bytes: Buffer): Promise<unknown> {
  // A body of nothing but optional members may be left out.
  if (bytes.length === 0 && route.body?.safeParse({}).success) return {}
  return parseJson(bytes)
}

async function readBody(route: Route, call: Call): Promise<Buffer> {
  const limit = route.bodyLimit ?? BODY_BYTES_DEFAULT
  const source: IncomingMessage | Request = call.env?.incoming ?? call.req.raw
  const sent = await readCounted(source, limit)
  return acceptedEncoding(headerOf(call, 'content-encoding')) === 'gzip' ? await expandGzip(sent) : sent
}

/** The headers that every answer of this door carries. */
const standing = (requestId: string) => ({
  'x-request-id': requestId,
  'x-descent-protocol': String(PROTOCOL_VERSION),
  'cache-control': 'private, no-cache',
})

/** Node's own headers where there are some: hono would build a `Headers` object first. */
function headerOf(call: Call, name: string): string | undefined {
  const value = call.env?.incoming ? call.env.incoming.headers[name] : call.req.header(name)
  return typeof value === 'string' ? value : undefined
}

function outgoingOf(call: Call): ServerResponse | undefined {
  const outgoing = call.env?.outgoing
  return outgoing instanceof ServerResponse ? outgoing : undefined
}

interface RefusedCall {
  route?: Route
  actor?: Actor
  headers?: Record<string, string>
}

function refuse(
  deps: DoorDeps,
  call: Call,
  error: unknown,
  { route, actor, headers = {} }: RefusedCall = {},
): Response {
  const requestId = idOf(call)
  const told = tellProblem(error, requestId)
  const fields = {
    request_id: requestId,
    method: call.req.method,
    route: route ? routeName(route) : null,
    status: told.status,
    code: told.body.code,
    actor: actor ? actorName(actor) : null,
  }
  if (told.unexpected) deps.services.log.error({ ...fields, err: error }, 'A request failed.')
  else deps.services.log.info(fields, 'A request was refused.')
  return sendAnswer(problemAnswer(told), { ...standing(requestId), ...headers }, outgoingOf(call))
}

const routeName = (route: Route) => `${route.method.toUpperCase()} ${V1_PREFIX}${route.path}`

const idOf = (call: Call) => requestIdFrom(headerOf(call, 'x-request-id'))

function refuseOldProtocol(sent: string | undefined): void {
  if (sent === undefined) return
  const version = Number(sent)
  const min = Math.max(1, PROTOCOL_VERSION - 1)
  if (!Number.isInteger(version) || version < min)
    throw new Refusal(
      'protocol_too_old',
      `The client speaks protocol "${sent.slice(0, 20)}"; this server speaks ${min} to ${PROTOCOL_VERSION}. Upgrade the client; what it has spooled is not lost.`,
      { min, max: PROTOCOL_VERSION },
    )
}

/** Content type, encoding and announced length, before anything is read. */
function refuseContent(route: Route, call: Call): void {
  const type = headerOf(call, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  const length = headerOf(call, 'content-length')
  const hasBody = call.env?.incoming
    ? (length !== undefined && length !== '0') || headerOf(call, 'transfer-encoding') !== undefined
    : call.req.raw.body !== null
  if (!hasBody) return
  const takes = route.raw || route.body ? ['application/json', ...(route.contentTypes ?? [])] : []
  if (takes.length === 0 && route.method === 'get') throw new Refusal('invalid_request', 'A GET takes no body.')
  const accepted = takes.length === 0 ? ['application/json'] : takes
  if (type === undefined || !accepted.includes(type))
    throw new Refusal(
      'unsupported_media',
      `Content-Type is ${type === undefined ? 'missing' : `"${type.slice(0, 80)}"`}; this takes ${accepted.join(' or ')}.`,
    )
  const encoding = acceptedEncoding(headerOf(call, 'content-encoding'))
  if (encoding !== 'identity' && route.raw === 'stream')
    throw new Refusal('unsupported_media', 'Parts of files are sent as they are, without Content-Encoding.')
  refuseAnnouncedLength(length, route.bodyLimit ?? BODY_BYTES_DEFAULT)
}
