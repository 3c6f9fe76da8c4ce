import type { ProblemCode } from '../protocol/problem.ts'

/** Extra members of a refusal that clients read: errors[], permission, fence, key, limit, limit_bytes, expected_seq, retry_after_s … */
export type RefusalDetail = Readonly<Record<string, unknown>>

/**
 * An expected "no". The code is one of the closed list in `protocol/problem.ts`; the message is for people: it names the
 * field, the value and the way out, and never holds SQL, a stack or another tenant's data. Each door translates it once.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode
  readonly detail: RefusalDetail

  constructor(code: ProblemCode, message: string, detail: RefusalDetail = {}) {
    super(message)
    this.code = code
    this.detail = detail
  }
}

/** The same answer for "absent" and "not yours". */
export const notFound = (what = 'This'): Refusal =>
  new Refusal('not_found', `${what} does not exist, or you may not see it.`)

/** A refusal of one field. `pointer` is a JSON pointer into the body. */
export const invalid = (pointer: string, message: string): Refusal =>
  new Refusal('invalid_request', message, { errors: [{ pointer, message }] })

/** Throws when an assumption of the code itself is broken; reaches the log whole and the caller as one sentence. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`Broken assumption: ${sentence}`)
}
