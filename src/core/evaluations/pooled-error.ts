/**
 * Standard error of a group's score from those of its K tasks, as lm-evaluation-harness pools them:
 * `sqrt(Σ(n_k − 1)·se_k²·n_k / (Σn_k − K) / Σn_k)`.
 *
 * @param errors one per task; null: missing
 * @param ns items of each task, parallel to `errors`, each at least 1
 * @returns null when an error is missing, or when every task has one item
 * @throws RangeError when the arrays are empty or not parallel
 */
export function pooledError(errors: readonly (number | null)[], ns: readonly number[]): number | null {
  if (errors.length !== ns.length || ns.length === 0)
    throw new RangeError(`se has ${errors.length} entries and n has ${ns.length}; give one of each per task.`)
  const n = ns.reduce((sum, own) => sum + own, 0)
  let squares = 0
  for (const [k, se] of errors.entries()) {
    const own = ns[k] ?? 0
    if (se === null) return null
    squares += (own - 1) * se ** 2 * own
  }
  return n === ns.length ? null : Math.sqrt(squares / (n - ns.length) / n)
}
