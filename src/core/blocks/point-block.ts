/**
 * A sealed block of raw points (level 0), little-endian:
 *
 *   u8 1 | u8 1 if the axis is inside, else 0 | u32 n | f64 first step | f64 stride, 0 when steps are not regular
 *   | (inside: axis) | values
 *
 * Without an axis inside, the axis block that `metric_block.axis` names has it.
 */
import { PackedFormatError } from '../metrics/delta-varint.ts'
import type { Series } from '../metrics/series.ts'
import { decodeAxis, encodeAxis, readAxis, regularSteps, regularStride } from './axis-codec.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { BLOCK_FLAGS, flagOf } from './flags.ts'
import { isExactInFloat32, readValues, type Values, writeValues } from './value-codec.ts'

/** Points per block at most. */
export const BLOCK_POINTS = 4096
/** A block with fewer points has no levels; the tail keeps fewer than that until the run ends. */
export const LEVELLED_POINTS_MIN = 512

const KIND = 1

/** What the columns beside a block's bytes say. Times in ms. */
export interface BlockHead {
  n: number
  step0: number
  step1: number
  t0: number
  t1: number
  flags: number
}

export interface EncodedBlock extends BlockHead {
  data: Buffer
}

/**
 * Packs points.
 *
 * @param points ascending by step, each step once, 1 to `BLOCK_POINTS`
 * @param hasSharedAxis leaves the axis out: `encodeAxis` of the same points is stored beside it
 */
export function encodePointBlock({ steps, times, values }: Series, hasSharedAxis: boolean): EncodedBlock {
  const n = values.length
  const stride = regularStride(steps)
  const out = new ByteWriter(64 + n * 8)
  out.u8(KIND)
  out.u8(hasSharedAxis ? 0 : 1)
  out.u32(n)
  out.f64(steps[0] as number)
  out.f64(stride ?? 0)
  if (!hasSharedAxis) out.bytes(encodeAxis(steps, times))
  writeValues(out, values)
  return {
    n,
    step0: steps[0] as number,
    step1: steps[n - 1] as number,
    ...span(times),
    flags:
      (hasSharedAxis ? BLOCK_FLAGS.sharedAxis : 0) |
      (stride === null ? BLOCK_FLAGS.stepsInAxis : 0) |
      (isExactInFloat32(values) ? 0 : BLOCK_FLAGS.wide) |
      nonFiniteFlags(values),
    data: out.done(),
  }
}

export interface PointBlock {
  steps: Float64Array
  /** Null when they were not wanted. */
  times: Float64Array | null
  values: Values
}

/**
 * The points of a block.
 *
 * @param axis bytes of the shared axis; needed for irregular steps and for times of a block that has none inside
 * @throws PackedFormatError
 */
export function decodePointBlock(data: Uint8Array, axis: Uint8Array | null, wantsTimes: boolean): PointBlock {
  const reader = new ByteReader(data)
  const kind = reader.u8()
  if (kind !== KIND) throw new PackedFormatError(`A block cannot begin with byte ${kind}.`)
  const isInside = reader.u8() === 1
  const n = reader.u32()
  const first = reader.f64()
  const stride = reader.f64()
  const parts = readBlockAxis(reader, isInside, axis, { n, first, stride, wantsTimes })
  const values = readValues(reader, n)
  reader.end()
  return { ...parts, values }
}

/** Steps and times of a block: from its head, from the axis inside it, or from the one that it shares. */
export function readBlockAxis(
  reader: ByteReader,
  isInside: boolean,
  shared: Uint8Array | null,
  { n, first, stride, wantsTimes }: { n: number; first: number; stride: number; wantsTimes: boolean },
): { steps: Float64Array; times: Float64Array | null } {
  let steps: Float64Array | null = null
  let times: Float64Array | null = null
  if (isInside) ({ steps, times } = readAxis(reader, n, wantsTimes))
  else if (stride === 0 || wantsTimes) {
    if (!shared) throw new PackedFormatError('A block shares its axis, which was not given.')
    ;({ steps, times } = decodeAxis(shared, n, wantsTimes))
  }
  if (stride !== 0) steps = regularSteps(first, stride, n)
  if (!steps) throw new PackedFormatError('A block has no steps.')
  return { steps, times }
}

/** Least and greatest wall time. */
export function span(times: Float64Array): { t0: number; t1: number } {
  let t0 = times[0] ?? 0
  let t1 = t0
  for (let i = 1; i < times.length; i++) {
    const t = times[i] as number
    if (t < t0) t0 = t
    else if (t > t1) t1 = t
  }
  return { t0, t1 }
}

function nonFiniteFlags(values: Values): number {
  let flags = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value - value !== 0) flags |= flagOf(value)
  }
  return flags
}
