import { PROBLEMS, type Problem, type ProblemCode } from '#src/protocol/problem.ts'
import { Refusal } from '#src/services/errors.ts'
import { refusalOfFailure } from '#src/services/failures.ts'

const RETRY_AFTER_S: Partial<Record<number, number>> = { 429: 1, 503: 2, 507: 30 }

/** A refusal as it is told to a caller; `unexpected` when the error belongs into the log whole. */
export interface ToldProblem {
  status: number
  body: Problem
  headers: Record<string, string>
  unexpected: boolean
}

/**
 * Any error as a problem document: refusals by their code, failures of database and disk as 503 and 507, everything else as
 * `internal` with one sentence and the request id. Never holds a stack or SQL.
 */
export function tellProblem(error: unknown, requestId: string): ToldProblem {
  const refusal = refusalOfFailure(error)
  const code: ProblemCode = refusal?.code ?? 'internal'
  const [status, title] = PROBLEMS[code]
  const { retry_after_s: retryAfter, ...detail } = refusal?.detail ?? {}
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'private, no-cache',
  }
  const wait = typeof retryAfter === 'number' ? retryAfter : RETRY_AFTER_S[status]
  if (wait !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(wait)))
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  // The rest of a body that is too large is not read: the connection cannot be used again.
  if (status === 413) headers.connection = 'close'
  return {
    status,
    headers,
    unexpected: refusal === null,
    body: {
      type: `urn:descent:problem:${code}`,
      title,
      status,
      detail:
        refusal?.message ??
        `Something broke while answering. The server's log holds the cause under the request id ${requestId}.`,
      instance: `urn:descent:request:${requestId}`,
      ...detail,
      code,
    },
  }
}

/** A problem document as an answer. */
export function problemResponse(problem: ToldProblem): Response {
  return new Response(JSON.stringify(problem.body), { status: problem.status, headers: problem.headers })
}

/** The sentence of an error for one field of a form or a log line. */
export const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal
