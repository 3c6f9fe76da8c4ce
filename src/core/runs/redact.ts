/**
 * Takes secrets out of free JSON, as the clients do before they send it: the server repeats it. By name, on whole words after
 * splitting at `_`, `-`, `.`, `/`, blanks and case changes, never on substrings and never for numbers and booleans
 * (`max_tokens`, `eos_token_id`, `tokenizer` and `author` are ordinary configuration); and by value, on known shapes.
 */
export const REDACTED = '[redacted]'

const SECRET_WORDS = new Set(
  'password passwd passphrase pwd secret secrets credential credentials cookie cookies dsn bearer apikey'.split(' '),
)
const SECRET_PAIRS = new Set([
  'api key',
  'api token',
  'access key',
  'access token',
  'private key',
  'secret key',
  'auth token',
  'hf token',
  'session token',
  'refresh token',
  'connection string',
  'write token',
])

const SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bdsc_(?:ing|read|adm|agt|reg|job)-[A-Za-z0-9]{40}\b/g,
  /\b(?:hf|ghp|gho|ghs|ghu|glpat|npm|pypi)[_-][A-Za-z0-9_-]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{35}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
]
const USERINFO = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,500}@/gi

/** The value with every secret replaced by `[redacted]`; nothing else changes. Keys keep their names. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isSecretName(key) ? hide(inner) : redact(inner)]),
  )
}

/** Secrets of known shapes inside a text. */
export function redactText(text: string): string {
  let clean = text.replace(USERINFO, `$1${REDACTED}@`)
  for (const shape of SHAPES) clean = clean.replace(shape, REDACTED)
  return clean
}

/** True when the name speaks of a secret, on whole words. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_\-./]+/)
  return words.some((word, i) => SECRET_WORDS.has(word) || SECRET_PAIRS.has(`${word} ${words[i + 1] ?? ''}`))
}

const hide = (value: unknown): unknown =>
  typeof value === 'string' && value !== ''
    ? REDACTED
    : typeof value === 'object' && value !== null
      ? redact(value)
      : value
