import type { IncomingMessage, ServerResponse } from 'node:http'
import { BATCH_BYTES_MAX, type BatchAnswer } from '#src/protocol/metrics.ts'
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

type BatchVerb = (ctx: Context, head: BatchHead, body: Buffer) => Promise<BatchAnswer>

/** The verbs of the three kinds of batches, by the last part of their path. */
const VERBS: Readonly<Record<string, BatchVerb>> = {
  metrics: ingestMetrics,
  telemetry: ingestMetrics,
  logs: ingestConsole,
}

const PATH =
  /^\/api\/v1\/runs\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/(metrics|telemetry|logs)$/
const PLAIN_JSON = /^application\/json(?:; ?charset=utf-8)?$/i

/**
 * The short way for batches, which are nearly all requests of a busy server: the routes of `metrics.ts` and `logs.ts` without a
 * `Request`, a router and shapes in between, which together cost more than the batch itself. It takes only requests of the plainest
 * form; whatever is out of the ordinary goes the long way, where it is checked and refused.
 *
 * @returns a function that answers whether it took the request
 */
export function createBatchDoor(
  deps: DoorDeps,
  verbs: Readonly<Record<string, BatchVerb>> = VERBS,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const [, run, kind] = (request.method === 'POST' && PATH.exec(request.url ?? '')) || []
    const verb = kind === undefined ? undefined : verbs[kind]
    if (run === undefined || !verb || !isPlain(request)) return false
    void serve(deps, verb, run, `POST /api/v1/runs/{run}/${kind}`, request, response)
    return true
  }
}

function isPlain({ headers }: IncomingMessage): boolean {
  const version = headers['x-descent-protocol']
  return (
    PLAIN_JSON.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers['content-length'] !== undefined &&
    (version === undefined || version === String(PROTOCOL_VERSION))
  )
}

async function serve(
  deps: DoorDeps,
  verb: BatchVerb,
  run: string,
  route: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now()
  const { headers } = request
  const requestId = requestIdFrom(headers['x-request-id'])
  const standing = {
    'x-request-id': requestId,
    'x-descent-protocol': String(PROTOCOL_VERSION),
    'cache-control': 'private, no-cache',
  }
  let actor: Actor = { kind: 'anonymous' }
  try {
    const closed = deps.closed()
    if (closed) throw closed
    refuseAnnouncedLength(headers['content-length'], BATCH_BYTES_MAX)
    actor = await deps.identify(bearerToken(headers.authorization, request.url ?? ''))
    const { services } = deps
    const head = readBatchHead(run, (name) => headerText(headers[name]))
    const body = await readCounted(request, BATCH_BYTES_MAX)
    const answer = await verb({ actor, requestId, services, db: services.db }, head, body)
    sendAnswer(
      { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(answer) },
      standing,
      response,
    )
    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    deps.trace?.({ request_id: requestId, route, status: 200, ms, actor: actorName(actor) }, 'A request was served.')
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
    sendAnswer(problemAnswer(told), standing, response)
    // What of the body is still to come is let through unread, so that the connection can be used again.
    request.resume()
  }
}

const headerText = (value: string | string[] | undefined): string | null =>
  value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
