/**
 * Memory for numbers that are needed no longer than the function that asks for it runs: what packs a thousand columns a second
 * would otherwise spend a fifth of its time on getting and freeing it. Who calls another function that asks for the same kind loses
 * what was in it.
 */
const LENGTH_MIN = 4096

const longer = (length: number): number => Math.max(LENGTH_MIN, 2 ** Math.ceil(Math.log2(length)))

let doubles = new Float64Array(LENGTH_MIN)
let singles = new Float32Array(LENGTH_MIN)
let bytes = new Uint8Array(8 * LENGTH_MIN)

/** Room for at least so many doubles, of any content. */
export function scratchDoubles(length: number): Float64Array {
  if (doubles.length < length) doubles = new Float64Array(longer(length))
  return doubles
}

/** Room for at least so many singles, of any content. */
export function scratchSingles(length: number): Float32Array {
  if (singles.length < length) singles = new Float32Array(longer(length))
  return singles
}

/** Room for at least so many bytes, of any content. */
export function scratchBytes(length: number): Uint8Array {
  if (bytes.length < length) bytes = new Uint8Array(longer(length))
  return bytes
}
