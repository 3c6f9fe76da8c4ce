/**
 * The native door. Every route goes through one pipeline, in this order: host (the process) → method → content type → content length →
 * caller → counted body → expansion → shape → verb. Refusals of any of them are problem documents.
 */
import type { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { PROTOCOL_VERSION } from '#src/protocol/words.ts'
import { type Actor, actorName } from '#src/services/actor.ts'
import type { Context, Services } from '#src/services/context.ts'
import { invariant, Refusal } from '#src/services/errors.ts'
import { bearerToken } from '../auth/bearer.ts'
import { acceptedEncoding, expandGzip, readCounted, refuseAnnouncedLength } from '../body.ts'
import { isRoute, type Route, type RouteAnswer } from '../define-route.ts'
import { etagOf, isMatch } from '../etag.ts'
import { parseJson, parseShape } from '../json.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
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
  for (const { path, method } of routes) methods.set(path, (methods.get(path) ?? new Set()).add(method.toUpperCase()))
  for (const [path, allowed] of methods)
    app.all(V1_PREFIX + honoPath(path), (call) => {
      const allow = [...allowed].join(', ')
      const answer = refuse(deps, call, wrongMethod(call.req.method, allow))
      answer.headers.set('allow', allow)
      return answer
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

/** `/runs/{run}` as hono writes it. */
const honoPath = (path: string) => path.replaceAll(/\{([a-z_]+)\}/g, ':$1')

const wrongMethod = (method: string, allow: string) =>
  new Refusal('method_not_allowed', `${method} is not served here; ${allow} is.`)

async function serve(deps: DoorDeps, route: Route, call: Call): Promise<Response> {
  const startedAt = performance.now()
  const requestId = idOf(call)
  let actor: Actor = { kind: 'anonymous' }
  let answer: Response
  try {
    refuseOldProtocol(call.req.header('x-descent-protocol'))
    const closed = deps.closed()
    if (closed) throw closed
    refuseContent(route, call)
    const bearer = route.auth === 'public' ? null : bearerToken(call.req.raw.headers, call.req.url)
    if (route.auth === 'key') actor = await deps.identify(bearer)
    const { services } = deps
    const ctx: Context = { actor, requestId, services, db: services.db }
    answer = await handle(ctx, route, call, bearer)
  } catch (error) {
    return refuse(deps, call, error, route, actor)
  }
  finish(answer, requestId)
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
  return answer
}

async function handle(ctx: Context, route: Route, call: Call, bearer: string | null): Promise<Response> {
  const params = route.params ? parseShape(route.params, call.req.param(), '/path') : undefined
  const query = route.query ? parseShape(route.query, call.req.query(), '/query') : undefined
  let bytes: Buffer | null = null
  const readBytes = async () => {
    bytes ??= await readBody(route, call)
    return bytes
  }
  const body = route.body && !route.raw ? parseShape(route.body, await readJson(route, await readBytes())) : undefined
  if (route.raw === 'bytes') await readBytes()
  const work = () => route.handler(ctx, { params, query, body, request: call.req.raw, bytes: readBytes, bearer })
  const key = route.idempotent ? call.req.header('idempotency-key') : undefined
  // Reads carry a tag, so that a screen or a script that polls gets 304 while nothing has changed.
  const ifNoneMatch = route.method === 'get' ? (call.req.header('if-none-match') ?? '') : null
  if (key === undefined) return toResponse(await work(), ifNoneMatch)
  return answerOnce(
    ctx,
    { route: `${route.method} ${call.req.path}`, key, bodyHash: sha256(await readBytes()) },
    async () => toResponse(await work(), null),
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
  return acceptedEncoding(call.req.header('content-encoding')) === 'gzip' ? await expandGzip(sent) : sent
}

function toResponse(answer: RouteAnswer, ifNoneMatch: string | null): Response {
  if (answer instanceof Response) return answer
  const headers = new Headers(answer.headers)
  if (answer.status === 204 || answer.body === undefined) return new Response(null, { status: answer.status, headers })
  const text = JSON.stringify(answer.body)
  if (ifNoneMatch !== null) {
    const etag = headers.get('etag') ?? etagOf(text)
    headers.set('etag', etag)
    if (isMatch(ifNoneMatch, etag)) return new Response(null, { status: 304, headers })
  }
  headers.set('content-type', 'application/json')
  return new Response(text, { status: answer.status, headers })
}

/** The headers that every answer of this door carries. */
function finish(answer: Response, requestId: string): void {
  answer.headers.set('x-request-id', requestId)
  answer.headers.set('x-descent-protocol', String(PROTOCOL_VERSION))
  if (!answer.headers.has('cache-control')) answer.headers.set('cache-control', 'private, no-cache')
}

function refuse(deps: DoorDeps, call: Call, error: unknown, route?: Route, actor?: Actor): Response {
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
  const answer = problemResponse(told)
  finish(answer, requestId)
  return answer
}

const routeName = (route: Route) => `${route.method.toUpperCase()} ${V1_PREFIX}${route.path}`

const idOf = (call: Call) =>
  requestIdFrom(call.env?.incoming?.headers['x-request-id'] ?? call.req.header('x-request-id'))

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
  const type = call.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  const length = call.req.header('content-length')
  const hasBody = call.env?.incoming
    ? (length !== undefined && length !== '0') || call.req.header('transfer-encoding') !== undefined
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
  const encoding = acceptedEncoding(call.req.header('content-encoding'))
  if (encoding !== 'identity' && route.raw === 'stream')
    throw new Refusal('unsupported_media', 'Parts of files are sent as they are, without Content-Encoding.')
  refuseAnnouncedLength(length, route.bodyLimit ?? BODY_BYTES_DEFAULT)
}
