import { PROTOCOL_VERSION } from '#src/protocol/words.ts'

const ANSWER_BYTES_MAX = 4 * 1024 * 1024
/** Timers take no more. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

/** The server cannot be reached, or asks for patience; the same call may be repeated. */
export class ServerAway extends Error {
  override readonly name = 'ServerAway'
  readonly retryAfterMs: number | undefined

  constructor(message: string, retryAfterMs?: number) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** The server answered no. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface Call {
  method?: 'GET' | 'POST'
  token?: string | undefined
  json?: unknown
  /** JSON that was written already. */
  body?: string
  headers?: Record<string, string>
  timeoutMs?: number
  signal?: AbortSignal
}

export interface Server {
  readonly url: string
  /** A call whose answer is JSON, or null when the answer is empty. @throws ServerAway, ServerRefusal */
  call(path: string, call: Call): Promise<unknown>
  /** A call whose answer is read by the caller. @throws ServerAway, ServerRefusal */
  open(path: string, call: Call): Promise<Response>
}

/**
 * The one way to the server. Answers are treated as hostile: redirects are not followed, sizes are bounded, and a token is sent
 * nowhere but to the origin that the operator named.
 */
export function connect(serverUrl: string): Server {
  const base = new URL(serverUrl).origin
  const open = async (path: string, call: Call): Promise<Response> => {
    const timeoutMs = Math.min(Math.ceil(call.timeoutMs ?? 30_000), TIMEOUT_MS_MAX)
    const signals = [AbortSignal.timeout(timeoutMs), ...(call.signal ? [call.signal] : [])]
    let answer: Response
    try {
      answer = await fetch(`${base}/api/v1${path}`, {
        method: call.method ?? 'POST',
        redirect: 'manual',
        headers: {
          'x-descent-protocol': String(PROTOCOL_VERSION),
          ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
          ...((call.json !== undefined || call.body !== undefined) && { 'content-type': 'application/json' }),
          ...call.headers,
        },
        ...(call.json !== undefined
          ? { body: JSON.stringify(call.json) }
          : call.body !== undefined && { body: call.body }),
        signal: AbortSignal.any(signals),
      })
    } catch (error) {
      throw new ServerAway(`${base} does not answer (${reasonOf(error)})`)
    }
    if (answer.status >= 200 && answer.status < 300) return answer
    throw await refusalOf(answer)
  }
  return {
    url: base,
    open,
    call: async (path, call) => {
      const answer = await open(path, call)
      const text = await readBounded(answer)
      if (text === '') return null
      try {
        return JSON.parse(text)
      } catch {
        throw new ServerAway('the answer is no JSON')
      }
    },
  }
}

async function refusalOf(answer: Response): Promise<Error> {
  const text = await readBounded(answer).catch(() => '')
  const problem = parseProblem(text)
  const message = problem.detail ?? `the server answered ${answer.status}`
  const { status } = answer
  if (status === 408 || status === 425 || status === 429 || status >= 500 || problem.code === 'idempotency_in_flight') {
    const seconds = Number(answer.headers.get('retry-after'))
    return new ServerAway(message, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined)
  }
  return new ServerRefusal(status, problem.code ?? `http_${status}`, message)
}

function parseProblem(text: string): { code?: string; detail?: string } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return {}
    const { code, detail } = value as { code?: unknown; detail?: unknown }
    return {
      ...(typeof code === 'string' && { code: code.slice(0, 100) }),
      ...(typeof detail === 'string' && { detail: detail.slice(0, 2000) }),
    }
  } catch {
    return {}
  }
}

async function readBounded(answer: Response): Promise<string> {
  if (!answer.body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of answer.body) {
      size += chunk.length
      if (size > ANSWER_BYTES_MAX) throw new ServerAway('the answer is larger than 4 MiB')
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof ServerAway ? error : new ServerAway(`the answer was cut off (${reasonOf(error)})`)
  }
  return new TextDecoder().decode(concat(chunks, size))
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  return String(cause)
}
