/** A call that got no answer, or an answer that says no. */
export class CallError extends Error {
  override readonly name = 'CallError'
  /** What the server said of it; undefined where it did not answer. */
  readonly data: unknown

  constructor(message: string, more: { data?: unknown; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.data = more.data
  }
}
