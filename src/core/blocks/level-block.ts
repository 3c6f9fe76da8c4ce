/**
 * A sealed block of buckets (level k ≥ 1), little-endian:
 *
 *   u8 2 | u8 1 if the axis is inside, else 0 | u8 width (4 or 8; 0: one value for all) | u8 counts | u32 n
 *   | f64 first step | f64 stride, 0 when steps are not regular | (inside: axis)
 *   | u32 points of a full bucket | counts 1: u32 points of the last; counts 2: u32 bytes, delta varint of points per bucket
 *   | u8 1 if some values are not finite, else 0 | (1: n × u8 flags | u32 bytes, delta varint of finite points per bucket)
 *   | n × min | n × max | n × mean, each of that width; width 0: f64 min, f64 max, f64 mean
 *
 * A bucket's step and time are those of its first point. Extremes and mean are over its finite values; NaN in all three when it has
 * none.
 */
import { encodeDeltas, PackedFormatError } from '../metrics/delta-varint.ts'
import type { Series } from '../metrics/series.ts'
import { encodeAxis, regularStride } from './axis-codec.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { BLOCK_FLAGS, flagOf } from './flags.ts'
import { type EncodedBlock, readBlockAxis } from './point-block.ts'
import type { Values } from './value-codec.ts'

/** Points per bucket of level 1, and buckets of level k per bucket of level k+1; blocks of level k per block of level k+1. */
export const LEVEL_RATIO = 8

const KIND = 2
const FULL = 0
const FULL_BUT_LAST = 1
const ANY = 2

/** Buckets as parallel arrays. */
export interface Level {
  /** Of the first point. */
  steps: Float64Array
  /** Of the first point; null when they were not wanted. */
  times: Float64Array | null
  min: Values
  max: Values
  mean: Values
  /** Points per bucket, those that are not finite included. */
  counts: Float64Array
  /** Finite points per bucket; null when all are finite. */
  finite: Float64Array | null
  /** Which values that are not finite a bucket has (`BLOCK_FLAGS`); null when all are finite. */
  flags: Uint8Array | null
}

/** Buckets of `LEVEL_RATIO` points. */
export function levelOfPoints({ steps, times, values }: Series): Level {
  const n = Math.ceil(values.length / LEVEL_RATIO)
  const level = emptyLevel(n)
  for (let b = 0; b < n; b++) {
    const from = b * LEVEL_RATIO
    const to = Math.min(values.length, from + LEVEL_RATIO)
    let min = Number.POSITIVE_INFINITY
    let max = Number.NEGATIVE_INFINITY
    let sum = 0
    let finite = 0
    let flags = 0
    for (let i = from; i < to; i++) {
      const value = values[i] as number
      if (value - value !== 0) {
        flags |= flagOf(value)
        continue
      }
      if (value < min) min = value
      if (value > max) max = value
      sum += value
      finite++
    }
    level.steps[b] = steps[from] as number
    level.times[b] = times[from] as number
    const mean = Number.isFinite(sum) ? sum / finite : meanOfHuge(values.subarray(from, to), finite)
    setBucket(level, b, { min, max, mean, count: to - from, finite, flags })
  }
  return settled(level)
}

/** Blocks of one level, one behind the other, as buckets of the next: each of `LEVEL_RATIO` of theirs. They must have times. */
export function rollUp(blocks: readonly Level[]): Level {
  const total = blocks.reduce((n, block) => n + block.steps.length, 0)
  const n = Math.ceil(total / LEVEL_RATIO)
  const level = emptyLevel(n)
  let into = -1
  let place = 0
  let bucket = emptyBucket()
  for (const block of blocks)
    for (let i = 0; i < block.steps.length; i++, place++) {
      if (place % LEVEL_RATIO === 0) {
        if (into >= 0) setBucket(level, into, bucket)
        bucket = emptyBucket()
        level.steps[++into] = block.steps[i] as number
        level.times[into] = block.times?.[i] ?? 0
      }
      const count = block.counts[i] as number
      const finite = block.finite ? (block.finite[i] as number) : count
      bucket.count += count
      bucket.flags |= block.flags?.[i] ?? 0
      if (finite === 0) continue
      if ((block.min[i] as number) < bucket.min) bucket.min = block.min[i] as number
      if ((block.max[i] as number) > bucket.max) bucket.max = block.max[i] as number
      // A running mean: the sum of huge values may overflow.
      const total = bucket.finite + finite
      bucket.mean = bucket.mean * (bucket.finite / total) + (block.mean[i] as number) * (finite / total)
      bucket.finite = total
    }
  if (into >= 0) setBucket(level, into, bucket)
  return settled(level)
}

type Bucket = { min: number; max: number; mean: number; count: number; finite: number; flags: number }
type OpenLevel = Level & { times: Float64Array; finite: Float64Array; flags: Uint8Array }

const emptyBucket = (): Bucket => ({
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  mean: 0,
  count: 0,
  finite: 0,
  flags: 0,
})

/** All columns in one piece of memory: eight pieces of it cost more than filling them. */
function emptyLevel(n: number): OpenLevel {
  const room = new ArrayBuffer(n * 57)
  const column = (i: number) => new Float64Array(room, i * n * 8, n)
  return {
    steps: column(0),
    times: column(1),
    min: column(2),
    max: column(3),
    mean: column(4),
    counts: column(5),
    finite: column(6),
    flags: new Uint8Array(room, n * 56, n),
  }
}

/** Rounding never carries a mean out of its extremes. */
function setBucket(level: OpenLevel, b: number, { min, max, mean, count, finite, flags }: Bucket): void {
  level.counts[b] = count
  level.finite[b] = finite
  level.flags[b] = flags
  level.min[b] = finite > 0 ? min : Number.NaN
  level.max[b] = finite > 0 ? max : Number.NaN
  level.mean[b] = finite > 0 ? Math.min(max, Math.max(min, mean)) : Number.NaN
}

/** The mean of finite values whose sum overflows. */
function meanOfHuge(values: Values, finite: number): number {
  let mean = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isFinite(value)) mean += value / finite
  }
  return mean
}

/** Leaves out what says nothing: counts of finite points where all are. */
function settled(level: OpenLevel): Level {
  return level.flags.some((flags) => flags !== 0) ? level : { ...level, finite: null, flags: null }
}

/**
 * Packs buckets.
 *
 * @param level with times
 * @param options.full points of a full bucket: 8^k
 * @param options.isWide as `BLOCK_FLAGS.wide` of any block below: 64 bits, since 32 would show steps that are not there
 * @param options.step1 of the last point below; `t0`, `t1`: least and greatest wall time below
 */
export function encodeLevelBlock(
  level: Level,
  options: { full: number; isWide: boolean; hasSharedAxis: boolean; step1: number; t0: number; t1: number },
): EncodedBlock {
  const { full, isWide, hasSharedAxis } = options
  const n = level.steps.length
  const times = level.times ?? new Float64Array(n)
  const stride = regularStride(level.steps)
  const isConstant = n > 1 && [level.min, level.max, level.mean].every(isOneValue)
  const width = isConstant ? 0 : isWide ? 8 : 4
  const counts = countsKind(level.counts, full)
  const out = new ByteWriter(128 + n * (3 * width + 2))
  out.u8(KIND)
  out.u8(hasSharedAxis ? 0 : 1)
  out.u8(width)
  out.u8(counts)
  out.u32(n)
  out.f64(level.steps[0] as number)
  out.f64(stride ?? 0)
  if (!hasSharedAxis) out.bytes(encodeAxis(level.steps, times))
  out.u32(full)
  if (counts === FULL_BUT_LAST) out.u32(level.counts[n - 1] as number)
  if (counts === ANY) writeDeltas(out, level.counts)
  out.u8(level.flags ? 1 : 0)
  if (level.flags && level.finite) {
    out.array(level.flags)
    writeDeltas(out, level.finite)
  }
  for (const values of [level.min, level.max, level.mean])
    if (width === 0) out.f64(values[0] as number)
    else if (width === 8) out.array(values instanceof Float64Array ? values : Float64Array.from(values))
    else out.singles(values)
  return {
    n,
    step0: level.steps[0] as number,
    step1: options.step1,
    t0: options.t0,
    t1: options.t1,
    flags:
      (hasSharedAxis ? BLOCK_FLAGS.sharedAxis : 0) |
      (stride === null ? BLOCK_FLAGS.stepsInAxis : 0) |
      (isWide ? BLOCK_FLAGS.wide : 0) |
      (level.flags?.reduce((all, flags) => all | flags, 0) ?? 0),
    data: out.done(),
  }
}

/**
 * The buckets of a block.
 *
 * @param axis bytes of the shared axis; needed for irregular steps and for times of a block that has none inside
 * @throws PackedFormatError
 */
export function decodeLevelBlock(data: Uint8Array, axis: Uint8Array | null, wantsTimes: boolean): Level {
  const reader = new ByteReader(data)
  const kind = reader.u8()
  if (kind !== KIND) throw new PackedFormatError(`A block of buckets cannot begin with byte ${kind}.`)
  const isInside = reader.u8() === 1
  const width = reader.u8()
  const countsAre = reader.u8()
  const n = reader.u32()
  const first = reader.f64()
  const stride = reader.f64()
  const { steps, times } = readBlockAxis(reader, isInside, axis, { n, first, stride, wantsTimes })
  const full = reader.u32()
  let counts: Float64Array
  if (countsAre === ANY) counts = reader.deltas(n)
  else {
    counts = new Float64Array(n).fill(full)
    if (countsAre === FULL_BUT_LAST) counts[n - 1] = reader.u32()
  }
  const hasNonFinite = reader.u8() === 1
  const flags = hasNonFinite ? reader.own(n) : null
  const finite = hasNonFinite ? reader.deltas(n) : null
  const column = (): Values => {
    if (width === 0) return new Float64Array(n).fill(reader.f64())
    if (width === 4 || width === 8) return reader.floats(n, width)
    throw new PackedFormatError(`A bucket cannot be ${width} bytes wide.`)
  }
  const min = column()
  const max = column()
  const mean = column()
  reader.end()
  return { steps, times, min, max, mean, counts, finite, flags }
}

function countsKind(counts: Float64Array, full: number): number {
  const last = counts.length - 1
  for (let i = 0; i < last; i++) if (counts[i] !== full) return ANY
  return counts[last] === full ? FULL : FULL_BUT_LAST
}

function writeDeltas(out: ByteWriter, values: Float64Array): void {
  const packed = encodeDeltas(values)
  out.u32(packed.length)
  out.bytes(packed)
}

function isOneValue(values: Values): boolean {
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return false
  return true
}
