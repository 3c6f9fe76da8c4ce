/** Limits of the free JSON that a run carries. */
export const CONFIG_BYTES_MAX = 256 * 1024
export const ENVIRONMENT_BYTES_MAX = 2 * 1024 * 1024
const DEPTH_MAX = 20
const KEYS_MAX = 20_000
const KEY_LENGTH_MAX = 256
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Objections to free JSON: size, depth, number and length of keys, and keys that would reach into JavaScript's own objects.
 * Null when there are none; otherwise where, as a JSON pointer below `pointer`, and why.
 */
export function objectionToJson(
  value: unknown,
  pointer: string,
  bytesMax: number,
): { pointer: string; message: string } | null {
  const bytes = new TextEncoder().encode(JSON.stringify(value) ?? '').length
  if (bytes > bytesMax)
    return { pointer, message: `${pointer.slice(1)} has ${bytes} bytes as JSON; at most ${bytesMax} are taken.` }
  return walk(value, pointer, 0, { keys: 0 })
}

function walk(
  value: unknown,
  pointer: string,
  depth: number,
  seen: { keys: number },
): { pointer: string; message: string } | null {
  if (typeof value === 'string' && value.includes('\u0000'))
    return { pointer, message: `${pointer.slice(1)} holds a NUL character, which cannot be stored.` }
  if (typeof value !== 'object' || value === null) return null
  if (depth >= DEPTH_MAX) return { pointer, message: `${pointer.slice(1)} is nested deeper than ${DEPTH_MAX} levels.` }
  for (const [key, inner] of Object.entries(value)) {
    const at = `${pointer}/${key.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (FORBIDDEN.has(key)) return { pointer: at, message: `The key "${key}" is not allowed; name it otherwise.` }
    if (key.length > KEY_LENGTH_MAX || key.includes('\u0000'))
      return {
        pointer: at,
        message: `A key has ${key.length} characters; at most ${KEY_LENGTH_MAX}, none of them NUL.`,
      }
    if (++seen.keys > KEYS_MAX) return { pointer: at, message: `More than ${KEYS_MAX} keys are not taken.` }
    const objection = walk(inner, at, depth + 1, seen)
    if (objection) return objection
  }
  return null
}
