import type { ChartQuery } from '#src/protocol/chart.ts'
import { CHART_CONTENT_TYPE, type ChartData, decodeChart } from '#src/protocol/chart-body.ts'
import { CHART_QUESTIONS_MAX, type ChartFrame, readFrames } from '#src/protocol/chart-frames.ts'
import { CallError } from '#src/ui/trpc/call-error.ts'
import { appendTail, tailBegin } from './append-tail.ts'
import { withRunNumbers } from './run-numbers.ts'

/** What a page asks for: a chart of its workspace. */
export type ChartInput = { workspace: string } & Pick<ChartQuery, 'project' | 'px' | 'superseded' | 'x'> &
  Partial<Pick<ChartQuery, 'from' | 'to' | 'x_metric' | 'group' | 'grid'>> & {
    runs: readonly number[]
    metrics: readonly string[]
    /** The uids of these runs, parallel to them, where they are of several projects; the numbers are then told by nothing else. */
    uids?: readonly string[]
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
 * @throws CallError, as `readFailure` reads it
 */
export async function fetchChart(
  input: ChartInput,
  held: HeldChart | undefined,
  news: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<HeldChart> {
  // Runs of several projects are numbered by their places in the question: a part of them would be others.
  const from = held && news.size > 0 && !input.uids ? tailBegin(held.chart, news) : null
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

/** The question as the server takes it. */
function questionOf({ uids, ...input }: ChartInput): unknown {
  return uids ? { ...input, runs: uids, across: true } : input
}

/** The answer with the numbers by which the page knows its runs. */
const answerTo = ({ uids, runs }: ChartInput, chart: ChartData): ChartData =>
  uids ? withRunNumbers(chart, (place) => runs[place - 1] ?? place) : chart

/** A question that waits for the others of its moment. */
interface Waiting {
  input: ChartInput
  etag: string | null
  signal: AbortSignal
  answer: (held: HeldChart | null) => void
  fail: (error: unknown) => void
}

let waiting: Waiting[] = []

/** Null: what is held under this tag still holds. Charts that come into view together are asked for in one call. */
function ask(input: ChartInput, etag: string | null, signal: AbortSignal): Promise<HeldChart | null> {
  return new Promise((answer, fail) => {
    if (waiting.length === 0) setTimeout(askWaiting)
    waiting.push({ input, etag, signal, answer, fail })
  })
}

function askWaiting(): void {
  const all = waiting.filter((one) => {
    if (one.signal.aborted) one.fail(one.signal.reason)
    return !one.signal.aborted
  })
  waiting = []
  for (let i = 0; i < all.length; i += CHART_QUESTIONS_MAX) {
    const group = all.slice(i, i + CHART_QUESTIONS_MAX)
    const [first] = group
    if (group.length === 1 && first) askOne(first).then(first.answer, first.fail)
    else void askTogether(group)
  }
}

async function askOne({ input, etag, signal }: Waiting): Promise<HeldChart | null> {
  const response = await post('/api/screen/chart', questionOf(input), signal, {
    accept: CHART_CONTENT_TYPE,
    ...(etag !== null && { 'if-none-match': etag }),
  })
  if (response.status === 304 && etag !== null) return null
  if (!response.ok) throw failureOf(response.status, await response.json().catch(() => null))
  return { chart: answerTo(input, decodeChart(await response.arrayBuffer())), etag: response.headers.get('etag') }
}

/** Each is answered as soon as its frame is there; the call ends early when nobody waits for it any more. */
async function askTogether(group: readonly Waiting[]): Promise<void> {
  const call = new AbortController()
  const open = new Set(group)
  for (const one of group)
    one.signal.addEventListener('abort', () => {
      if (open.delete(one)) one.fail(one.signal.reason)
      if (open.size === 0) call.abort()
    })
  const failOpen = (error: unknown) => {
    for (const one of open) one.fail(error)
    open.clear()
  }
  try {
    const questions = group.map(({ input, etag }) => ({ chart: questionOf(input), etag }))
    const response = await post('/api/screen/charts', { questions }, call.signal)
    if (!response.ok || !response.body)
      return failOpen(failureOf(response.status, await response.json().catch(() => null)))
    for await (const frame of readFrames(response.body)) {
      const one = group[frame.place]
      if (!one || !open.delete(one)) continue
      try {
        one.answer(heldOf(one.input, frame))
      } catch (error) {
        one.fail(error)
      }
    }
    failOpen(new CallError('The answer of the server ended early.'))
  } catch (error) {
    failOpen(error)
  }
}

function heldOf(input: ChartInput, { status, etag, body }: ChartFrame): HeldChart | null {
  if (status === 304) return null
  if (status !== 200) throw failureOf(status, parsed(new TextDecoder().decode(body)))
  return { chart: answerTo(input, decodeChart(body.buffer)), etag }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function post(
  path: string,
  body: unknown,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw error
    // As a call that got no answer, which heals by itself.
    throw new CallError((error as Error).message, { cause: error })
  }
}

const CODES: Readonly<Record<number, string>> = { 401: 'UNAUTHORIZED', 404: 'NOT_FOUND', 410: 'NOT_FOUND' }

/** A problem document as the error that failed calls of the browser are. */
function failureOf(status: number, problem: unknown): CallError {
  const told = typeof problem === 'object' && problem !== null ? (problem as Record<string, unknown>) : {}
  const message = typeof told.detail === 'string' ? told.detail : `The server answered with ${status}.`
  return new CallError(message, { data: { code: CODES[status] ?? 'BAD_REQUEST', httpStatus: status, problem: told } })
}
