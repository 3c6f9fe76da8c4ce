/** What a change says, as people say it: one word per reading, on every screen and in every text. */
import type { Reading } from './read-change.ts'

/** Also of what has no change: a protocol that differs, or a baseline that was not measured on the benchmark. */
export const READING_WORDS = {
  gained: 'gained',
  lost: 'lost',
  no_difference_found: 'no difference found',
  no_interval: 'no interval',
  not_comparable: 'cannot be compared',
  missing_baseline: 'missing baseline',
} as const satisfies Readonly<Record<Reading | 'not_comparable' | 'missing_baseline', string>>
