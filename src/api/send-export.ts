import type { Context } from '#src/services/context.ts'
import type { MetricExport } from '#src/services/metrics/export/export-metrics.ts'

const TYPES: Readonly<Record<MetricExport['format'], string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
}

/**
 * An export as an answer: an attachment that is made while it is sent. It is read only as fast as it is taken, and what goes wrong in
 * the middle breaks the connection, so that a part is never taken for the whole.
 */
export function sendExport(ctx: Context, { format, name, thinned, bytes }: MetricExport): Response {
  const headers = new Headers({
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="${name}.${format}"`,
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
    ...(thinned !== null && { 'x-thinned-runs': thinned }),
  })
  return new Response(madeWhileSent(ctx, bytes), { status: 200, headers })
}

/** Bytes as a body that is made while it is sent. Nothing is asked for before somebody reads: a queue of 0. */
export function madeWhileSent(ctx: Context, bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          ctx.services.log.error({ err: error, request_id: ctx.requestId }, 'An export broke off.')
          controller.error(error)
        }
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
