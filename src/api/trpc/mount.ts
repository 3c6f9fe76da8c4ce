import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono } from 'hono'
import { SCORE_FILES_CHARACTERS_MAX } from '#src/core/imports/upload-limits.ts'
import { Refusal } from '#src/services/errors.ts'
import type { AllowedHosts } from '../allowed-hosts.ts'
import { readCounted } from '../body.ts'
import { type OwnCallDeps, requireOwnCall } from '../own-call.ts'
import { problemResponse, tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
import { appRouter } from './root.ts'

const PREFIX = '/api/trpc'
const BODY_BYTES_MAX = 1024 * 1024
/** Files that a person chose arrive whole, as text in JSON. */
const FILES_BYTES_MAX = 2 * SCORE_FILES_CHARACTERS_MAX
const FILES_PATH = `${PREFIX}/imports.scores`
const BATCH_MAX = 10

type Env = { Bindings: Partial<HttpBindings> }

/**
 * tRPC for the browser, with what its fetch adapter leaves open shut in front of it: bodies are counted, forms are refused (they need
 * no preflight), unsafe calls must come from a page of this server, batches are short.
 */
export function createTrpc(deps: OwnCallDeps): Hono<Env> {
  const app = new Hono<Env>()
  app.all(`${PREFIX}/*`, async (call) => {
    const incoming = call.env?.incoming
    const requestId = requestIdFrom(incoming?.headers['x-request-id'] ?? call.req.header('x-request-id'))
    try {
      const closed = deps.closed()
      if (closed) throw closed
      const request = await admit(call.req.raw, incoming, deps.hosts, await bodyLimitOf(call.req.raw, deps))
      const actor = await deps.getActor(request.headers)
      const { services } = deps
      const answer = await fetchRequestHandler({
        endpoint: PREFIX,
        req: request,
        router: appRouter,
        maxBatchSize: BATCH_MAX,
        // A question that is too long for an address, such as one that names many runs, comes as a body.
        allowMethodOverride: true,
        createContext: () => ({ actor, requestId, services, db: services.db }),
      })
      const headers = new Headers(answer.headers)
      headers.set('x-request-id', requestId)
      headers.set('cache-control', 'private, no-cache')
      return new Response(answer.body, { status: answer.status, headers })
    } catch (error) {
      const told = tellProblem(error, requestId)
      if (told.unexpected)
        deps.services.log.error({ err: error, request_id: requestId }, 'A call of the browser failed.')
      return problemResponse(told)
    }
  })
  return app
}

/** Only somebody who is signed in may send files. */
async function bodyLimitOf(request: Request, deps: OwnCallDeps): Promise<number> {
  if (new URL(request.url).pathname !== FILES_PATH) return BODY_BYTES_MAX
  return (await deps.getActor(request.headers)).kind === 'anonymous' ? BODY_BYTES_MAX : FILES_BYTES_MAX
}

/** The request as tRPC may see it: checked, its body read whole. */
async function admit(
  request: Request,
  incoming: IncomingMessage | undefined,
  hosts: AllowedHosts,
  bytesMax: number,
): Promise<Request> {
  const { method, headers, signal } = request
  if (method === 'GET') return request
  if (method !== 'POST') throw new Refusal('method_not_allowed', `${method} is not served here; GET and POST are.`)
  requireOwnCall(request, hosts, bytesMax)
  const body = await readCounted(incoming ?? request, bytesMax)
  return new Request(request.url, { method, headers, body: new Uint8Array(body), signal })
}
