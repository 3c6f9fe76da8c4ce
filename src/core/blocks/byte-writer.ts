import { scratchSingles } from '../metrics/scratch.ts'

/** Memory of writers that are done: a block is often half of what it might have been. */
const idle: Buffer[] = []
const IDLE_BYTES_MAX = 256 * 1024
const IDLE_MAX = 4
const EMPTY = Buffer.alloc(0)

/** Little-endian bytes, written one after another into memory that grows. */
export class ByteWriter {
  #bytes: Buffer
  #at = 0

  /** @param capacity bytes that will do, most likely */
  constructor(capacity: number) {
    const known = idle.pop()
    this.#bytes = known && known.length >= capacity ? known : Buffer.allocUnsafeSlow(capacity)
  }

  u8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#at = this.#bytes.writeUInt32LE(value, this.#at)
  }

  f64(value: number): void {
    this.#reserve(8)
    this.#at = this.#bytes.writeDoubleLE(value, this.#at)
  }

  bytes(part: Uint8Array): void {
    this.#reserve(part.length)
    this.#bytes.set(part, this.#at)
    this.#at += part.length
  }

  /** The bytes of a typed array, as this machine has them: little-endian, like all machines that Node runs on but s390x. */
  array(values: Float32Array | Float64Array | Uint8Array): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }

  /** Values in 32 bits each. */
  singles(values: Float32Array | Float64Array): void {
    if (values instanceof Float32Array) this.array(values)
    else {
      const narrow = scratchSingles(values.length)
      narrow.set(values)
      this.array(narrow.subarray(0, values.length))
    }
  }

  /** What was written, in a buffer of its own size. Nothing is written after that. */
  done(): Buffer {
    const out = Buffer.from(this.#bytes.subarray(0, this.#at))
    if (idle.length < IDLE_MAX && this.#bytes.length <= IDLE_BYTES_MAX) idle.push(this.#bytes)
    this.#bytes = EMPTY
    this.#at = 0
    return out
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + more))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}
