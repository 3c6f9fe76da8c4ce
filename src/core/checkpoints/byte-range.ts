export type ByteRange = { kind: 'whole' } | { kind: 'part'; start: number; end: number } | { kind: 'unsatisfiable' }

/**
 * Reads a `Range` header over content of `size` bytes (RFC 9110 §14): one range of bytes, `end` inclusive. Several ranges and
 * other units are ignored, as the standard allows: the whole is sent.
 */
export function byteRange(header: string | null, size: number): ByteRange {
  const found = header && /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (!found) return { kind: 'whole' }
  const [, first, last] = found
  if (first === '' && last === '') return { kind: 'whole' }
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length > 0 ? { kind: 'part', start: size - length, end: size - 1 } : { kind: 'unsatisfiable' }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  return start < size ? { kind: 'part', start, end } : { kind: 'unsatisfiable' }
}
