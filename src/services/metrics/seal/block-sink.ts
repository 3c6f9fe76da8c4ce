import { encodeAxis } from '../../../core/blocks/axis-codec.ts'
import { withAxisInside } from '../../../core/blocks/axis-inside.ts'
import type { EncodedBlock } from '../../../core/blocks/point-block.ts'
import type { TransactionSql } from '../../../db/clients.ts'
import { insertBlocks, type NewBlock } from '../../../db/queries/metrics/seal/insert-blocks.ts'
import { lastAxis } from '../../../db/queries/metrics/seal/last-axis.ts'

/** Where a block stands. */
export interface BlockPlace {
  metricId: number
  attempt: number
  level: number
  no: number
}

interface Held {
  place: BlockPlace
  block: EncodedBlock
  axis: Axis
}

/** What a block is drawn over; not changed while it waits here. */
interface AxisColumns {
  steps: Float64Array
  times: Float64Array
}

interface Axis {
  columns: AxisColumns
  bytes: Buffer
  /** Blocks that wait here and have it. */
  users: number
  /** Its number, once it is stored. */
  no: number | null
}

/** Packed blocks that wait for company before they are written. */
const HELD_BYTES_MAX = 16 * 1024 * 1024
/** What a row costs: an axis is stored by itself where it saves more than that. */
const ROW_BYTES = 128

/**
 * Takes the blocks of a seal and writes them in large statements. Blocks of one attempt and level that have the same axis share one
 * stored copy of it, where that saves space.
 */
export class BlockSink {
  readonly #tx: TransactionSql
  readonly #runId: number
  #held: Held[] = []
  #bytes = 0
  /** By attempt, level, length and first point; those of one key differ further on. */
  readonly #axes = new Map<string, Axis[]>()
  /** The next number of an axis by attempt and level. */
  readonly #next = new Map<string, number>()

  constructor(tx: TransactionSql, runId: number) {
    this.#tx = tx
    this.#runId = runId
  }

  /**
   * Takes a block.
   *
   * @param block packed for a shared axis
   * @param columns that axis
   */
  add(place: BlockPlace, block: EncodedBlock, columns: AxisColumns): void {
    const axis = this.#axisOf(place, columns)
    axis.users++
    this.#held.push({ place, block, axis })
    this.#bytes += block.data.length
  }

  /** Packed once for all blocks that have it: to compare two costs a tenth of packing one. */
  #axisOf({ attempt, level }: BlockPlace, { steps, times }: AxisColumns): Axis {
    const key = `${attempt}:${level}:${steps.length}:${steps[0]}:${times[0]}`
    const alike = this.#axes.get(key)
    const known = alike?.find(({ columns }) => isSame(columns.steps, steps) && isSame(columns.times, times))
    if (known) return known
    const axis: Axis = { columns: { steps, times }, bytes: encodeAxis(steps, times), users: 0, no: null }
    if (alike) alike.push(axis)
    else this.#axes.set(key, [axis])
    return axis
  }

  /** Does so much wait that it should be written now? */
  get isFull(): boolean {
    return this.#bytes >= HELD_BYTES_MAX
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    const rows: NewBlock[] = []
    for (const { place, block, axis } of this.#held) {
      if (axis.no === null && (axis.users - 1) * axis.bytes.length > ROW_BYTES) {
        axis.no = await this.#number(place)
        rows.push({ ...block, ...place, metricId: 0, no: axis.no, flags: 0, axis: null, data: axis.bytes })
      }
      if (axis.no !== null) rows.push({ ...block, ...place, axis: axis.no })
      else rows.push({ ...withAxisInside(block, axis.bytes), ...place, axis: null })
    }
    this.#held = []
    this.#bytes = 0
    for (const [key, axes] of this.#axes) {
      const stored = axes.filter((axis) => axis.no !== null)
      for (const axis of stored) axis.users = 0
      if (stored.length > 0) this.#axes.set(key, stored)
      else this.#axes.delete(key)
    }
    await insertBlocks(this.#tx, this.#runId, rows)
  }

  async #number({ attempt, level }: BlockPlace): Promise<number> {
    const key = `${attempt}:${level}`
    const no = this.#next.get(key) ?? (await lastAxis(this.#tx, this.#runId, attempt, level)) + 1
    this.#next.set(key, no + 1)
    return no
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array) => Buffer.from(buffer, byteOffset, byteLength)

const isSame = (a: Float64Array, b: Float64Array): boolean => a === b || bytesOf(a).equals(bytesOf(b))
