/**
 * Tables that may be published: benchmarks (stages across, with forgetting), trials (with half-widths), groups (benchmarks folded),
 * stages of one model, models by stage, ladder of checkpoints.
 */
export const PUBLISHED_TABLES = ['benchmarks', 'trials', 'groups', 'stages', 'models', 'ladder'] as const
export type PublishedTableName = (typeof PUBLISHED_TABLES)[number]

/** Tables of scores have decimals; of the rest nothing is rounded. */
export const hasScores = (table: PublishedTableName): boolean =>
  table === 'benchmarks' || table === 'trials' || table === 'groups'

export const DECIMALS_MAX = 4
