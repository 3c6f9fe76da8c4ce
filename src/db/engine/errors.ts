/**
 * Why the embedded engine cannot be used:
 * - `no_binaries`: no PostgreSQL for this platform; `DATABASE_URL` is the way out
 * - `unreachable`: the engine's unprivileged user cannot enter a folder
 * - `newer_version`: the data belongs to a newer PostgreSQL than this build brings
 * - `in_use`: an engine holds the data folder and does not answer
 * - `start_failed`: PostgreSQL ended at start; the message holds its last words
 */
export type EngineErrorCode = 'no_binaries' | 'unreachable' | 'newer_version' | 'in_use' | 'start_failed'

export class EngineError extends Error {
  readonly code: EngineErrorCode

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EngineError'
    this.code = code
  }
}
