import type { HeadRow } from '../head-row.ts'

/**
 * Bytes of a run's batches that lie in memory: a seal need not ask the database for them, which is a quarter of its work. Only batches of
 * processes, whose names never mean other bytes; carry rows are read. In one buffer, so that it goes to another thread without a copy.
 */
export interface KnownTail {
  streams: number[]
  seqs: number[]
  /** Where each batch ends in `bytes`. */
  ends: number[]
  bytes: ArrayBuffer
}

/** Memory that came back from the thread that seals: half a megabyte for every seal is dear to get and to free. */
const spare: ArrayBuffer[] = []
const SPARE_MAX = 4

/** Takes the memory of a tail that was sealed. */
export function reuse(bytes: ArrayBuffer): void {
  if (spare.length < SPARE_MAX) spare.push(bytes)
}

function roomFor(size: number): ArrayBuffer {
  const bytes = spare.pop()
  return bytes && bytes.byteLength >= size ? bytes : new ArrayBuffer(size)
}

/** Packs the first rows of a head, up to `bytesMax`. */
export function packKnownTail(rows: readonly HeadRow[], bytesMax: number): KnownTail {
  const known: HeadRow[] = []
  let size = 0
  for (const row of rows) {
    if (row.stream < 0) continue
    if (size + row.data.length > bytesMax) break
    size += row.data.length
    known.push(row)
  }
  const bytes = new Uint8Array(roomFor(size))
  const ends: number[] = []
  let at = 0
  for (const { data } of known) {
    bytes.set(data, at)
    at += data.length
    ends.push(at)
  }
  return { streams: known.map((row) => row.stream), seqs: known.map((row) => row.seq), ends, bytes: bytes.buffer }
}

/** Finds the bytes of a batch by its name; null for one that is not known. */
export function knownBytes({ streams, seqs, ends, bytes }: KnownTail): (stream: number, seq: number) => Buffer | null {
  const places = new Map(streams.map((stream, i) => [`${stream}:${seqs[i]}`, i]))
  return (stream, seq) => {
    const i = places.get(`${stream}:${seq}`)
    if (i === undefined) return null
    const from = ends[i - 1] ?? 0
    return Buffer.from(bytes, from, (ends[i] as number) - from)
  }
}
