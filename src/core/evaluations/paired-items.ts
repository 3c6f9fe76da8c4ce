import { type MeanError, meanError } from './mean-error.ts'

/** Two models on the same items; `mean` is new − old. */
export interface PairedItems extends MeanError {
  /** Items whose score rose, fell, or stayed. */
  gained: number
  lost: number
  same: number
}

/**
 * The mean difference over items that both models answered, with its standard error (clustered where items share one): Miller
 * 2024 (arXiv 2411.00640), eq. 7. All three arrays run in parallel.
 *
 * @throws RangeError when they are empty or of unequal length
 */
export function pairedItems(
  before: readonly number[],
  after: readonly number[],
  clusters?: readonly (string | null)[],
): PairedItems {
  if (before.length === 0 || before.length !== after.length || (clusters && clusters.length !== after.length))
    throw new RangeError(
      `ref has ${before.length} scores, new has ${after.length}${clusters ? `, clusters has ${clusters.length} labels` : ''}; give one of each per item.`,
    )
  const differences = after.map((score, i) => score - (before[i] ?? 0))
  const gained = differences.filter((d) => d > 0).length
  const lost = differences.filter((d) => d < 0).length
  return { ...meanError(differences, clusters), gained, lost, same: after.length - gained - lost }
}
