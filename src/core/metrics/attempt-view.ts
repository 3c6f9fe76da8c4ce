/** Where an attempt begins: the step after the checkpoint that it resumed from, 0 at a fresh start. */
export interface AttemptStart {
  attempt: number
  firstStep: number
}

/** Steps from … to−1 of an attempt. */
export interface StepRange {
  from: number
  to: number
}

/**
 * What the default view takes of each attempt: from its own first step up to the first step of any later attempt, at once, so that a
 * chart never shows a branch that was left. An attempt of which nothing is left has `from` ≥ `to`.
 *
 * @param starts in any order; an attempt that is not named begins at 0 and ends as its place among the others says
 * @returns a function from an attempt's number to its range
 */
export function attemptView(starts: readonly AttemptStart[]): (attempt: number) => StepRange {
  const sorted = starts.toSorted((a, b) => a.attempt - b.attempt)
  const known = new Map<number, StepRange>()
  const range = (attempt: number): StepRange => {
    let found = known.get(attempt)
    if (!found) {
      const from = sorted.find((s) => s.attempt === attempt)?.firstStep ?? 0
      const to = sorted.reduce(
        (end, s) => (s.attempt > attempt ? Math.min(end, s.firstStep) : end),
        Number.POSITIVE_INFINITY,
      )
      found = { from, to }
      known.set(attempt, found)
    }
    return found
  }
  return range
}

/** Telemetry is logged against the clock, so no attempt hides another's. */
export const wholeView = (): StepRange => ({ from: 0, to: Number.POSITIVE_INFINITY })
