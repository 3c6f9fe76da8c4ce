/** Forgetting against the best of several ancestors, from the items that all of them answered. */
import { bootstrap, percentile, spread } from '../evaluations/bootstrap.ts'
import { selectionEffect } from './selection-effect.ts'

/** Scores of the same items in the same order, higher is better; every array as long as `own`. */
export interface SharedItems {
  own: readonly number[]
  /** One array per ancestor. */
  ancestors: readonly (readonly number[])[]
}

export interface BestAncestor {
  /** max over ancestors of the mean − own mean: positive is lost. Biased upwards, see `selection`. */
  forgetting: number
  /** Index of the best ancestor, the first of equals. */
  best: number
  /** 95 % of a joint bootstrap: the same resampled items for every ancestor and the model, the best chosen anew each time. */
  low: number
  high: number
  /** How much of F is spurious if all ancestors are equally good: about d_k·σ, σ the noise of one ancestor's mean. */
  selection: number
}

/**
 * Descriptive forgetting against the best ancestor. Inference is against a fixed reference (the parent, the root), for a maximum
 * of noisy values lies above all of them.
 *
 * @returns null without an ancestor or with fewer than two items
 * @throws RangeError when the arrays are not parallel
 */
export function bestAncestorForgetting({ own, ancestors }: SharedItems): BestAncestor | null {
  parallel(own, ancestors)
  if (ancestors.length === 0 || own.length < 2) return null
  const lostOn = (indices: Indices) =>
    Math.max(...ancestors.map((scores) => meanAt(scores, indices))) - meanAt(own, indices)
  const all = own.map((_, i) => i)
  const means = ancestors.map((scores) => meanAt(scores, all))
  const best = means.indexOf(Math.max(...means))
  const values = bootstrap(own.length, lostOn)
  const noise = spread(bootstrap(own.length, (indices) => meanAt(ancestors[best] ?? [], indices)))
  return {
    forgetting: lostOn(all),
    best,
    low: percentile(values, 0.025),
    high: percentile(values, 0.975),
    selection: selectionEffect(ancestors.length) * noise,
  }
}

/**
 * Honest forgetting: the best ancestor is chosen on every other item, its drop measured on the rest, and the other way round; the
 * mean of both. Free of the selection effect, noisier. Items must lie in an order that says nothing about them.
 *
 * @returns null without an ancestor or with fewer than two items
 * @throws RangeError when the arrays are not parallel
 */
export function honestForgetting({ own, ancestors }: SharedItems): number | null {
  parallel(own, ancestors)
  if (ancestors.length === 0 || own.length < 2) return null
  const all = own.map((_, i) => i)
  const halves = [all.filter((i) => i % 2 === 0), all.filter((i) => i % 2 === 1)] as const
  const drop = (chooseOn: Indices, measureOn: Indices) => {
    const chosen = ancestors.reduce((best, scores) =>
      meanAt(scores, chooseOn) > meanAt(best, chooseOn) ? scores : best,
    )
    return meanAt(chosen, measureOn) - meanAt(own, measureOn)
  }
  return (drop(halves[0], halves[1]) + drop(halves[1], halves[0])) / 2
}

type Indices = ArrayLike<number>

function meanAt(scores: readonly number[], indices: Indices): number {
  let sum = 0
  for (let i = 0; i < indices.length; i++) sum += scores[indices[i] ?? 0] ?? 0
  return sum / indices.length
}

function parallel(own: readonly number[], ancestors: readonly (readonly number[])[]): void {
  for (const [i, scores] of ancestors.entries())
    if (scores.length !== own.length)
      throw new RangeError(`ancestor ${i} has ${scores.length} items, the model has ${own.length}`)
}
