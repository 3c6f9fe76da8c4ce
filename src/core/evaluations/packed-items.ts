/**
 * Items of an evaluation as comparisons read them: a list that says which items (shared by all evaluations of the same items),
 * and per evaluation a few hundred bytes that say what came out. Prompts and outputs stay with the whole items.
 *
 *   list   ids, trials and clusters in parallel, ordered by id, then trial: equal lists pair by position
 *   bytes  u8 layout (1) · u8 form (1 score, 2 loss, 3 labels, 4 counts) · u32 n · columns, little-endian
 *   score  score          loss  nats, bytes, tokens          counts  hyp_len, ref_len, match × 4, total × 4
 *   labels u32 words, each u32 length and UTF-8 · columns pred, gold: places among the words
 *   column u8 kind · values: 0 nothing known · 1 a bit each: item i is bit `i & 31` of word `i >> 5`, the last word filled with 0 ·
 *          2, 3, 4 u8, u16, u32 · 5, 6 f32, f64; NaN is missing
 *
 * A column takes the smallest kind that gives every value back exactly: 1,000 right or wrong answers take 135 bytes.
 */
import { ByteReader } from '../blocks/byte-reader.ts'
import { ByteWriter } from '../blocks/byte-writer.ts'
import type { BleuCounts } from './bleu.ts'
import { type ItemForm, type SlimItem, sharedForm } from './slim-item.ts'

/** Which items an evaluation has, ordered by id, then trial. */
export interface ItemList {
  ids: readonly string[]
  /** In parallel to ids; null: no item has a trial. */
  trials: readonly (number | null)[] | null
  /** In parallel to ids; null: no item has a cluster. */
  clusters: readonly (string | null)[] | null
}

const LAYOUT = 1
const FORMS: readonly ItemForm[] = ['score', 'loss', 'labels', 'counts']
const HEAD_BYTES = 6
const BITS = 1
const SMALL_COLUMN_BYTES = 64

/** Packs items of one form, in any order; null for no items and for items of several forms. */
export function packItems(items: readonly SlimItem[]): { list: ItemList; bytes: Uint8Array } | null {
  const form = sharedForm(items)
  if (form === null) return null
  const ordered = [...items].sort(byIdAndTrial)
  const list: ItemList = {
    ids: ordered.map((item) => item.id),
    trials: ordered.some((item) => item.trial !== null) ? ordered.map((item) => item.trial) : null,
    clusters: ordered.some((item) => item.cluster !== null) ? ordered.map((item) => item.cluster) : null,
  }
  const out = new ByteWriter(HEAD_BYTES + SMALL_COLUMN_BYTES + ordered.length)
  out.u8(LAYOUT)
  out.u8(FORMS.indexOf(form) + 1)
  out.u32(ordered.length)
  for (const column of form === 'labels' ? labelColumns(ordered, out) : numberColumns(ordered, form))
    writeColumn(out, column)
  return { list, bytes: out.done() }
}

const byIdAndTrial = (a: SlimItem, b: SlimItem): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : (a.trial ?? -1) - (b.trial ?? -1)

const numberColumns = (items: readonly SlimItem[], form: Exclude<ItemForm, 'labels'>): Float64Array[] =>
  READS[form].map((read) => Float64Array.from(items, (item) => read(item) ?? Number.NaN))

type Read = (item: SlimItem) => number | null | undefined
const four = [0, 1, 2, 3]
const READS: Readonly<Record<Exclude<ItemForm, 'labels'>, readonly Read[]>> = {
  score: [(item) => item.score],
  loss: [(item) => item.nats, (item) => item.bytes, (item) => item.tokens],
  counts: [
    (item) => item.counts?.hypLen,
    (item) => item.counts?.refLen,
    ...four.map(
      (k): Read =>
        (item) =>
          item.counts?.match[k],
    ),
    ...four.map(
      (k): Read =>
        (item) =>
          item.counts?.total[k],
    ),
  ],
}

function labelColumns(items: readonly SlimItem[], out: ByteWriter): Float64Array[] {
  const places = new Map<string, number>()
  const place = (word: string | null): number => {
    const known = places.get(word ?? '')
    if (known !== undefined) return known
    places.set(word ?? '', places.size)
    return places.size - 1
  }
  const columns = [Float64Array.from(items, (i) => place(i.pred)), Float64Array.from(items, (i) => place(i.gold))]
  out.u32(places.size)
  for (const word of places.keys()) {
    const bytes = new TextEncoder().encode(word)
    out.u32(bytes.length)
    out.bytes(bytes)
  }
  return columns
}

function writeColumn(out: ByteWriter, values: Float64Array): void {
  const kind = kindOf(values)
  out.u8(kind)
  if (kind === BITS) {
    const bits = new Uint32Array((values.length + 31) >>> 5)
    values.forEach((value, i) => {
      if (value === 1) bits[i >>> 5] = (bits[i >>> 5] ?? 0) | (1 << (i & 31))
    })
    out.bytes(new Uint8Array(bits.buffer))
  } else if (kind === 2) out.bytes(Uint8Array.from(values))
  else if (kind === 3) out.bytes(new Uint8Array(Uint16Array.from(values).buffer))
  else if (kind === 4) out.bytes(new Uint8Array(Uint32Array.from(values).buffer))
  else if (kind === 5) out.array(Float32Array.from(values))
  else if (kind === 6) out.array(values)
}

function kindOf(values: Float64Array): number {
  if (values.every(Number.isNaN)) return 0
  if (values.every((v) => v === 1 || Object.is(v, 0))) return BITS
  if (values.every((v) => Number.isInteger(v) && v >= 0 && v < 2 ** 32 && !Object.is(v, -0))) {
    const most = values.reduce((a, b) => Math.max(a, b), 0)
    return most < 2 ** 8 ? 2 : most < 2 ** 16 ? 3 : 4
  }
  return values.every((v) => Object.is(Math.fround(v), v)) ? 5 : 6
}

/** A column as it was written: bits stay bits. */
export type PackedColumn = { bits: Uint32Array } | { values: ArrayLike<number> } | null

export interface PackedValues {
  form: ItemForm
  n: number
  /** In the order of the form; null: nothing known. */
  columns: readonly PackedColumn[]
  /** Of labels, else empty. */
  words: readonly string[]
}

/**
 * What the bytes hold, without making an object per item.
 *
 * @throws PackedFormatError or RangeError for bytes that are no packed items
 */
export function readPacked(bytes: Uint8Array): PackedValues {
  const input = new ByteReader(bytes)
  const layout = input.u8()
  const form = FORMS[input.u8() - 1]
  if (layout !== LAYOUT || !form) throw new RangeError(`layout ${layout} of packed items is not known`)
  const n = input.u32()
  const words: string[] = []
  if (form === 'labels')
    for (let left = input.u32(); left > 0; left--) words.push(new TextDecoder().decode(input.own(input.u32())))
  const columns = Array.from({ length: form === 'labels' ? 2 : READS[form].length }, () => readColumn(input, n))
  return { form, n, columns, words }
}

function readColumn(input: ByteReader, n: number): PackedColumn {
  const kind = input.u8()
  if (kind === 0) return null
  if (kind === BITS) return { bits: new Uint32Array(input.own(4 * ((n + 31) >>> 5)).buffer) }
  if (kind === 2) return { values: input.own(n) }
  if (kind === 3) return { values: new Uint16Array(input.own(2 * n).buffer) }
  if (kind === 4) return { values: new Uint32Array(input.own(4 * n).buffer) }
  if (kind === 5) return { values: input.floats(n, 4) }
  if (kind === 6) return { values: input.floats(n, 8) }
  throw new RangeError(`a column of packed items has kind ${kind}`)
}

/** The scores as one bit each, item i in bit `i & 31` of word `i >> 5`; null when they are not all 0 or 1, or the items carry something else. */
export function scoreBits({ form, columns }: PackedValues): Uint32Array | null {
  const [column] = columns
  return form === 'score' && column && 'bits' in column ? column.bits : null
}

/** A column's values, one per item; NaN where missing. */
export function columnValues(column: PackedColumn, n: number): Float64Array {
  if (column === null) return new Float64Array(n).fill(Number.NaN)
  if ('values' in column) return Float64Array.from(column.values)
  const { bits } = column
  return Float64Array.from({ length: n }, (_, i) => ((bits[i >>> 5] ?? 0) >>> (i & 31)) & 1)
}

/**
 * The items again, in the list's order.
 *
 * @throws RangeError when list and bytes are not of one evaluation
 */
export function unpackItems(list: ItemList, bytes: Uint8Array): SlimItem[] {
  const packed = readPacked(bytes)
  const { form, n, words } = packed
  if (list.ids.length !== n) throw new RangeError(`the list has ${list.ids.length} items, the values ${n}`)
  const columns = packed.columns.map((column) => columnValues(column, n))
  const at = (column: number, i: number): number | null => {
    const value = columns[column]?.[i]
    return value === undefined || Number.isNaN(value) ? null : value
  }
  const word = (column: number, i: number): string | null =>
    form === 'labels' ? (words[at(column, i) ?? -1] ?? null) : null
  return list.ids.map((id, i) => ({
    id,
    trial: list.trials?.[i] ?? null,
    cluster: list.clusters?.[i] ?? null,
    score: form === 'score' ? at(0, i) : null,
    nats: form === 'loss' ? at(0, i) : null,
    bytes: form === 'loss' ? at(1, i) : null,
    tokens: form === 'loss' ? at(2, i) : null,
    pred: word(0, i),
    gold: word(1, i),
    ...(form === 'counts' && { counts: countsAt((column) => at(column, i) ?? 0) }),
  }))
}

const countsAt = (at: (column: number) => number): BleuCounts => ({
  hypLen: at(0),
  refLen: at(1),
  match: [at(2), at(3), at(4), at(5)],
  total: [at(6), at(7), at(8), at(9)],
})
