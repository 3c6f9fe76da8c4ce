import { Readable } from 'node:stream'
import { byteRange } from '#src/core/checkpoints/byte-range.ts'
import type { StoredFile } from '#src/services/artifacts/read.ts'
import { Refusal } from '#src/services/errors.ts'

/** Types of ours by extension; what the uploader said is never echoed, and everything else is bytes. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  mp4: 'video/mp4',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  txt: 'text/plain; charset=utf-8',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
}

/**
 * A stored file as an answer that no browser runs: an attachment, sandboxed, with ranges, kept by no shared cache.
 *
 * @throws Refusal `range_not_satisfiable`
 */
export async function sendFile(file: StoredFile, request: Request): Promise<Response> {
  const range = byteRange(request.headers.get('range'), file.size)
  if (range.kind === 'unsatisfiable')
    throw new Refusal('range_not_satisfiable', `The content has ${file.size} bytes; the range lies outside.`, {
      size: file.size,
    })
  const headers = new Headers({
    'content-type': TYPES[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream',
    'content-disposition': disposition(file.name),
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag: `"${file.sha256}"`,
  })
  const length = range.kind === 'part' ? range.end - range.start + 1 : file.size
  headers.set('content-length', String(length))
  if (range.kind === 'part') headers.set('content-range', `bytes ${range.start}-${range.end}/${file.size}`)
  const status = range.kind === 'part' ? 206 : 200
  if (length === 0) return new Response(null, { status, headers })
  const stream = await file.open(range.kind === 'part' ? { start: range.start, end: range.end } : undefined)
  return new Response(asBody(stream), { status, headers })
}

/** Node's web stream and the platform's are one thing under two names. */
const asBody = (stream: Readable): ReadableStream<Uint8Array> =>
  Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>

/** RFC 6266: a plain name for old clients, the whole one encoded. */
function disposition(name: string): string {
  const last = name.split('/').at(-1) ?? 'file'
  const plain = last.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(last).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
