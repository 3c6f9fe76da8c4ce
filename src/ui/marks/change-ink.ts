/** How a change is shown: the glyph's direction after orientation, filled or hollow, and whether it is worth colour. */
import type { Change } from '#src/protocol/evaluations.ts'

export interface ChangeLook {
  /** null when nothing can be compared. */
  direction: 'gained' | 'lost' | 'same' | null
  /** Filled: certain, or no interval exists; hollow: the interval includes no change. */
  filled: boolean
  /** Colour only where the change is certain or over its budget; else grey. */
  ink: 'gained' | 'lost' | 'grey'
}

/** Reads a change for its mark: ▲ gained, ▼ lost, hollow and grey where nothing was found. */
export function changeLook(change: Change): ChangeLook {
  if (change.utility === null || change.reading === 'not_comparable' || change.reading === 'missing_baseline') {
    return { direction: null, filled: false, ink: 'grey' }
  }
  const direction = change.utility > 0 ? 'gained' : change.utility < 0 ? 'lost' : 'same'
  const uncertain = change.reading === 'no_difference_found'
  const over = change.over_budget === 'certain' || (change.over_budget === 'estimate' && !uncertain)
  if (direction === 'lost') return { direction, filled: !uncertain, ink: over ? 'lost' : 'grey' }
  if (direction === 'gained') return { direction, filled: !uncertain, ink: uncertain ? 'grey' : 'gained' }
  return { direction, filled: false, ink: 'grey' }
}

/** Share of the budget that a loss uses, 0 without a loss; null when the benchmark has no budget or no comparison. */
export function budgetShare(change: Change): number | null {
  if (change.tolerance === null || change.utility === null || change.tolerance <= 0) return null
  return Math.max(0, -change.utility) / change.tolerance
}
