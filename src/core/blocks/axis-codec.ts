/**
 * The axis of a block: the steps where they are not regular, and the wall times; little-endian. Stored once for all metrics of a run
 * that share it, or inside a block that shares with none.
 *
 *   u8 1 if steps are here, else 0 | (steps: strided) | strided wall times in ms
 *   strided   f64 stride | u32 bytes, delta varint of value[i] − i × stride
 *
 * Taking the mean stride out first leaves the jitter, which mostly fits one byte.
 */
import { encodeDeltas } from '../metrics/delta-varint.ts'
import { scratchDoubles } from '../metrics/scratch.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

/** Packs an axis; steps are left out where `regularStride` has them. */
export function encodeAxis(steps: Float64Array, times: Float64Array): Buffer {
  const out = new ByteWriter(32 + steps.length * 3)
  const isRegular = regularStride(steps) !== null
  out.u8(isRegular ? 0 : 1)
  if (!isRegular) writeStrided(out, steps)
  writeStrided(out, times)
  return out.done()
}

export interface AxisParts {
  /** Null when they are regular, and lie in the block's head. */
  steps: Float64Array | null
  /** Null when they were not wanted. */
  times: Float64Array | null
}

/** @throws PackedFormatError */
export function decodeAxis(data: Uint8Array, n: number, wantsTimes: boolean): AxisParts {
  const reader = new ByteReader(data)
  const axis = readAxis(reader, n, wantsTimes)
  reader.end()
  return axis
}

/** As `decodeAxis`, from where the reader stands. */
export function readAxis(reader: ByteReader, n: number, wantsTimes: boolean): AxisParts {
  const steps = reader.u8() === 1 ? readStrided(reader, n) : null
  if (wantsTimes) return { steps, times: readStrided(reader, n) }
  reader.f64()
  reader.skipDeltas()
  return { steps, times: null }
}

function writeStrided(out: ByteWriter, values: Float64Array): void {
  const n = values.length
  const first = values[0] ?? 0
  const mean = n > 1 ? Math.round(((values[n - 1] as number) - first) / (n - 1)) : 0
  // A stride that carries the residuals out of the exact integers would not come back.
  const stride = Math.abs(mean) * n < 2 ** 52 && values.every((v) => Math.abs(v) < 2 ** 52) ? mean : 0
  const residuals = scratchDoubles(n)
  for (let i = 0; i < n; i++) residuals[i] = (values[i] as number) - i * stride
  const packed = encodeDeltas(residuals, n)
  out.f64(stride)
  out.u32(packed.length)
  out.bytes(packed)
}

function readStrided(reader: ByteReader, n: number): Float64Array {
  const stride = reader.f64()
  const values = reader.deltas(n)
  for (let i = 0; i < n; i++) values[i] = (values[i] as number) + i * stride
  return values
}

/** The difference between neighbours where it is one and the same (1 for a single step); else null. */
export function regularStride(steps: Float64Array): number | null {
  if (steps.length < 2) return 1
  const first = steps[0] as number
  const stride = (steps[1] as number) - first
  for (let i = 2; i < steps.length; i++) if (steps[i] !== first + i * stride) return null
  return stride
}

/** `first + i × stride`. */
export function regularSteps(first: number, stride: number, n: number): Float64Array {
  const steps = new Float64Array(n)
  for (let i = 0; i < n; i++) steps[i] = first + i * stride
  return steps
}
