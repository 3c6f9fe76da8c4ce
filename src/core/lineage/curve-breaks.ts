/**
 * Where a curve along a path must end and a new one begin, because what is measured before and after is not the same quantity. A
 * thing that one side does not tell is not called a change.
 */

/** What the loss of a stage is the loss of. */
export interface LossMeaning {
  /** The metric's name in its run. */
  key: string | null
  objective: string | null
  /** Which tokens count: all, or those of the answer. */
  lossMask: 'all' | 'response' | null
  /** Anything that names the tokenizer, its hash best. */
  tokenizer: string | null
  /** Sources of the mixture with their shares, in any order. */
  data: readonly { source: string; share: number }[]
}

/** Shares that differ by less are the same mixture. */
const SHARE_SLACK = 0.005

/**
 * Why the loss of a stage does not go on from the stage before, in words that end a sentence; empty where it is one curve. Losses on
 * other data are not one quantity, even where the name is the same.
 */
export function lossBreaks(before: LossMeaning, after: LossMeaning): string[] {
  const words: string[] = []
  if (isOther(before.tokenizer, after.tokenizer)) words.push('another tokenizer')
  if (isOther(before.lossMask, after.lossMask))
    words.push(after.lossMask === 'response' ? 'loss on the answer only' : 'loss on all tokens')
  if (isOther(before.objective, after.objective)) words.push('another objective')
  if (isOtherMixture(before.data, after.data)) words.push('other data')
  // A name tells nothing new where something above does.
  if (words.length === 0 && isOther(before.key, after.key)) words.push('another metric')
  return words
}

/** What a score of a benchmark was measured with. */
export interface ScoreMeaning {
  metric: string
  fingerprint: string
  /** Of a loss: what names the text that it was counted over, with its revision. */
  corpus?: string | null
  tokenizer: string | null
  /** Counted per token, as perplexity and nats per token are; bits per byte and accuracies are not. */
  isPerToken: boolean
}

/** Why two scores of a benchmark are not joined, in words that end a sentence; null where they are one curve. */
export function scoreBreak(before: ScoreMeaning, after: ScoreMeaning): string | null {
  if (isOther(before.corpus ?? null, after.corpus ?? null))
    return `another corpus: ${before.corpus} before, ${after.corpus} now`
  if (before.metric !== after.metric) return 'another metric'
  if (before.fingerprint !== after.fingerprint) return 'another protocol'
  return after.isPerToken && isOther(before.tokenizer, after.tokenizer) ? 'another tokenizer' : null
}

const isOther = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b

function isOtherMixture(before: LossMeaning['data'], after: LossMeaning['data']): boolean {
  if (before.length === 0 || after.length === 0) return false
  const known = new Map(before.map(({ source, share }) => [source, share]))
  if (known.size !== new Set(after.map(({ source }) => source)).size) return true
  const isKept = (share: number, was: number | undefined) => was !== undefined && Math.abs(was - share) < SHARE_SLACK
  return !after.every(({ source, share }) => isKept(share, known.get(source)))
}
