import { BLOCK_FLAGS } from './flags.ts'
import type { EncodedBlock } from './point-block.ts'

/** Where the axis lies in a block of points and in one of buckets: behind kind, n, first step and stride. */
const AXIS_AT: Readonly<Record<number, number>> = { 1: 22, 2: 24 }

/**
 * A block that was packed for a shared axis, with that axis inside: whether others share it is known only once they are packed too.
 *
 * @param axis `encodeAxis` of the block's own steps and times
 */
export function withAxisInside(block: EncodedBlock, axis: Uint8Array): EncodedBlock {
  const at = AXIS_AT[block.data[0] as number] as number
  const data = Buffer.concat([block.data.subarray(0, at), axis, block.data.subarray(at)])
  data[1] = 1
  return { ...block, flags: block.flags & ~BLOCK_FLAGS.sharedAxis, data }
}
