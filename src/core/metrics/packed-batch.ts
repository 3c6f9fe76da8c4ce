/**
 * The stored form of one posted batch, all its keys; little-endian. It is the form that binary bodies will have once their names
 * are numbered, so that those are stored unchanged.
 *
 *   group   u8 1 | u8 regular | u32 n | u16 keys | f64 first step
 *           | regular ? f64 stride : (u32 bytes, delta varint of n steps)
 *           | u32 bytes, delta varint of n wall times in ms; 0 bytes: the client sent none, and the time of receipt stands for each
 *           | per key: u32 metric id, u8 width (4 or 8), n values of that width
 *   groups  u8 2 | u16 count | per group: u32 bytes, a group as above
 *
 * A batch of one group is that group; a batch whose records were all refused is `groups` with count 0.
 */
import { decodeDeltas, encodeDeltas, PackedFormatError } from './delta-varint.ts'
import { scratchDoubles } from './scratch.ts'

/** Points that share steps and wall times. All arrays run in parallel; `times` is null when the client sent none. */
export interface PointGroup<Key> {
  steps: Float64Array
  times: Float64Array | null
  keys: { key: Key; values: Float64Array }[]
}

const KIND_GROUP = 1
const KIND_GROUPS = 2
const GROUP_HEAD_BYTES = 16
const KEYS_PER_GROUP_MAX = 0xffff

/** Packs groups by metric id. Equal input gives equal bytes: a re-sent batch is recognised by them. */
export function packBatch(groups: readonly PointGroup<number>[]): Buffer {
  const only = groups[0]
  if (only && groups.length === 1 && only.keys.length <= KEYS_PER_GROUP_MAX) return packGroup(only)
  const parts = groups.flatMap(cutByKeys).map(packGroup)
  const out = Buffer.allocUnsafe(3 + parts.reduce((bytes, part) => bytes + 4 + part.length, 0))
  out[0] = KIND_GROUPS
  out.writeUInt16LE(parts.length, 1)
  let at = 3
  for (const part of parts) {
    at = out.writeUInt32LE(part.length, at)
    out.set(part, at)
    at += part.length
  }
  return out
}

function cutByKeys(group: PointGroup<number>): PointGroup<number>[] {
  const pieces: PointGroup<number>[] = []
  for (let from = 0; from < group.keys.length; from += KEYS_PER_GROUP_MAX)
    pieces.push({ ...group, keys: group.keys.slice(from, from + KEYS_PER_GROUP_MAX) })
  return pieces
}

function packGroup({ steps, times, keys }: PointGroup<number>): Buffer {
  const n = steps.length
  const stride = regularStride(steps)
  const packedSteps = stride === null ? encodeDeltas(steps) : null
  const packedTimes = times ? encodeDeltas(times) : null
  const narrow = keys.map(({ values }) => isExactInFloat32(values))
  let bytes = GROUP_HEAD_BYTES + (packedSteps ? 4 + packedSteps.length : 8) + 4 + (packedTimes?.length ?? 0)
  for (const isNarrow of narrow) bytes += 5 + n * (isNarrow ? 4 : 8)

  const out = Buffer.allocUnsafe(bytes)
  out[0] = KIND_GROUP
  out[1] = stride === null ? 0 : 1
  out.writeUInt32LE(n, 2)
  out.writeUInt16LE(keys.length, 6)
  out.writeDoubleLE(steps[0] as number, 8)
  let at = GROUP_HEAD_BYTES
  if (packedSteps) {
    at = out.writeUInt32LE(packedSteps.length, at)
    out.set(packedSteps, at)
    at += packedSteps.length
  } else at = out.writeDoubleLE(stride ?? 1, at)
  at = out.writeUInt32LE(packedTimes?.length ?? 0, at)
  if (packedTimes) {
    out.set(packedTimes, at)
    at += packedTimes.length
  }
  keys.forEach(({ key, values }, k) => {
    at = out.writeUInt32LE(key, at)
    const isNarrow = narrow[k]
    out[at++] = isNarrow ? 4 : 8
    if (n === 1) at = isNarrow ? out.writeFloatLE(values[0] as number, at) : out.writeDoubleLE(values[0] as number, at)
    else {
      const plain = isNarrow ? Float32Array.from(values) : values
      out.set(new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength), at)
      at += plain.byteLength
    }
  })
  return out
}

/** The difference between neighbours where it is one and the same (1 for a single step); else null. */
function regularStride(steps: Float64Array): number | null {
  if (steps.length < 2) return 1
  const first = steps[0] as number
  const stride = (steps[1] as number) - first
  // Not by neighbours: `first + i × stride` is what a reader computes.
  for (let i = 2; i < steps.length; i++) if (steps[i] !== first + i * stride) return null
  return stride
}

function isExactInFloat32(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false
  }
  return true
}

/** One key's points of one group as stored; the arrays run in parallel, `times` is null when the client sent none. */
export type PointVisitor = (
  metricId: number,
  steps: Float64Array,
  times: Float64Array | null,
  values: Float64Array,
) => void

/**
 * Walks a packed batch in the order of the client's records and visits each wanted key; others are skipped by width. Axes are
 * decoded once per group, and only when one of its keys is wanted.
 *
 * @param wanted null: every key
 * @param isBrief what is visited is copied at once: the arrays are written over after the walk
 * @throws PackedFormatError when a length points outside the bytes
 */
export function scanBatch(
  data: Uint8Array,
  wanted: { has(id: number): boolean } | null,
  visit: PointVisitor,
  isBrief = false,
): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (data.length < 3) throw new PackedFormatError(`A batch of ${data.length} bytes is too short.`)
  if (data[0] === KIND_GROUP) {
    scanGroup(data, view, 0, data.length, wanted, visit, isBrief)
    return
  }
  if (data[0] !== KIND_GROUPS) throw new PackedFormatError(`A batch cannot begin with byte ${data[0]}.`)
  const count = view.getUint16(1, true)
  let at = 3
  for (let i = 0; i < count; i++) {
    if (at + 4 > data.length) throw new PackedFormatError(`Group ${i} of ${count} is missing.`)
    const bytes = view.getUint32(at, true)
    at += 4
    if (at + bytes > data.length) throw new PackedFormatError(`Group ${i} of ${count} is cut.`)
    scanGroup(data, view, at, at + bytes, wanted, visit, isBrief)
    at += bytes
  }
  if (at !== data.length) throw new PackedFormatError(`${data.length - at} bytes lie behind the last group.`)
}

function scanGroup(
  data: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  wanted: { has(id: number): boolean } | null,
  visit: PointVisitor,
  isBrief: boolean,
): void {
  const need = (at: number, bytes: number) => {
    if (at + bytes > to) throw new PackedFormatError(`A group of ${to - from} bytes is cut at ${at - from}.`)
  }
  need(from, GROUP_HEAD_BYTES + 8)
  if (data[from] !== KIND_GROUP) throw new PackedFormatError(`A group cannot begin with byte ${data[from]}.`)
  const isRegular = data[from + 1] === 1
  const n = view.getUint32(from + 2, true)
  const keys = view.getUint16(from + 6, true)
  let at = from + GROUP_HEAD_BYTES
  let stepsTo = at
  if (isRegular) at += 8
  else {
    stepsTo = at + 4 + view.getUint32(at, true)
    at = stepsTo
  }
  const stepsAt = from + GROUP_HEAD_BYTES
  need(at, 4)
  const timesAt = at + 4
  at = timesAt + view.getUint32(at, true)
  const timesTo = at
  need(at, 0)

  let steps: Float64Array | null = null
  let times: Float64Array | null = null
  // Where every key is wanted, they lie in one piece of memory with their axes: a piece for each costs more than its values.
  const isWhole = !wanted && n > 1 && n * keys * 4 <= to - at
  const length = n * (keys + 2)
  const room = !isWhole ? null : isBrief ? scratchDoubles(length) : new Float64Array(length)
  let used = 0
  const column = (): Float64Array => {
    if (!room) return new Float64Array(n)
    used += n
    return room.subarray(used - n, used)
  }
  for (let k = 0; k < keys; k++) {
    need(at, 5)
    const id = view.getUint32(at, true)
    const width = data[at + 4]
    at += 5
    if (width !== 4 && width !== 8) throw new PackedFormatError(`A value cannot be ${width} bytes wide.`)
    need(at, n * width)
    if (!wanted || wanted.has(id)) {
      if (!steps) {
        steps = isRegular
          ? fillRegular(column(), view.getFloat64(from + 8, true), view.getFloat64(stepsAt, true))
          : decodeDeltas(data, stepsAt + 4, stepsTo, n, column())
        if (timesTo > timesAt) times = decodeDeltas(data, timesAt, timesTo, n, column())
      }
      visit(id, steps, times, fillValues(column(), data, view, at, width))
    }
    at += n * width
  }
  if (at !== to) throw new PackedFormatError(`${to - at} bytes lie behind the last key of a group.`)
}

function fillRegular(steps: Float64Array, first: number, stride: number): Float64Array {
  for (let i = 0; i < steps.length; i++) steps[i] = first + i * stride
  return steps
}

/** Columns of more doubles are copied as bytes; of fewer, the two views that takes cost more than the values. */
const FEW_VALUES = 256

/** Bytes of a column need not be aligned. Doubles whatever its width: one kind of array is read twice as fast as either of two. */
function fillValues(values: Float64Array, data: Uint8Array, view: DataView, at: number, width: 4 | 8): Float64Array {
  const n = values.length
  if (width === 4) for (let i = 0; i < n; i++) values[i] = view.getFloat32(at + i * 4, true)
  else if (n <= FEW_VALUES) for (let i = 0; i < n; i++) values[i] = view.getFloat64(at + i * 8, true)
  else
    new Uint8Array(values.buffer, values.byteOffset, n * 8).set(
      new Uint8Array(data.buffer, data.byteOffset + at, n * 8),
    )
  return values
}
