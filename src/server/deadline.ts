import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request is over after this, unless it streams. */
export const REQUEST_MS_MAX = 120_000
/** An upload may take as long as bytes keep coming. */
export const SILENCE_MS_MAX = 30_000

const UPLOAD = /^\/api\/v1\/uploads\//
const STREAMING = 'text/event-stream'

/**
 * Node has one request timeout for the whole server, which would cut long uploads: each request gets the deadline of its class here.
 * Uploads end when no byte came for 30 s, streams of events never, everything else after 120 s.
 */
export function setDeadline(request: IncomingMessage, response: ServerResponse, path: string): void {
  const { socket } = request
  const isUpload = request.method === 'PUT' && UPLOAD.test(path)
  const moved = () => socket.bytesRead + socket.bytesWritten
  let seen = -1
  let timer: NodeJS.Timeout
  const look = () => {
    const isStream = String(response.getHeader('content-type') ?? '').startsWith(STREAMING)
    // Uploads, and answers that somebody still reads, go on as long as bytes move.
    const goesOn = (isUpload || response.headersSent) && moved() !== seen
    if (isStream || goesOn) {
      seen = moved()
      timer = setTimeout(look, SILENCE_MS_MAX)
      return
    }
    if (!response.headersSent) response.writeHead(408, { connection: 'close', 'content-length': '0' }).end()
    socket.destroySoon()
  }
  timer = setTimeout(look, isUpload ? SILENCE_MS_MAX : REQUEST_MS_MAX)
  response.once('close', () => clearTimeout(timer))
}
