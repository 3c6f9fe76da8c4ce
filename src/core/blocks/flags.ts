/** Bits of `metric_block.flags`: what a reader must know of a block before it has its bytes. */
export const BLOCK_FLAGS = {
  nan: 1,
  infinity: 2,
  minusInfinity: 4,
  /** Values are not exact in 32 bits: levels are 64 bits wide. */
  wide: 8,
  /** Steps are not `first + i × stride`: they lie in the axis. */
  stepsInAxis: 16,
  /** The axis is a block of its own, shared with other metrics. */
  sharedAxis: 32,
} as const

/** The three kinds of values that no mean or extreme counts. */
export const NON_FINITE_FLAGS = BLOCK_FLAGS.nan | BLOCK_FLAGS.infinity | BLOCK_FLAGS.minusInfinity

/** The bit of a value that is not finite. */
export const flagOf = (value: number): number =>
  Number.isNaN(value) ? BLOCK_FLAGS.nan : value > 0 ? BLOCK_FLAGS.infinity : BLOCK_FLAGS.minusInfinity
