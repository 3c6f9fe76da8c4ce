import { Z95 } from './distributions.ts'
import { mcnemarChiSquare, mcnemarExact } from './mcnemar.ts'
import { minimumDetectableBinary } from './power.ts'
import { binomialError } from './share-interval.ts'

/** What counts of changed 0/1 items say, as fractions. */
export interface BinaryChange {
  /** New − old: negative when more was lost than gained. */
  delta: number
  /** `sqrt(Σ(d_i − Δ)² / (n(n−1)))`; null for one item, as are the ends of Δ ± 1.96 SE. */
  se: number | null
  low: number | null
  high: number | null
  /** McNemar's exact p. */
  p: number
  detectable: number
}

/**
 * Two models on the same 0/1 items, from the counts of those that changed (McNemar 1947; Miller 2024, arXiv 2411.00640, eq. 7).
 *
 * @param lost right before, wrong after
 * @param gained wrong before, right after; with `lost` at most n
 */
export function binaryChange(n: number, lost: number, gained: number): BinaryChange {
  const delta = (gained - lost) / n
  const se = n < 2 ? null : Math.sqrt(Math.max(0, lost + gained - n * delta ** 2) / (n * (n - 1)))
  return {
    delta,
    se,
    low: se === null ? null : delta - Z95 * se,
    high: se === null ? null : delta + Z95 * se,
    p: mcnemarExact(lost, gained),
    detectable: minimumDetectableBinary(n, (lost + gained) / n),
  }
}

/** The same with what else people ask of it. */
export interface BinaryReport extends BinaryChange {
  /** What an unpaired comparison would say, from the two shares alone. */
  unpairedSe: number
  /** McNemar's χ² without and with continuity correction, a check of p; null when nothing changed. */
  chiSquare: { chi2: number; p: number } | null
  corrected: { chi2: number; p: number } | null
  agreement: number
  lossRate: number
  gainRate: number
}

/** A share that was rounded may contradict the counts by this much. */
const ROUNDED = 0.005

/**
 * `binaryChange` beside the unpaired error and the checks.
 *
 * @param shareBefore of right answers, 0…1, perhaps rounded to two decimals
 * @throws RangeError when n is 0, or when more items changed than there are, or than were right or wrong
 */
export function binaryReport(n: number, lost: number, gained: number, shareBefore: number): BinaryReport {
  if (lost + gained > n || n < 1) throw new RangeError(`lost ${lost} and gained ${gained} of n ${n} items cannot be.`)
  if (lost / n > shareBefore + ROUNDED || gained / n > 1 - shareBefore + ROUNDED)
    throw new RangeError(`lost ${lost} and gained ${gained} of ${n} items contradict a share of ${shareBefore} before.`)
  const change = binaryChange(n, lost, gained)
  const shareAfter = Math.min(1, Math.max(0, shareBefore + change.delta))
  return {
    ...change,
    unpairedSe: Math.hypot(binomialError(shareBefore, n), binomialError(shareAfter, n)),
    chiSquare: mcnemarChiSquare(lost, gained, 0),
    corrected: mcnemarChiSquare(lost, gained, 1),
    agreement: 1 - (lost + gained) / n,
    lossRate: lost / n,
    gainRate: gained / n,
  }
}
