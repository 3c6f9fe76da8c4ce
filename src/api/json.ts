import type { Buffer } from 'node:buffer'
import type { z } from 'zod'
import { invalid, Refusal } from '#src/services/errors.ts'

export const JSON_DEPTH_MAX = 32
export const JSON_TOKENS_MAX = 200_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])
const SEPARATOR = new Set([0x2c, 0x3a])

/**
 * Parses a document after a look at its bytes: `JSON.parse` takes 200,000 nested arrays, and what walks them afterwards overflows
 * the stack.
 *
 * @throws Refusal `invalid_request`
 */
export function parseJson(bytes: Buffer): unknown {
  refuseShape(bytes)
  const value = parsed(bytes)
  // Neither can come but by an escape, so that most bodies are not walked.
  if (bytes.includes('\\u0000') || bytes.includes('\\ud') || bytes.includes('\\uD')) refuseUnstorable(value, '')
  return value
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw invalid(
      '',
      `The body is not valid JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`,
    )
  }
}

/** U+0000 and halves of a surrogate pair, which PostgreSQL does not store. */
const UNSTORABLE = /\0|\p{Cs}/u

function refuseUnstorable(value: unknown, pointer: string): void {
  const refuse = (at: string) => {
    throw invalid(
      at,
      `${at || 'The body'} holds U+0000 or half of a surrogate pair, which cannot be stored. Take it out.`,
    )
  }
  if (typeof value === 'string') {
    if (UNSTORABLE.test(value)) refuse(pointer)
  } else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (UNSTORABLE.test(key)) refuse(pointer)
      refuseUnstorable(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
}

function refuseShape(bytes: Buffer): void {
  let depth = 0
  let tokens = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (byte === QUOTE) {
      i = endOfString(bytes, i)
      tokens++
    } else if (OPEN.has(byte)) {
      tokens++
      if (++depth > JSON_DEPTH_MAX)
        throw invalid('', `The body is nested more than ${JSON_DEPTH_MAX} levels deep. Flatten it.`)
    } else if (CLOSE.has(byte)) depth--
    else if (SEPARATOR.has(byte)) tokens++
    if (tokens > JSON_TOKENS_MAX)
      throw invalid('', `The body has more than ${JSON_TOKENS_MAX} values. Send it in parts.`)
  }
}

/** Index of the quote that ends the string begun at `start`; the end of the bytes when none does. */
function endOfString(bytes: Buffer, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    if (bytes[i] === BACKSLASH) i++
    else if (bytes[i] === QUOTE) return i
  }
  return bytes.length
}

const ERRORS_MAX = 20

/**
 * Checks a value against a shape.
 *
 * @param prefix where the value came from, for the pointer: '' for the body, `/query`, `/path`
 * @throws Refusal `invalid_request` with `errors[{pointer, message}]`; each message names field, value and what is expected
 */
export function parseShape<T extends z.ZodType>(shape: T, value: unknown, prefix = ''): z.output<T> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.slice(0, ERRORS_MAX).map((issue) => {
    const pointer =
      prefix + issue.path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    return { pointer, message: `${issue.message}${got(at(value, issue.path))}` }
  })
  const first = errors[0]
  throw new Refusal('invalid_request', first ? `${first.pointer || 'The body'}: ${first.message}` : 'Not valid.', {
    errors,
  })
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Object.getOwnPropertyDescriptor(here, key)?.value
  }
  return here
}

const SHOWN_MAX = 80

function got(value: unknown): string {
  if (value === undefined) return ' (it is missing)'
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? 'a list'
        : 'an object'
      : JSON.stringify(value)
  return ` (got ${text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text})`
}
