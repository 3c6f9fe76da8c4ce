import type { IncomingMessage, ServerResponse } from 'node:http'
import { setHeaders } from './security-headers.ts'

/** A request is over after this, unless it streams. */
export const REQUEST_MS_MAX = 120_000
/** An upload may take as long as bytes keep coming. */
export const SILENCE_MS_MAX = 30_000
/** How often the open requests are looked through: a timer for each would cost more than the rest of what is done for it here. */
const SWEEP_MS = 1_000

const UPLOAD = '/api/v1/uploads/'
const STREAMING = 'text/event-stream'

interface Deadline {
  request: IncomingMessage
  isUpload: boolean
  /** The sweep, counted from the first, that looks at it. */
  due: number
  /** Bytes that had moved over the connection when it was looked at. */
  seen: number
}

/**
 * Node has one request timeout for the whole server, which would cut long uploads: each request gets the deadline of its class here.
 * Uploads end when no byte came for 30 s, streams of events never, everything else after 120 s; a second more or less.
 *
 * @param headers name, value, name, value …: for the answer to a request that is over
 * @returns what gives a request its deadline; `path` is without the query
 */
export function keepDeadlines(
  headers: readonly string[],
): (request: IncomingMessage, response: ServerResponse, path: string) => void {
  const open = new Map<ServerResponse, Deadline>()
  let sweeps = 0
  let timer: NodeJS.Timeout | null = null

  const sweep = () => {
    sweeps++
    for (const [response, deadline] of open)
      if (deadline.due <= sweeps && !goesOn(response, deadline, sweeps)) {
        open.delete(response)
        end(response, deadline.request, headers)
      }
    if (open.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }
  function forget(this: ServerResponse): void {
    open.delete(this)
  }

  return (request, response, path) => {
    const isUpload = request.method === 'PUT' && path.startsWith(UPLOAD)
    // The sweep under way may be about to end: one more, so that no deadline comes early.
    open.set(response, {
      request,
      isUpload,
      due: sweeps + 1 + sweepsOf(isUpload ? SILENCE_MS_MAX : REQUEST_MS_MAX),
      seen: -1,
    })
    response.on('close', forget)
    timer ??= setInterval(sweep, SWEEP_MS).unref()
  }
}

const sweepsOf = (ms: number): number => Math.ceil(ms / SWEEP_MS)

/** Uploads, and answers that somebody still reads, go on as long as bytes move; streams of events always. */
function goesOn(response: ServerResponse, deadline: Deadline, sweeps: number): boolean {
  const { socket } = deadline.request
  const moved = socket.bytesRead + socket.bytesWritten
  const isStream = String(response.getHeader('content-type') ?? '').startsWith(STREAMING)
  if (!isStream && !((deadline.isUpload || response.headersSent) && moved !== deadline.seen)) return false
  deadline.seen = moved
  deadline.due = sweeps + sweepsOf(SILENCE_MS_MAX)
  return true
}

function end(response: ServerResponse, { socket }: IncomingMessage, headers: readonly string[]): void {
  if (!response.headersSent) {
    setHeaders(response, headers)
    response.writeHead(408, { connection: 'close', 'content-length': '0' }).end()
  }
  socket.destroySoon()
}
