/**
 * The stored form of posted console lines; little-endian:
 *
 *   u8 1 | u32 n | u8 file descriptor per line | u32 bytes, delta varint of times in ms
 *   | u32 bytes, delta varint of the lines' lengths in bytes | the lines' UTF-8, one after another
 */
import { decodeDeltas, encodeDeltas, PackedFormatError } from './delta-varint.ts'

export interface ConsoleLine {
  /** Wall time in ms. */
  t: number
  /** 1: standard output, 2: standard error. */
  fd: 1 | 2
  text: string
}

/** Packs lines in their order. Equal input gives equal bytes. Halves of surrogate pairs become U+FFFD. */
export function packLines(lines: readonly ConsoleLine[]): Buffer {
  const texts = lines.map((line) => Buffer.from(line.text, 'utf8'))
  const times = encodeDeltas(lines.map((line) => line.t))
  const lengths = encodeDeltas(texts.map((text) => text.length))
  const head = Buffer.allocUnsafe(5 + lines.length)
  head[0] = 1
  head.writeUInt32LE(lines.length, 1)
  lines.forEach((line, i) => {
    head[5 + i] = line.fd
  })
  return Buffer.concat([head, sized(times), times, sized(lengths), lengths, ...texts])
}

function sized(bytes: Uint8Array): Buffer {
  const size = Buffer.allocUnsafe(4)
  size.writeUInt32LE(bytes.length)
  return size
}

/**
 * The lines of a chunk, from the one numbered `from` (within the chunk, from 0) up to but without `to`.
 *
 * @throws PackedFormatError when a length points outside the bytes
 */
export function unpackLines(data: Buffer, from = 0, to = Number.POSITIVE_INFINITY): ConsoleLine[] {
  const need = (at: number, bytes: number) => {
    if (at + bytes > data.length)
      throw new PackedFormatError(`A console chunk of ${data.length} bytes is cut at ${at}.`)
  }
  need(0, 5)
  if (data[0] !== 1) throw new PackedFormatError(`A console chunk cannot begin with byte ${data[0]}.`)
  const n = data.readUInt32LE(1)
  let at = 5 + n
  need(at, 4)
  const times = column()
  const lengths = column()
  const lines: ConsoleLine[] = []
  for (let i = 0; i < n; i++) {
    const length = lengths[i] as number
    if (length < 0) throw new PackedFormatError(`Line ${i} of a console chunk has ${length} bytes.`)
    need(at, length)
    if (i >= from && i < to)
      lines.push({ t: times[i] as number, fd: data[5 + i] === 2 ? 2 : 1, text: data.toString('utf8', at, at + length) })
    at += length
  }
  return lines

  function column(): Float64Array {
    need(at, 4)
    const bytes = data.readUInt32LE(at)
    const start = at + 4
    need(start, bytes)
    at = start + bytes
    return decodeDeltas(data, start, at, n)
  }
}

/** Where the lines of a chunk lie in its bytes, without unpacking them. */
export interface ChunkPlaces {
  n: number
  /** Where the text of the first line begins. */
  textAt: number
  /** Bytes of each line; decoded when it is asked for. */
  lengths(): Float64Array
}

/** @throws PackedFormatError when a length points outside the bytes */
export function chunkPlaces(data: Buffer): ChunkPlaces {
  const sizeAt = (at: number): number => {
    if (at + 4 > data.length) throw new PackedFormatError(`A console chunk of ${data.length} bytes is cut at ${at}.`)
    return data.readUInt32LE(at)
  }
  if (data[0] !== 1) throw new PackedFormatError(`A console chunk cannot begin with byte ${data[0]}.`)
  const n = sizeAt(1)
  const timesAt = 5 + n
  const lengthsAt = timesAt + 4 + sizeAt(timesAt)
  const textAt = lengthsAt + 4 + sizeAt(lengthsAt)
  if (textAt > data.length) throw new PackedFormatError(`A console chunk of ${data.length} bytes is cut at ${textAt}.`)
  return { n, textAt, lengths: () => decodeDeltas(data, lengthsAt + 4, textAt, n) }
}
