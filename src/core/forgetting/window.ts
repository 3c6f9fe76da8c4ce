export interface WindowedForgetting {
  sinceIntroduction: number | null
  overAllAncestors: number | null
}

/**
 * Forgetting of one benchmark at the leaf of a path under both conventions: the best earlier utility, since the introduction or
 * of all, minus the leaf's. Positive is lost. Missing entries are skipped; null when none remains or the leaf is missing.
 *
 * @param column utilities along the path, root first, leaf last
 * @param introduction index in `column`
 * Source   Chaudhry et al. 2018 (1801.10112) takes all earlier models; staged evaluation counts from the introduction.
 * @throws RangeError when `introduction` is no index of `column`
 */
export function forgettingInWindow(column: readonly (number | null)[], introduction: number): WindowedForgetting {
  if (!Number.isInteger(introduction) || introduction < 0 || introduction >= column.length)
    throw new RangeError(`the introduction must lie in 0 to ${column.length - 1}, got ${introduction}`)
  const leaf = column.at(-1) ?? null
  const lost = (from: number): number | null => {
    const earlier = column.slice(from, -1).filter((value) => value !== null)
    return leaf === null || earlier.length === 0 ? null : Math.max(...earlier) - leaf
  }
  return { sinceIntroduction: lost(introduction), overAllAncestors: lost(0) }
}
