export const KEY_CHARACTERS_MAX = 256

const PLAIN = /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/
/** Control characters, bidi embeddings, overrides and isolates, and halves of a surrogate pair. */
const FORBIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069\p{Cs}]/u
const RESERVED = new Set(['..', '__proto__', 'constructor', 'prototype'])
const MAY_BE_RESERVED = /\.\.|__proto__|constructor|prototype/

/**
 * The name of a metric as it is kept (Unicode NFC), or null when it cannot be one: 1 to 256 characters, no control or bidi
 * characters, no lone surrogates, no blank at either end; `/` only between parts, none of them empty, `..` or a name that JavaScript
 * gives a meaning.
 */
export function metricKey(name: string): string | null {
  if (name.length === 0 || name.length > 4 * KEY_CHARACTERS_MAX) return null
  // Nearly all, and this is asked for every key of every batch: nothing is cut apart.
  const isPlain = PLAIN.test(name)
  if (isPlain && name.length <= KEY_CHARACTERS_MAX && !MAY_BE_RESERVED.test(name)) return name
  const key = isPlain ? name : name.normalize('NFC')
  if (key !== name || !PLAIN.test(key)) {
    if (FORBIDDEN.test(key) || key.trim() !== key) return null
  }
  if (key.length > KEY_CHARACTERS_MAX && [...key].length > KEY_CHARACTERS_MAX) return null
  for (const part of key.split('/')) if (part === '' || RESERVED.has(part)) return null
  return key
}

/** Telemetry is logged against the clock: its step is milliseconds since the run began, and no resume hides it. */
export const isTelemetryKey = (key: string): boolean => key.startsWith('system/')
