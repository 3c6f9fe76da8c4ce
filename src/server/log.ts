import { type DestinationStream, type Logger, pino } from 'pino'
import { TOKEN_PATTERN } from '#src/core/auth/token.ts'

const REDACTED = '[redacted]'

/** Names whose values are never written, wherever they stand in a line's fields. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'secret',
  'token',
  'secretHash',
  'tokenHash',
  'sid',
]

/** Passwords inside URLs, and the fragment of a sign-in link. */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi
const LINK = /(\/sign-in#)[A-Za-z0-9_-]{20,}/g

/** Takes keys, URL passwords and sign-in tokens out of a text. */
export const redact = (text: string): string =>
  text
    .replaceAll(TOKEN_PATTERN, `dsc_${REDACTED}`)
    .replaceAll(URL_PASSWORD, `$1${REDACTED}@`)
    .replaceAll(LINK, `$1${REDACTED}`)

/**
 * The process's log: JSON lines on standard output. Secrets are taken out by name and by shape, in messages and in errors too.
 */
export function createLog(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const redacting: DestinationStream = { write: (line) => destination.write(redact(line)) }
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_NAMES.flatMap((name) => [quoted('', name), quoted('*', name), quoted('*.*', name)]),
        censor: REDACTED,
      },
      formatters: { level: (label) => ({ level: label }) },
    },
    redacting,
  )
}

const quoted = (prefix: string, name: string) => `${prefix}["${name}"]`
