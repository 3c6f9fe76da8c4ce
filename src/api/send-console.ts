import type { Context } from '#src/services/context.ts'
import { madeWhileSent } from './send-export.ts'

/** The console of a run as an attachment that is read while it is sent. */
export function sendConsole(ctx: Context, console: { name: string; bytes: AsyncIterable<Uint8Array> }): Response {
  const headers = new Headers({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${console.name}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  return new Response(madeWhileSent(ctx, console.bytes), { status: 200, headers })
}
