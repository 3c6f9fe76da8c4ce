import { numbers } from './array-literal.ts'

/** A column of bytes as parameters of a statement that cuts the rows out: `substring(piece from start for length)`. */
export interface ByteColumn {
  /** All of them, one behind the other. Sent as it is; in an array the bytes would be text, a tenth of what a batch costs. */
  piece: Buffer
  /** `int[]`: where each begins, counted from 1 as SQL does. */
  starts: string
  /** `int[]`: bytes of each. */
  lengths: string
}

/** Lays the bytes of several rows into one piece. */
export function byteColumn(data: readonly Buffer[]): ByteColumn {
  let at = 1
  const starts = data.map(({ length }) => {
    at += length
    return at - length
  })
  return {
    piece: data.length === 1 ? (data[0] as Buffer) : Buffer.concat(data),
    starts: numbers(starts),
    lengths: numbers(data.map(({ length }) => length)),
  }
}
