/**
 * Adjusted p of a family, in the order given (Holm 1979): holds the chance of any false alarm, where Benjamini–Hochberg holds their
 * share. Empty in, empty out.
 */
export function holm(ps: readonly number[]): number[] {
  const m = ps.length
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p)
  const adjusted = new Array<number>(m)
  let most = 0
  order.forEach(({ p, i }, rank) => {
    most = Math.max(most, Math.min(1, p * (m - rank)))
    adjusted[i] = most
  })
  return adjusted
}
