/**
 * Tokens of one stage and their running total along the weight path. Clients count in two ways: some continue the parent's
 * total (the first value they log lies at or above it), some begin at 0 in every stage.
 *
 * @param seen.first the first value of the run's token counter, null when it logged none
 * @param seen.last its last value, or the tokens of the checkpoint
 * @param before the parent's running total; null at a root or where it is unknown
 */
export function stageTokens(
  seen: { first: number | null; last: number | null },
  before: number | null,
): { own: number | null; total: number | null } {
  if (seen.last === null) return { own: null, total: before }
  if (before === null) return { own: seen.last, total: seen.last }
  const continues = (seen.first ?? seen.last) >= before
  return continues ? { own: seen.last - before, total: seen.last } : { own: seen.last, total: before + seen.last }
}
