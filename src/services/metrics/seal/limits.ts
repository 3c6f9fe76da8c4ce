import { BLOCK_POINTS, LEVELLED_POINTS_MIN } from '../../../core/blocks/point-block.ts'

/** Sizes of a seal; tests make them small, so that few points make many levels. */
export interface SealLimits {
  /** Points per block at most. */
  blockPoints: number
  /** Fewer points than this are no levelled block; the tail keeps them until the run ends. */
  levelledMin: number
  /** How much of a tail one transaction takes. */
  pieceBytes: number
  piecePoints: number
}

/** A piece of that size takes some 50 MB while it is packed. */
export const SEAL_LIMITS: SealLimits = {
  blockPoints: BLOCK_POINTS,
  levelledMin: LEVELLED_POINTS_MIN,
  pieceBytes: 32 * 1024 * 1024,
  piecePoints: 2_000_000,
}
