/**
 * Recall of facts that were taught: the facts of the training data as they stood there, the same facts in other words, and facts that
 * were not taught. Only the three together tell learning from reciting.
 */

/** The label of items that tells which of the three they are. */
export const FACT_LABEL = 'fact'

export const FACT_KINDS = ['taught', 'paraphrased', 'unrelated'] as const
export type FactKind = (typeof FACT_KINDS)[number]

export const isFactKind = (word: string): word is FactKind => (FACT_KINDS as readonly string[]).includes(word)

export const RECALL_READINGS = ['learned', 'recited', 'not learned', 'rose everywhere', 'cannot tell'] as const
export type RecallReading = (typeof RECALL_READINGS)[number]

/** A change of one kind of fact: in which direction it is certain. Null: not compared, or without an interval. */
export type Certain = 'gained' | 'lost' | 'unclear' | null

/**
 * What three changes say together. *learned*: taught and paraphrased facts rose, unrelated ones did not; *recited*: only the taught
 * wording rose; *rose everywhere*: unrelated facts rose too, so the gain is not of what was taught.
 */
export function readRecall(of: Readonly<Record<FactKind, Certain>>): RecallReading {
  if (of.taught === null || of.paraphrased === null || of.unrelated === null) return 'cannot tell'
  if (of.taught !== 'gained') return of.paraphrased === 'gained' ? 'cannot tell' : 'not learned'
  if (of.unrelated === 'gained') return 'rose everywhere'
  return of.paraphrased === 'gained' ? 'learned' : 'recited'
}

/** The direction of a change that its interval makes certain. */
export const certainOf = (change: { low: number | null; high: number | null }, orientation: 1 | -1): Certain => {
  if (change.low === null || change.high === null) return null
  const [worst, best] = orientation === 1 ? [change.low, change.high] : [-change.high, -change.low]
  return worst > 0 ? 'gained' : best < 0 ? 'lost' : 'unclear'
}
