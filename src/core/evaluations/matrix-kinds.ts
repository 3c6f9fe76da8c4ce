/** What a matrix may show, what it may be compared with, and how items may flip. */

/**
 * Which checkpoints: `stages` the one of each stage; `all` every measured one; `path` the stages from the root to a leaf, with the
 * siblings at one fork; `branches` the stages that descend from one; `picked` those that somebody named.
 */
export const MATRIX_SETS = ['stages', 'all', 'path', 'branches', 'picked'] as const
export type MatrixSet = (typeof MATRIX_SETS)[number]

/** What changes are told against, besides a checkpoint by its id. `best`: per benchmark the best weight ancestor. */
export const MATRIX_BASELINES = ['parent', 'root', 'best'] as const
export type MatrixBaseline = (typeof MATRIX_BASELINES)[number]

/** What became of an item's verdict between two checkpoints. */
export const FLIP_KINDS = ['lost', 'gained', 'kept_right', 'kept_wrong'] as const
export type FlipKind = (typeof FLIP_KINDS)[number]
