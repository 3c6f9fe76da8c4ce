/**
 * The binary body of a batch of points, version 1; little-endian. `docs/wire/metrics-v1.md` has it in tables.
 *
 *   "DSM1" | u16 names | per name: u16 bytes, UTF-8 | a batch as stored (`packed-batch.ts`), whose metric ids are indexes of names
 *
 * What is stored is the batch without magic and names, its ids replaced in place: nothing is decoded and written again.
 */
import { checkDeltas, PackedFormatError } from './delta-varint.ts'
import { metricKey } from './metric-key.ts'
import { type PointGroup, packBatch, scanBatch } from './packed-batch.ts'
import { BatchShapeError, BatchSizeError, type Rejection } from './records.ts'

/** A binary body that was checked from its first byte to its last. */
export interface BinaryBatch {
  body: Buffer
  /** Keys as kept (NFC) by index; null where a name cannot be one, undefined where no column uses it. */
  keys: readonly (string | null | undefined)[]
  /** Offsets in the body of the ids, in the order of the columns. */
  ids: readonly number[]
  /** Where the batch begins in the body. */
  batchAt: number
  /** Values under keys that can be kept. */
  points: number
  rejected: Rejection[]
}

/** Points that share steps and wall times, as they are stored. */
export interface StoredGroup {
  steps: Float64Array
  times: Float64Array | null
  keys: { key: number; values: Float64Array }[]
}

/** "DSM1" */
const MAGIC = 0x314d5344
const NAMES_AT = 6
const GROUP_HEAD_BYTES = 16
const NAMES_MAX = 0xffff
/** Refused names are told back up to here. */
const SHOWN_NAME_CHARACTERS = 300

/**
 * Checks a binary body in one walk: every length, steps, wall times and indexes; values are any numbers. A name that cannot be a metric
 * key costs only its own columns. A group without steps or without keys is refused, `groups` with count 0 is an empty batch.
 *
 * @param pointsMax values, those under refused names included
 * @throws BatchShapeError naming the byte
 * @throws BatchSizeError
 */
export function readBinaryBatch(body: Buffer, pointsMax: number): BinaryBatch {
  try {
    return walkBody(body, pointsMax)
  } catch (error) {
    if (error instanceof PackedFormatError)
      throw new BatchShapeError('', `The binary batch is malformed at ${error.message}.`)
    throw error
  }
}

function walkBody(body: Buffer, pointsMax: number): BinaryBatch {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const end = body.length
  if (end < NAMES_AT || view.getUint32(0, true) !== MAGIC) throw malformed(0, 'a body begins with "DSM1"')
  const names = view.getUint16(4, true)
  const nameAt = new Array<number>(names)
  let at = NAMES_AT
  for (let i = 0; i < names; i++) {
    if (at + 2 > end) throw malformed(at, `name ${i} of ${names} is missing`)
    nameAt[i] = at
    at += 2 + view.getUint16(at, true)
    if (at > end) throw malformed(nameAt[i] as number, `name ${i} of ${names} goes beyond the end`)
  }

  const batchAt = at
  const keys = new Array<string | null | undefined>(names).fill(undefined)
  const ids: number[] = []
  const rejected: Rejection[] = []
  let records = 0
  let points = 0

  const readName = (index: number): string | null => {
    const from = nameAt[index] as number
    const name = body.toString('utf8', from + 2, from + 2 + view.getUint16(from, true))
    // What is no UTF-8 was decoded to U+FFFD.
    const isText =
      !name.includes('\ufffd') || Buffer.from(name).equals(body.subarray(from + 2, nameAt[index + 1] ?? batchAt))
    const key = isText ? metricKey(name) : null
    if (key === null) rejected.push({ key: name.slice(0, SHOWN_NAME_CHARACTERS), reason: 'invalid_key' })
    keys[index] = key
    return key
  }

  const walkGroup = (from: number, to: number): void => {
    if (from + GROUP_HEAD_BYTES + 8 > to) throw malformed(from, 'a group is cut')
    if (body[from] !== 1) throw malformed(from, `a group cannot begin with ${body[from]}`)
    const regular = body[from + 1] as number
    const n = view.getUint32(from + 2, true)
    const columns = view.getUint16(from + 6, true)
    if (n === 0) throw malformed(from + 2, 'a group has no steps')
    if (columns === 0) throw malformed(from + 6, 'a group has no keys')
    records += n * columns
    if (records > pointsMax) throw new BatchSizeError(records)

    const first = view.getFloat64(from + 8, true)
    if (!Number.isSafeInteger(first) || first < 0 || Object.is(first, -0))
      throw malformed(from + 8, 'the first step is no integer from 0 to 2^53 - 1')
    let at = from + GROUP_HEAD_BYTES
    if (regular === 1) {
      const stride = view.getFloat64(at, true)
      const last = first + (n - 1) * stride
      if (!Number.isSafeInteger(stride) || last < 0 || last > Number.MAX_SAFE_INTEGER)
        throw malformed(at, 'the stride is no integer, or leads out of 0 to 2^53 - 1')
      at += 8
    } else if (regular === 0) {
      const stepsTo = at + 4 + view.getUint32(at, true)
      if (stepsTo > to) throw malformed(at, 'the steps go beyond the end')
      if (checkDeltas(body, at + 4, stepsTo, n, 'step') !== first)
        throw malformed(from + 8, 'the first step is not the first of the steps')
      at = stepsTo
    } else throw malformed(from + 1, `"regular" is 0 or 1, not ${regular}`)

    if (at + 4 > to) throw malformed(at, 'the wall times are missing')
    const timesAt = at + 4
    at = timesAt + view.getUint32(at, true)
    if (at > to) throw malformed(timesAt - 4, 'the wall times go beyond the end')
    if (at > timesAt) checkDeltas(body, timesAt, at, n, 'wall time')

    for (let k = 0; k < columns; k++) {
      if (at + 5 > to) throw malformed(at, `key ${k} of ${columns} is missing`)
      const index = view.getUint32(at, true)
      const width = body[at + 4] as number
      if (index >= names) throw malformed(at, `key ${k} is name ${index} of ${names}`)
      if (width !== 4 && width !== 8) throw malformed(at + 4, `a value is 4 or 8 bytes wide, not ${width}`)
      ids.push(at)
      const key = keys[index]
      if (key !== null && (key !== undefined || readName(index) !== null)) points += n
      at += 5 + n * width
      if (at > to) throw malformed(at - n * width, `the values of key ${k} go beyond the end`)
    }
    if (at !== to) throw malformed(at, `${to - at} bytes lie behind the last key of a group`)
  }

  if (at + 3 > end) throw malformed(at, 'the batch is missing')
  if (body[at] !== 2) walkGroup(at, end)
  else {
    const count = view.getUint16(at + 1, true)
    at += 3
    for (let i = 0; i < count; i++) {
      if (at + 4 > end) throw malformed(at, `group ${i} of ${count} is missing`)
      const to = at + 4 + view.getUint32(at, true)
      if (to > end) throw malformed(at, `group ${i} of ${count} goes beyond the end`)
      walkGroup(at + 4, to)
      at = to
    }
    if (at !== end) throw malformed(at, `${end - at} bytes lie behind the last group`)
  }
  return { body, keys, ids, batchAt, points, rejected }
}

const malformed = (at: number, what: string): PackedFormatError => new PackedFormatError(`byte ${at}: ${what}`)

/**
 * The batch as it is stored. Its ids are written over the indexes in the received body, which is no body any more afterwards; where
 * columns are refused, the others are packed anew.
 *
 * @param idOf gives the number of a key
 */
export function numberBinaryBatch(batch: BinaryBatch, idOf: (key: string) => number): Buffer {
  const { body, keys, ids, batchAt } = batch
  const numbers = keys.map((key) => (typeof key === 'string' ? idOf(key) : 0))
  if (batch.rejected.length > 0) return packBatch(keptGroups(batch, numbers))
  for (const at of ids) body.writeUInt32LE(numbers[body.readUInt32LE(at)] as number, at)
  const stored = body.subarray(batchAt)
  // It is kept in memory: not together with a name table of its own size, or a pool that others share.
  return stored.length * 4 < body.buffer.byteLength * 3 ? Buffer.from(stored) : stored
}

function keptGroups({ body, keys, batchAt }: BinaryBatch, numbers: readonly number[]): PointGroup<number>[] {
  const kept = { has: (index: number) => typeof keys[index] === 'string' }
  return groupsOf(body.subarray(batchAt), kept).map(({ steps, times, keys }) => ({
    steps,
    times,
    keys: keys.map(({ key, values }) => ({ key: numbers[key] as number, values })),
  }))
}

/**
 * The points of a stored batch by groups, decoded.
 *
 * @throws PackedFormatError when a length points outside the bytes
 */
export const unpackBatch = (data: Uint8Array): StoredGroup[] => groupsOf(data, null)

function groupsOf(data: Uint8Array, wanted: { has(id: number): boolean } | null): StoredGroup[] {
  const groups: StoredGroup[] = []
  let group: StoredGroup | null = null
  scanBatch(data, wanted, (key, steps, times, values) => {
    // The axes are decoded once per group, so that they tell one from the next.
    if (group?.steps !== steps) {
      group = { steps, times, keys: [] }
      groups.push(group)
    }
    group.keys.push({ key, values })
  })
  return groups
}

/**
 * Writes a binary body in the one form that clients of ours write: names in the order of their first use, single precision where it is
 * exact, regular steps as first and stride, one group as itself.
 *
 * @throws RangeError for more than 65,535 names, or one of more than 65,535 bytes
 */
export function writeBinaryBatch(groups: readonly PointGroup<string>[]): Buffer {
  const indexes = new Map<string, number>()
  for (const { keys } of groups) for (const { key } of keys) if (!indexes.has(key)) indexes.set(key, indexes.size)
  if (indexes.size > NAMES_MAX) throw new RangeError(`A body has at most ${NAMES_MAX} names, not ${indexes.size}.`)
  const head = Buffer.alloc(NAMES_AT)
  head.writeUInt32LE(MAGIC)
  head.writeUInt16LE(indexes.size, 4)
  const names = [...indexes.keys()].map((name) => {
    const bytes = Buffer.byteLength(name)
    if (bytes > 0xffff) throw new RangeError(`A name has at most 65535 bytes, not ${bytes}.`)
    const entry = Buffer.alloc(2 + bytes)
    entry.writeUInt16LE(bytes)
    entry.write(name, 2)
    return entry
  })
  const numbered = groups.map((group) => ({
    ...group,
    keys: group.keys.map(({ key, values }) => ({ key: indexes.get(key) as number, values })),
  }))
  return Buffer.concat([head, ...names, packBatch(numbered)])
}
