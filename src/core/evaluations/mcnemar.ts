import { zTwoSided } from './distributions.ts'

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

/**
 * McNemar's χ² with one degree of freedom, a check of the exact p: `(|lost − gained| − c)² / (lost + gained)`.
 *
 * @param continuity c, 0 or 1
 * @returns null when nothing changed
 */
export function mcnemarChiSquare(lost: number, gained: number, continuity: 0 | 1): { chi2: number; p: number } | null {
  if (lost + gained === 0) return null
  const root = Math.max(0, Math.abs(lost - gained) - continuity) / Math.sqrt(lost + gained)
  return { chi2: root ** 2, p: zTwoSided(root) }
}
