import { TRPCClientError } from '@trpc/client'
import type { ChartQuery } from '#src/protocol/chart.ts'
import { CHART_CONTENT_TYPE, type ChartData, decodeChart } from '#src/protocol/chart-body.ts'
import { appendTail, tailBegin } from './append-tail.ts'

/** What a page asks for: a chart of its workspace. */
export type ChartInput = { workspace: string } & Pick<ChartQuery, 'project' | 'px' | 'superseded' | 'x'> &
  Partial<Pick<ChartQuery, 'from' | 'to' | 'x_metric' | 'group' | 'grid'>> & {
    runs: readonly number[]
    metrics: readonly string[]
  }

/** A chart as it is held. */
export interface HeldChart {
  chart: ChartData
  /** Of the whole answer; null once a tail was appended. */
  etag: string | null
}

/**
 * The chart: only its tail where one is held already that can be continued, nothing at all where that still holds, else the whole.
 *
 * @param news runs that have new points, as far as somebody told
 * @throws TRPCClientError, as `readFailure` reads it
 */
export async function fetchChart(
  input: ChartInput,
  held: HeldChart | undefined,
  news: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<HeldChart> {
  const from = held && news.size > 0 ? tailBegin(held.chart, news) : null
  if (held && from !== null) {
    const runs = input.runs.filter((run) => news.has(run))
    // Where every line is exact there is no grid; told one, the server sends points as long as the whole line would be sent so.
    const grid = held.chart.grid ?? { x0: 0, dx: 1 }
    const tail = await ask({ ...input, runs, from, grid }, null, signal)
    const chart = tail && appendTail(held.chart, tail.chart)
    if (chart) return { chart, etag: null }
  }
  return (await ask(input, held?.etag ?? null, signal)) ?? (held as HeldChart)
}

/** Null: what is held under this tag still holds. */
async function ask(input: ChartInput, etag: string | null, signal: AbortSignal): Promise<HeldChart | null> {
  let response: Response
  try {
    response = await fetch('/api/screen/chart', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: CHART_CONTENT_TYPE,
        ...(etag !== null && { 'if-none-match': etag }),
      },
      body: JSON.stringify(input),
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw error
    // As a call that got no answer, which heals by itself.
    throw TRPCClientError.from(error as Error)
  }
  if (response.status === 304 && etag !== null) return null
  if (!response.ok) throw await failureOf(response)
  return { chart: decodeChart(await response.arrayBuffer()), etag: response.headers.get('etag') }
}

const CODES: Readonly<Record<number, string>> = { 401: 'UNAUTHORIZED', 404: 'NOT_FOUND', 410: 'NOT_FOUND' }

/** A problem document as the error that failed calls of the browser are. */
async function failureOf(response: Response): Promise<TRPCClientError<never>> {
  const problem: unknown = await response.json().catch(() => null)
  const told = typeof problem === 'object' && problem !== null ? (problem as Record<string, unknown>) : {}
  const message = typeof told.detail === 'string' ? told.detail : `The server answered with ${response.status}.`
  const data = { code: CODES[response.status] ?? 'BAD_REQUEST', httpStatus: response.status, problem: told }
  return new TRPCClientError(message, { result: { error: { code: -32_603, message, data } } as never })
}
