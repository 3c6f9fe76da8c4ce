import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { AllowedHosts } from '#src/api/allowed-hosts.ts'
import { isDoor } from '#src/api/doors.ts'
import type { StreamDoor } from '#src/api/live/stream-door.ts'
import { tellProblem } from '#src/api/problem.ts'
import { requestIdFrom } from '#src/api/request-id.ts'
import type { BatchDoor } from '#src/api/v1/batch-door.ts'
import type { Settings } from '#src/env.ts'
import type { Log } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { clientAddress } from './client-address.ts'
import { keepDeadlines } from './deadline.ts'
import type { Health } from './health.ts'
import { contentSecurityPolicy, makeNonce, securityHeaders, setHeaders } from './security-headers.ts'

/** Next's handler, or whatever serves pages. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** What requests are handed to; filled while the process starts. */
export interface Handlers {
  doors: { fetch: Parameters<typeof getRequestListener>[0] } | null
  /** Takes plain batches before the doors; answers whether it did. */
  batches?: BatchDoor
  /** Takes requests for event streams; each answers whether it did. */
  live?: readonly StreamDoor[]
  /** Null: this process serves no pages. */
  pages: PageHandler | null
}

export interface ListenerOptions {
  settings: Settings
  hosts: AllowedHosts
  health: Health
  handlers: Handlers
  log: Log
  dev: boolean
}

/** Sign-in forms are small; no other page takes a body. */
const PAGE_BODY_BYTES_MAX = 64 * 1024
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * The one listener of the process: liveness first, then the host name, then doors, then pages. Doors stand in front of Next, which
 * costs some 670 µs a request.
 */
export function createListener(options: ListenerOptions): PageHandler {
  const { settings, hosts, health, handlers, log, dev } = options
  const security = securityHeaders(settings.publicUrl.startsWith('https:'))
  const doorHeaders = [...security, 'content-security-policy', NO_PAGE]
  const setDeadline = keepDeadlines(security)
  let lastHost: string | undefined
  const doors = getRequestListener(
    (request, env) => {
      if (!handlers.doors) throw new Refusal('unavailable', 'The server is starting. Try again shortly.')
      return handlers.doors.fetch(request, env)
    },
    {
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        const told = tellProblem(error, 'unknown')
        if (told.unexpected) log.error({ err: error }, 'A door failed.')
        return new Response(JSON.stringify(told.body), { status: told.status, headers: told.headers })
      },
    },
  )

  return (request, response) => {
    const path = pathOf(request.url)
    if (path === '/healthz') {
      setHeaders(response, security)
      return health.answerAlive(response)
    }
    const { headers } = request
    const requestId = requestIdFrom(headers['x-request-id'])
    headers['x-request-id'] = requestId
    try {
      refuseSmuggling(request)
      // Nearly every request names the host that the one before it named.
      if (headers.host === undefined || headers.host !== lastHost) {
        hosts.require(headers.host)
        lastHost = headers.host
      }
    } catch (error) {
      setHeaders(response, security)
      return sendProblem(response, error, requestId)
    }
    // Next once let whoever sent this header around its checks.
    if (headers['x-middleware-subrequest'] !== undefined) delete headers['x-middleware-subrequest']
    setDeadline(request, response, path)
    // In front of everything that is set on the answer: headers in one list cost a third of headers one by one.
    if (handlers.batches?.(request, response, requestId, doorHeaders)) return
    if (handlers.live?.some((door) => door(request, response, requestId, doorHeaders))) return
    setHeaders(response, security)
    if (path === '/readyz') return health.answerReady(response)
    if (isDoor(path)) {
      response.setHeader('content-security-policy', path === DOCS ? policyFor(request, false) : NO_PAGE)
      return void doors(request, response)
    }
    try {
      admitToPages(request, hosts, health)
    } catch (error) {
      return sendProblem(response, error, requestId)
    }
    response.setHeader('x-request-id', requestId)
    const policy = policyFor(request, dev)
    response.setHeader('content-security-policy', policy)
    request.headers['content-security-policy'] = policy
    request.headers['x-descent-address'] = clientAddress(request, settings.trustProxyHops) ?? ''
    if (!handlers.pages) return sendProblem(response, noPages(handlers), requestId)
    return handlers.pages(request, response)
  }
}

/** The one page among the doors. */
const DOCS = '/api/v1/docs'
/** For answers that are no pages, should a browser ever show one. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'"

/** Makes a nonce for this request and the policy that names it. What the client sent under these names is overwritten. */
function policyFor(request: IncomingMessage, dev: boolean): string {
  const nonce = makeNonce()
  request.headers['x-nonce'] = nonce
  return contentSecurityPolicy(nonce, dev)
}

const noPages = (handlers: Handlers) =>
  handlers.doors
    ? new Refusal('not_found', 'This server serves no pages: they are not built. Run npm run build.')
    : new Refusal('unavailable', 'The server is starting. Try again shortly.')

const pathOf = (url = '/') => {
  const at = url.indexOf('?')
  return at < 0 ? url : url.slice(0, at)
}

/** Two framings of one body are how requests are smuggled past proxies; two credentials are as bad. */
function refuseSmuggling(request: IncomingMessage): void {
  const { headers, rawHeaders } = request
  if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined)
    throw new Refusal('invalid_request', 'Transfer-Encoding and Content-Length are both set. Send one of them.')
  // Node keeps the first of two: only the raw list tells.
  let hostCount = 0
  let authorizationCount = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length === 4) hostCount += name.toLowerCase() === 'host' ? 1 : 0
    else if (name.length === 13) authorizationCount += name.toLowerCase() === 'authorization' ? 1 : 0
  }
  if (authorizationCount > 1) throw sentTwice('authorization')
  if (hostCount > 1) throw sentTwice('host')
}

const sentTwice = (name: string) => new Refusal('invalid_request', `The header ${name} was sent twice. Send it once.`)

/** Pages change nothing but through sign-in: small bodies of announced length, from our own origin. */
function admitToPages(request: IncomingMessage, hosts: AllowedHosts, health: Health): void {
  const closed = health.closed()
  if (closed?.code === 'draining') throw closed
  const method = request.method ?? 'GET'
  if (SAFE.has(method)) return
  hosts.requireOwnOrigin({
    method,
    host: request.headers.host,
    origin: request.headers.origin ?? null,
    fetchSite: headerOf(request, 'sec-fetch-site'),
  })
  if (request.headers['transfer-encoding'] !== undefined)
    throw new Refusal('invalid_request', 'Pages take no body of unknown length. Send Content-Length.')
  if (Number(request.headers['content-length'] ?? 0) > PAGE_BODY_BYTES_MAX)
    throw new Refusal('too_large', `The body is larger than ${PAGE_BODY_BYTES_MAX} bytes, the limit here.`, {
      limit_bytes: PAGE_BODY_BYTES_MAX,
    })
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

/** A problem document on the bare response. */
export function sendProblem(response: ServerResponse, error: unknown, requestId: string): void {
  const told = tellProblem(error, requestId)
  response.writeHead(told.status, { ...told.headers, 'x-request-id': requestId }).end(JSON.stringify(told.body))
}
