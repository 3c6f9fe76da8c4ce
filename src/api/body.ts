import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Refusal } from '#src/services/errors.ts'

/** A gzipped body may expand to this. */
export const EXPANDED_BYTES_MAX = 32 * 1024 * 1024

const inflate = promisify(gunzip)

/** The refusal of a body that is longer than its limit. */
export const tooLarge = (limitBytes: number): Refusal =>
  new Refusal('too_large', `The body is larger than ${limitBytes} bytes, the limit here. Send it in smaller parts.`, {
    limit_bytes: limitBytes,
  })

/**
 * Refuses by the announced length alone, before a byte is read.
 *
 * @throws Refusal `too_large`, `invalid_request`
 */
export function refuseAnnouncedLength(contentLength: string | undefined | null, limitBytes: number): void {
  if (contentLength === undefined || contentLength === null) return
  if (!/^\d{1,15}$/.test(contentLength))
    throw new Refusal(
      'invalid_request',
      `Content-Length is "${contentLength.slice(0, 40)}"; it must be a number of bytes.`,
    )
  if (Number(contentLength) > limitBytes) throw tooLarge(limitBytes)
}

/**
 * Reads a whole body, counting what really arrives: a length that was announced may lie, and chunked bodies announce none.
 *
 * @throws Refusal `too_large`; `invalid_request` when the client went away in the middle
 */
export async function readCounted(source: IncomingMessage | Request, limitBytes: number): Promise<Buffer> {
  return source instanceof Request ? await readStream(source, limitBytes) : await readIncoming(source, limitBytes)
}

function readIncoming(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    // A flag and not `off`: what is read here is gone right after, and taking four listeners off costs as much as the reading.
    let isOver = false
    const fail = () => {
      if (isOver) return
      isOver = true
      reject(new Refusal('invalid_request', 'The body ended before it was complete.'))
    }
    incoming.on('data', (chunk: Buffer) => {
      if (isOver) return
      size += chunk.length
      if (size > limitBytes) {
        isOver = true
        chunks.length = 0
        incoming.pause()
        reject(tooLarge(limitBytes))
        return
      }
      chunks.push(chunk)
    })
    incoming.on('end', () => {
      if (isOver) return
      isOver = true
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size))
    })
    incoming.on('error', fail)
    incoming.on('close', fail)
  })
}

async function readStream(request: Request, limitBytes: number): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks, size)
    size += value.length
    if (size > limitBytes) {
      await reader.cancel()
      throw tooLarge(limitBytes)
    }
    chunks.push(value)
  }
}

/**
 * Which encoding a body has. gzip alone is taken: brotli's decoder is not safe in every runtime that may run this, and one encoding
 * upon another serves only attacks.
 *
 * @throws Refusal `unsupported_media`
 */
export function acceptedEncoding(contentEncoding: string | undefined | null): 'identity' | 'gzip' {
  const name = contentEncoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return 'identity'
  if (name === 'gzip' || name === 'x-gzip') return 'gzip'
  throw new Refusal(
    'unsupported_media',
    `Content-Encoding "${name.slice(0, 60)}" is not accepted. Send gzip, once, or the plain body.`,
  )
}

/**
 * Expands gzip up to a cap that is held while expanding, not afterwards.
 *
 * @throws Refusal `too_large`, `invalid_request` when it is no gzip
 */
export async function expandGzip(body: Buffer, limitBytes = EXPANDED_BYTES_MAX): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: limitBytes })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes)
    throw new Refusal('invalid_request', 'Content-Encoding says gzip, but the body is no complete gzip stream.')
  }
}
