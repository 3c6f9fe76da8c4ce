import { decodeDeltas, PackedFormatError } from '../metrics/delta-varint.ts'

/** Reads little-endian bytes one after another; every length is checked. */
export class ByteReader {
  readonly #data: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(data: Uint8Array) {
    this.#data = data
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  }

  /** @throws PackedFormatError at the end of the bytes, as all below */
  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  /** A copy: the bytes need not be aligned. */
  floats(n: number, width: 4 | 8): Float32Array | Float64Array {
    const own = this.own(n * width)
    return width === 4 ? new Float32Array(own.buffer) : new Float64Array(own.buffer)
  }

  own(bytes: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(bytes)
    const own = new Uint8Array(bytes)
    own.set(this.#data.subarray(at, at + bytes))
    return own
  }

  /** A length in bytes, then as many of differences. */
  deltas(n: number): Float64Array {
    const bytes = this.u32()
    const at = this.#take(bytes)
    return decodeDeltas(this.#data, at, at + bytes, n)
  }

  skipDeltas(): void {
    this.#take(this.u32())
  }

  end(): void {
    if (this.#at !== this.#data.length)
      throw new PackedFormatError(`${this.#data.length - this.#at} bytes lie behind the end of a block.`)
  }

  #take(bytes: number): number {
    const at = this.#at
    if (at + bytes > this.#data.length)
      throw new PackedFormatError(`A block of ${this.#data.length} bytes is cut at ${at}.`)
    this.#at = at + bytes
    return at
  }
}
