import type { Level } from '../../../core/blocks/level-block.ts'
import type { PointBlock } from '../../../core/blocks/point-block.ts'

/** A decoded block: points of level 0, or buckets. */
export type DecodedBlock = ({ kind: 'points' } & PointBlock) | ({ kind: 'buckets' } & Level)

const BYTES_PER_ENTRY = 300

/** Decoded blocks, the least recently used going first when together they pass `bytesMax`. A block never changes under its key. */
export class BlockCache {
  readonly #bytesMax: number
  /** In the order of use. */
  readonly #blocks = new Map<string, { block: DecodedBlock; bytes: number }>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** The block, with times where they are wanted; null when it is not here. */
  get(key: string, wantsTimes: boolean): DecodedBlock | null {
    const entry = this.#blocks.get(key)
    if (!entry || (wantsTimes && entry.block.times === null)) return null
    this.#blocks.delete(key)
    this.#blocks.set(key, entry)
    return entry.block
  }

  set(key: string, block: DecodedBlock): void {
    this.#drop(key)
    const bytes = sizeOf(block)
    this.#blocks.set(key, { block, bytes })
    this.#bytes += bytes
    for (const oldest of this.#blocks.keys()) {
      if (this.#bytes <= this.#bytesMax) break
      this.#drop(oldest)
    }
  }

  clear(): void {
    this.#blocks.clear()
    this.#bytes = 0
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes
  }

  #drop(key: string): void {
    this.#bytes -= this.#blocks.get(key)?.bytes ?? 0
    this.#blocks.delete(key)
  }
}

function sizeOf(block: DecodedBlock): number {
  let bytes = BYTES_PER_ENTRY
  for (const column of Object.values(block))
    if (typeof column === 'object' && column !== null) bytes += (column as Float64Array).byteLength
  return bytes
}
