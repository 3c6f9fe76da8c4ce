import type { IncomingMessage, ServerResponse } from 'node:http'
import { BATCH_BYTES_MAX, type BatchAnswer, type BatchFormat, BINARY_BATCH_TYPE } from '#src/protocol/metrics.ts'
import { PROTOCOL_VERSION } from '#src/protocol/words.ts'
import { type Actor, actorName } from '#src/services/actor.ts'
import { ingestConsole } from '#src/services/console/ingest.ts'
import type { Context } from '#src/services/context.ts'
import { ingestMetrics } from '#src/services/metrics/ingest.ts'
import type { BatchHead } from '#src/services/metrics/open-writer.ts'
import { bearerToken } from '../auth/bearer.ts'
import { readCounted, refuseAnnouncedLength } from '../body.ts'
import { tellProblem } from '../problem.ts'
import { requestIdFrom } from '../request-id.ts'
import { problemAnswer, sendAnswer } from './answer.ts'
import type { DoorDeps } from './app.ts'
import { readBatchHead } from './batch-head.ts'

type BatchVerb = (ctx: Context, head: BatchHead, body: Buffer, format: BatchFormat) => Promise<BatchAnswer>

/** The verbs of the three kinds of batches, by the last part of their path. */
const VERBS: Readonly<Record<string, BatchVerb>> = {
  metrics: ingestMetrics,
  telemetry: ingestMetrics,
  logs: ingestConsole,
}

const PATH =
  /^\/api\/v1\/runs\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/(metrics|telemetry|logs)$/
const PLAIN_JSON = /^application\/json(?:; ?charset=utf-8)?$/i

/** The headers of every answer of this door. */
const STANDING = { 'x-descent-protocol': String(PROTOCOL_VERSION), 'cache-control': 'private, no-cache' } as const

/**
 * Takes a request or leaves it.
 *
 * @param requestId as `requestIdFrom` made it of this request
 * @param processHeaders what every answer of the process carries: name, value, name, value …
 * @returns whether it took it; when not, nothing was read or set
 */
export type BatchDoor = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId?: string,
  processHeaders?: readonly string[],
) => boolean

/**
 * The short way for batches, which are nearly all requests of a busy server: the routes of `metrics.ts` and `logs.ts` without a
 * `Request`, a router and shapes in between, which together cost more than the batch itself. It takes only requests of the plainest
 * form; whatever is out of the ordinary goes the long way, where it is checked and refused.
 */
export function createBatchDoor(deps: DoorDeps, verbs: Readonly<Record<string, BatchVerb>> = VERBS): BatchDoor {
  /** The fixed part of an answer's head, made once per list of the process. */
  let head: { of: readonly string[]; list: string[] } | null = null
  const headOf = (of: readonly string[]): string[] => {
    if (head?.of !== of)
      head = { of, list: [...of, ...Object.entries(STANDING).flat(), 'content-type', 'application/json'] }
    return head.list
  }
  return (request, response, requestId, processHeaders = NO_HEADERS) => {
    const [, run, kind] = (request.method === 'POST' && PATH.exec(request.url ?? '')) || []
    const verb = kind === undefined ? undefined : verbs[kind]
    const format = formatOf(kind, request)
    if (run === undefined || !verb || !format || !isPlain(request)) return false
    void serve(deps, {
      verb,
      format,
      run,
      route: `POST /api/v1/runs/{run}/${kind}`,
      requestId: requestId ?? requestIdFrom(request.headers['x-request-id']),
      head: headOf(processHeaders),
      processHeaders,
      request,
      response,
    })
    return true
  }
}

const NO_HEADERS: readonly string[] = []

interface BatchCall {
  verb: BatchVerb
  format: BatchFormat
  run: string
  route: string
  requestId: string
  /** Headers of an answer that is no refusal, but for those that are its own. */
  head: readonly string[]
  processHeaders: readonly string[]
  request: IncomingMessage
  response: ServerResponse
}

function formatOf(kind: string | undefined, { headers }: IncomingMessage): BatchFormat | null {
  const type = headers['content-type'] ?? ''
  if (type === 'application/json' || PLAIN_JSON.test(type)) return 'json'
  return type === BINARY_BATCH_TYPE && kind !== 'logs' ? 'binary' : null
}

function isPlain({ headers }: IncomingMessage): boolean {
  const version = headers['x-descent-protocol']
  return (
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers['content-length'] !== undefined &&
    (version === undefined || version === STANDING['x-descent-protocol'])
  )
}

async function serve(deps: DoorDeps, call: BatchCall): Promise<void> {
  const { verb, format, run, route, requestId, request, response } = call
  const startedAt = deps.trace ? performance.now() : 0
  const { headers } = request
  let actor: Actor = { kind: 'anonymous' }
  try {
    const closed = deps.closed()
    if (closed) throw closed
    refuseAnnouncedLength(headers['content-length'], BATCH_BYTES_MAX)
    actor = await deps.identify(bearerToken(headers.authorization, request.url ?? ''))
    const { services } = deps
    const head = readBatchHead(run, (name) => headerText(headers[name]))
    const body = await readCounted(request, BATCH_BYTES_MAX)
    const answer = await verb({ actor, requestId, services, db: services.db }, head, body, format)
    const text = JSON.stringify(answer)
    // One list, and one write with the text: with an object, or beside headers that are set already, the head costs three times that.
    const all = call.head.slice()
    all.push('x-request-id', requestId, 'content-length', String(Buffer.byteLength(text)))
    response.writeHead(200, all).end(text)
    if (!deps.trace) return
    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    deps.trace({ request_id: requestId, route, status: 200, ms, actor: actorName(actor) }, 'A request was served.')
  } catch (error) {
    const told = tellProblem(error, requestId)
    const fields = {
      request_id: requestId,
      method: 'POST',
      route,
      status: told.status,
      code: told.body.code,
      actor: actorName(actor),
    }
    if (told.unexpected) deps.services.log.error({ ...fields, err: error }, 'A request failed.')
    else deps.services.log.info(fields, 'A request was refused.')
    if (response.destroyed || response.headersSent) return
    for (let i = 0; i + 1 < call.processHeaders.length; i += 2)
      response.setHeader(call.processHeaders[i] as string, call.processHeaders[i + 1] as string)
    sendAnswer(problemAnswer(told), { 'x-request-id': requestId, ...STANDING }, response)
    // What of the body is still to come is let through unread, so that the connection can be used again.
    request.resume()
  }
}

const headerText = (value: string | string[] | undefined): string | null =>
  value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
