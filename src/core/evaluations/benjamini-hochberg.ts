/**
 * Adjusted p of a family, in the order given (Benjamini and Hochberg 1995). Empty in, empty out.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const m = ps.length
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => b.p - a.p)
  const adjusted = new Array<number>(m)
  let least = 1
  order.forEach(({ p, i }, fromTop) => {
    least = Math.min(least, (p * m) / (m - fromTop))
    adjusted[i] = least
  })
  return adjusted
}
