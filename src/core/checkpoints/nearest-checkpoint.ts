/** A place on a curve: a step, or tokens so far. */
export type CurvePlace = { step: number } | { tokens: number }

/** The checkpoint nearest to a place of the curve, the earlier of two that are as near; null where none can be placed there. */
export function nearestCheckpoint<C extends { step: number; tokens: number | null }>(
  checkpoints: readonly C[],
  place: CurvePlace,
): C | null {
  const apart = (checkpoint: C): number =>
    'step' in place
      ? Math.abs(checkpoint.step - place.step)
      : checkpoint.tokens === null
        ? Number.POSITIVE_INFINITY
        : Math.abs(checkpoint.tokens - place.tokens)
  return checkpoints.reduce<C | null>((nearest, one) => {
    const [near, now] = [nearest === null ? Number.POSITIVE_INFINITY : apart(nearest), apart(one)]
    return now < near || (now === near && nearest !== null && one.step < nearest.step) ? one : nearest
  }, null)
}

/**
 * The place that words of an address name; without one step 0, where a run's first checkpoint is the nearest.
 *
 * @returns null for both at once, a word given twice, an empty one, and what is no number of 0 or more
 */
export function readCurvePlace(words: { step?: unknown; tokens?: unknown }): CurvePlace | null {
  const { step = words.tokens === undefined ? '0' : undefined, tokens } = words
  if (step !== undefined && tokens !== undefined) return null
  const word = step ?? tokens
  const at = typeof word === 'string' && word.trim() !== '' ? Number(word) : Number.NaN
  if (!(at >= 0 && Number.isFinite(at))) return null
  return step === undefined ? { tokens: at } : { step: at }
}
