/** RFC 9457 problem documents, the one form of every refusal on the machine doors. */
import * as z from 'zod'

/** The closed list of codes with their HTTP status and title. */
export const PROBLEMS = {
  invalid_request: [400, 'The request is not valid'],
  unauthenticated: [401, 'A valid key is needed'],
  forbidden: [403, 'This key may not do that'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  request_timeout: [408, 'The request took too long'],
  conflict: [409, 'In conflict with what is there'],
  stream_gap: [409, 'A part of the stream is missing'],
  stale_fence: [409, 'A newer holder has this job'],
  idempotency_in_flight: [409, 'The first call with this key is still running'],
  run_deleted: [410, 'The run was deleted'],
  too_large: [413, 'The body is too large'],
  unsupported_media: [415, 'This content type or encoding is not accepted'],
  range_not_satisfiable: [416, 'The range lies outside the content'],
  wrong_host: [421, 'This host name is not served here'],
  unprocessable: [422, 'The content cannot be taken'],
  cardinality_limit: [422, 'Too many metric keys'],
  too_slow: [422, 'This takes too long'],
  idempotency_mismatch: [422, 'This idempotency key was used with another body'],
  protocol_too_old: [426, 'The client speaks a protocol that is too old'],
  rate_limited: [429, 'Too many requests'],
  overloaded: [429, 'The server is behind'],
  internal: [500, 'Something broke on the server'],
  unavailable: [503, 'The database is away'],
  draining: [503, 'The server is shutting down'],
  storage_full: [507, 'The disk is full'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof PROBLEMS

export const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
