/**
 * McNemar's exact p: twice the lower binomial tail of the discordant pairs at ½, at most 1. Nothing changed: 1.
 *
 * @param lost right before, wrong after
 * @param gained wrong before, right after
 */
export function mcnemarExact(lost: number, gained: number): number {
  const n = lost + gained
  const k = Math.min(lost, gained)
  // Terms of the binomial by their logarithms: C(n, i) / 2^n underflows beyond n = 1,074.
  let logTerm = -n * Math.LN2
  let tail = Math.exp(logTerm)
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i)
    tail += Math.exp(logTerm)
  }
  return Math.min(1, 2 * tail)
}
