import { CHART_CONTENT_TYPE, encodeChart } from '#src/protocol/chart-body.ts'
import { chartJson } from '#src/services/metrics/chart-json.ts'
import type { OpenChart } from '#src/services/metrics/read-chart.ts'
import { isMatch } from './etag.ts'

/**
 * A chart as bytes where `Accept` asks for them, else as JSON; 304 without reading a block when the caller has this very answer.
 * No proxy is to compress it: bytes of floats shrink by a fifth for twice the time.
 *
 * @param request its `accept` and `if-none-match`
 */
export async function sendChart(
  chart: OpenChart,
  request: { accept: string | null; ifNoneMatch: string | null },
): Promise<Response> {
  const isBinary = asksForBytes(request.accept)
  // Two forms of one answer are two representations.
  const etag = isBinary ? chart.tag.replace(/"$/, '.b"') : chart.tag
  const headers = { etag, vary: 'accept', 'cache-control': 'private, no-cache, no-transform' }
  if (isMatch(request.ifNoneMatch, etag)) return new Response(null, { status: 304, headers })
  const data = await chart.read()
  const body = isBinary ? encodeChart(data) : JSON.stringify(chartJson(data))
  return new Response(body, {
    headers: { ...headers, 'content-type': isBinary ? CHART_CONTENT_TYPE : 'application/json' },
  })
}

const asksForBytes = (accept: string | null): boolean =>
  (accept ?? '').split(',').some((type) => type.split(';', 1)[0]?.trim().toLowerCase() === CHART_CONTENT_TYPE)
