/** What can be done to many runs at once. */
export const BULK_ACTIONS = [
  'tag',
  'untag',
  'group',
  'star',
  'unstar',
  'archive',
  'unarchive',
  'move',
  'delete',
  'restore',
] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]

/** Runs of one call: one transaction holds them all. Moving leads edges, deleting ends writers, one run after the other. */
export const BULK_RUNS_MAX: Readonly<Record<BulkAction, number>> = {
  tag: 10_000,
  untag: 10_000,
  group: 10_000,
  star: 10_000,
  unstar: 10_000,
  archive: 10_000,
  unarchive: 10_000,
  move: 500,
  delete: 1_000,
  restore: 1_000,
}

export const RUN_TAGS_MAX = 100
/** Tags of one change. */
export const BULK_TAGS_MAX = 20
/** Letters of the name of a group of runs. */
export const RUN_GROUP_MAX = 200
