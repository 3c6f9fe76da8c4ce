import { Readable } from 'node:stream'
import type { StoredFile } from '#src/services/artifacts/read.ts'
import { Refusal } from '#src/services/errors.ts'

const PAGE_BYTES_MAX = 32 * 1024 * 1024

/**
 * The policy under which HTML of a run is shown. `sandbox` gives it an origin of its own, also where somebody opens the address by
 * itself: no cookies, no storage, no access to the page around it. It may fetch nothing: all it shows it brings along.
 */
export const framedPagePolicy = (mayRun: boolean): string =>
  [
    mayRun ? 'sandbox allow-scripts' : 'sandbox',
    "default-src 'none'",
    ...(mayRun ? ["script-src 'unsafe-inline'"] : []),
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'media-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ')

/**
 * A stored HTML file as a page for a frame of ours.
 *
 * @throws Refusal `unsupported_media` for a file of another kind, `too_large`
 */
export async function sendFramedPage(file: StoredFile, mayRun: boolean): Promise<Response> {
  if (!/\.html?$/i.test(file.name))
    throw new Refusal('unsupported_media', `${file.name} is no HTML; only that is shown in a frame.`)
  if (file.size > PAGE_BYTES_MAX)
    throw new Refusal(
      'too_large',
      `The page has ${file.size} bytes; up to ${PAGE_BYTES_MAX} are shown here. Download it instead.`,
      { limit_bytes: PAGE_BYTES_MAX },
    )
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': framedPagePolicy(mayRun),
    'x-frame-options': 'SAMEORIGIN',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    'content-length': String(file.size),
  })
  if (file.size === 0) return new Response(null, { status: 200, headers })
  return new Response(Readable.toWeb(await file.open()) as unknown as ReadableStream<Uint8Array>, {
    status: 200,
    headers,
  })
}
