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
  let term = binomialTerm(n, k)
  let tail = term
  // C(n, i−1) / C(n, i) = i / (n−i+1): down from the largest term, until terms no longer count.
  for (let i = k; i > 0 && term > tail * NEGLIGIBLE; i--) {
    term *= i / (n - i + 1)
    tail += term
  }
  return Math.min(1, 2 * tail)
}

/** Of a sum: a thousand of them lie below its last bit. */
const NEGLIGIBLE = Number.EPSILON / 1024
/** Factors of ½ at a time: 2^±500 neither overflows nor underflows. */
const HALVES = 500
const LARGE = 2 ** HALVES

/** C(n, k) / 2^n, also where C(n, k) overflows. */
function binomialTerm(n: number, k: number): number {
  let term = 1
  let halves = n
  for (let i = 1; i <= k; i++) {
    term *= (n - i + 1) / i
    if (term < LARGE || halves < HALVES) continue
    term /= LARGE
    halves -= HALVES
  }
  for (; halves > 0; halves -= HALVES) term *= 2 ** -Math.min(halves, HALVES)
  return term
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
