/** How p is adjusted when many benchmarks are compared at once. */
import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { holm } from './holm.ts'

/** `benjamini_hochberg` holds the share of false finds among the finds; `holm` the chance of a single false one. */
export const CORRECTIONS = ['benjamini_hochberg', 'holm'] as const
export type Correction = (typeof CORRECTIONS)[number]

/**
 * Which differences are one family: `kept` what a stage should keep, retention and safety, as its verdict counts them; `all` every
 * difference that has a p.
 */
export const DIFFERENCE_FAMILIES = ['kept', 'all'] as const

/** Adjusted p of a family, in the order given. */
export const adjusted = (ps: readonly number[], correction: Correction): number[] =>
  correction === 'holm' ? holm(ps) : benjaminiHochberg(ps)
