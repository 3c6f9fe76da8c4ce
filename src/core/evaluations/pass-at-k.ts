/**
 * Chance that one of k answers drawn from n solves a problem of which c are right: `1 − C(n−c, k)/C(n, k)` (Chen et al. 2021,
 * arXiv 2107.03374). Exactly 1 when fewer than k are wrong.
 *
 * @throws RangeError unless c ≤ n and 1 ≤ k ≤ n
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!(c >= 0 && c <= n)) throw new RangeError(`c is ${c}; of n ${n} answers between 0 and ${n} can be right.`)
  if (!(k >= 1 && k <= n)) throw new RangeError(`k is ${k}; with n ${n} answers it may be 1 to ${n}.`)
  if (n - c < k) return 1
  // The quotient of binomials as a product: C(n, k) overflows for a few hundred answers.
  let allWrong = 1
  for (let i = n - c + 1; i <= n; i++) allWrong *= 1 - k / i
  return 1 - allWrong
}
