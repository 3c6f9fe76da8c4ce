/**
 * Integers below 2^53 as differences in bytes of 7 bits, low bits first; the top bit of a byte says that another follows. The lowest
 * bit of all is the sign, and a negative difference d is written as −d−1 (zigzag). Bitwise operators work on 32 bits only, so the
 * arithmetic is done with `%` and division; the sign is kept apart, since twice a difference may not be exact.
 */

import { scratchBytes } from './scratch.ts'

/** Thrown by decoders on bytes that no encoder of ours wrote. */
export class PackedFormatError extends Error {
  override readonly name = 'PackedFormatError'
}

/** Bytes that one difference may take: the sign and 53 bits. */
const DIFFERENCE_BYTES_MAX = 8

/** Encodes the first `n` integers in −2^53 < x < 2^53, in the order given; the first one as its difference to 0. */
export function encodeDeltas(values: ArrayLike<number>, n = values.length): Uint8Array {
  const out = scratchBytes(n * DIFFERENCE_BYTES_MAX)
  let at = 0
  let previous = 0
  for (let i = 0; i < n; i++) {
    const value = values[i] as number
    const difference = value - previous
    previous = value
    const size = difference < 0 ? -difference - 1 : difference
    const low = (size % 64) * 2 + (difference < 0 ? 1 : 0)
    let rest = Math.floor(size / 64)
    if (rest === 0) {
      out[at++] = low
      continue
    }
    out[at++] = low | 128
    while (rest >= 128) {
      out[at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    out[at++] = rest
  }
  return out.slice(0, at)
}

/**
 * Decodes exactly `n` integers from exactly the bytes `from` … `to`.
 *
 * @param out of length `n`, where they go
 * @throws PackedFormatError when the bytes end early, go on, or hold a difference of more than 8 bytes
 */
export function decodeDeltas(bytes: Uint8Array, from: number, to: number, n: number, out?: Float64Array): Float64Array {
  if (from < 0 || to > bytes.length || to - from < n)
    throw new PackedFormatError(`${n} differences cannot lie in bytes ${from} to ${to} of ${bytes.length}.`)
  const values = out ?? new Float64Array(n)
  let at = from
  let previous = 0
  for (let i = 0; i < n; i++) {
    if (at >= to) throw new PackedFormatError(`Difference ${i} of ${n} is missing (byte ${at}).`)
    const last = Math.min(to, at + DIFFERENCE_BYTES_MAX)
    let byte = bytes[at++] as number
    const isNegative = byte % 2 === 1
    let size = (byte & 127) >> 1
    for (let unit = 64; byte >= 128; unit *= 128) {
      if (at >= last) throw new PackedFormatError(`Difference ${i} of ${n} does not end in time (byte ${at}).`)
      byte = bytes[at++] as number
      size += (byte & 127) * unit
    }
    previous += isNegative ? -size - 1 : size
    values[i] = previous
  }
  if (at !== to) throw new PackedFormatError(`${to - at} bytes lie behind the last of ${n} differences.`)
  return values
}

/**
 * Checks, without making an array, that `decodeDeltas` reads these bytes and gives integers from 0 to 2^53 - 1.
 *
 * @param what names the integers in the message
 * @returns the first integer
 * @throws PackedFormatError naming the byte
 */
export function checkDeltas(bytes: Uint8Array, from: number, to: number, n: number, what: string): number {
  let at = from
  let value = 0
  let first = 0
  for (let i = 0; i < n; i++) {
    const begin = at
    if (at >= to) throw new PackedFormatError(`byte ${at}: ${what} ${i} of ${n} is missing`)
    let byte = bytes[at++] as number
    const isNegative = (byte & 1) === 1
    let size = (byte & 127) >> 1
    if (byte >= 128) {
      const last = Math.min(to, begin + DIFFERENCE_BYTES_MAX)
      for (let unit = 64; byte >= 128; unit *= 128) {
        if (at >= last) throw new PackedFormatError(`byte ${begin}: ${what} ${i} of ${n} does not end in time`)
        byte = bytes[at++] as number
        size += (byte & 127) * unit
      }
    }
    value += isNegative ? -size - 1 : size
    if (value < 0 || value > Number.MAX_SAFE_INTEGER)
      throw new PackedFormatError(`byte ${begin}: ${what} ${i} of ${n} is not from 0 to 2^53 - 1`)
    if (i === 0) first = value
  }
  if (at !== to) throw new PackedFormatError(`byte ${at}: ${to - at} bytes lie behind the last ${what}`)
  return first
}
