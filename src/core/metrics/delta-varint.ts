/**
 * Integers below 2^53 as zigzag differences in 7-bit groups, low group first; the top bit of a byte says that another follows.
 * Bitwise operators work on 32 bits only, so the arithmetic is done with `%` and division.
 */

/** Thrown by decoders on bytes that no encoder of ours wrote. */
export class PackedFormatError extends Error {
  override readonly name = 'PackedFormatError'
}

/** Bytes that one difference may take: 2^54 in groups of 7 bits. */
const DIFFERENCE_BYTES_MAX = 8

/** Encodes integers in −2^53 < x < 2^53, in the order given; the first one as its difference to 0. */
export function encodeDeltas(values: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(values.length * DIFFERENCE_BYTES_MAX)
  let at = 0
  let previous = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const difference = value - previous
    previous = value
    let rest = difference < 0 ? -2 * difference - 1 : 2 * difference
    while (rest >= 128) {
      out[at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    out[at++] = rest
  }
  return out.subarray(0, at)
}

/**
 * Decodes exactly `n` integers from exactly the bytes `from` … `to`.
 *
 * @throws PackedFormatError when the bytes end early, go on, or hold a difference of more than 8 bytes
 */
export function decodeDeltas(bytes: Uint8Array, from: number, to: number, n: number): Float64Array {
  if (from < 0 || to > bytes.length || to - from < n)
    throw new PackedFormatError(`${n} differences cannot lie in bytes ${from} to ${to} of ${bytes.length}.`)
  const out = new Float64Array(n)
  let at = from
  let previous = 0
  for (let i = 0; i < n; i++) {
    let zigzag = 0
    let unit = 1
    const last = Math.min(to, at + DIFFERENCE_BYTES_MAX)
    for (;;) {
      if (at >= last) throw new PackedFormatError(`Difference ${i} of ${n} does not end in time (byte ${at}).`)
      const byte = bytes[at++] as number
      zigzag += (byte & 127) * unit
      if (byte < 128) break
      unit *= 128
    }
    previous += zigzag % 2 ? -(zigzag + 1) / 2 : zigzag / 2
    out[i] = previous
  }
  if (at !== to) throw new PackedFormatError(`${to - at} bytes lie behind the last of ${n} differences.`)
  return out
}
