import { normalBelow } from './distributions.ts'

/**
 * p of two one-sided tests that a change is smaller than a margin either way (TOST, Schuirmann 1987):
 * `max(P(Z > (Δ+m)/SE), P(Z < (Δ−m)/SE))`. Below 0.05: retained. That no change was found shows nothing of the kind.
 *
 * @param change Δ, and its standard error `se` ≥ 0 and the `margin` > 0, all in one unit
 * @throws RangeError outside that domain
 */
export function equivalenceP(change: number, se: number, margin: number): number {
  if (!(se >= 0) || !(margin > 0)) throw new RangeError(`no equivalence test of se ${se} and margin ${margin}`)
  if (se === 0) return Math.abs(change) < margin ? 0 : 1
  return Math.max(normalBelow(-(change + margin) / se), normalBelow((change - margin) / se))
}
