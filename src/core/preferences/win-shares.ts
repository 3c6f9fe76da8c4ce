import { t95 } from '../evaluations/distributions.ts'
import { meanError } from '../evaluations/mean-error.ts'
import { wilson } from '../evaluations/wilson.ts'
import { type Judgement, scoreOfA } from './battles.ts'

/** How one model fared against another, or against all others. */
export interface WinShare {
  wins: number
  ties: number
  losses: number
  prompts: number
  /** Share of battles won, ties as half, with its 95 % interval. */
  share: number
  low: number
  high: number
  /** `wilson` where each prompt was judged once; `prompts`: t over prompts, since judgements of one prompt are no independent battles. */
  method: 'wilson' | 'prompts'
  /** Geometric mean of own length over the other's, over the battles that told both; null without any. */
  lengthRatio: number | null
}

/** A battle seen from one of its sides. */
interface Seen {
  score: 1 | 0.5 | 0
  prompt: string
  ratio: number | null
}

/** Every pair that battled, from the side of the model whose key comes first in `keys`. */
export function winSharesOfPairs(
  battles: readonly Judgement[],
  keys: readonly string[],
): (WinShare & { a: string; b: string })[] {
  const place = new Map(keys.map((key, i) => [key, i]))
  const pairs = new Map<string, { a: string; b: string; seen: Seen[] }>()
  for (const battle of battles) {
    const [i, j] = [place.get(battle.a) ?? -1, place.get(battle.b) ?? -1]
    const isTurned = i > j
    const [a, b] = isTurned ? [battle.b, battle.a] : [battle.a, battle.b]
    const key = `${Math.min(i, j)} ${Math.max(i, j)}`
    const pair = pairs.get(key) ?? { a, b, seen: [] }
    pairs.set(key, pair)
    pair.seen.push(seenBy(battle, isTurned ? 'b' : 'a'))
  }
  return [...pairs.values()].map(({ a, b, seen }) => ({ a, b, ...winShare(seen) }))
}

/** One model against all that it met. The other models decide how hard that was: a rating takes them into account, this does not. */
export const winShareOf = (battles: readonly Judgement[], key: string): WinShare =>
  winShare(
    battles.flatMap((battle) =>
      battle.a === key ? [seenBy(battle, 'a')] : battle.b === key ? [seenBy(battle, 'b')] : [],
    ),
  )

function seenBy({ winner, prompt, lengthA, lengthB }: Judgement, side: 'a' | 'b'): Seen {
  const ratio = lengthA && lengthB ? lengthA / lengthB : null
  const score = scoreOfA(winner)
  if (side === 'a') return { score, prompt, ratio }
  return { score: score === 1 ? 0 : score === 0 ? 1 : 0.5, prompt, ratio: ratio === null ? null : 1 / ratio }
}

/** @throws RangeError without a battle */
function winShare(seen: readonly Seen[]): WinShare {
  const wins = seen.filter(({ score }) => score === 1).length
  const losses = seen.filter(({ score }) => score === 0).length
  const ties = seen.length - wins - losses
  const share = (wins + ties / 2) / seen.length
  const ratios = seen.flatMap(({ ratio }) => (ratio === null ? [] : Math.log(ratio)))
  return {
    wins,
    ties,
    losses,
    prompts: new Set(seen.map(({ prompt }) => prompt)).size,
    share,
    ...intervalOf(seen, share),
    lengthRatio: ratios.length === 0 ? null : Math.exp(ratios.reduce((sum, v) => sum + v, 0) / ratios.length),
  }
}

/** Clustered where prompts repeat, unless that tells nothing: one prompt, or every prompt the same way. */
function intervalOf(seen: readonly Seen[], share: number): Pick<WinShare, 'low' | 'high' | 'method'> {
  const { se, clusters, df } = meanError(
    seen.map(({ score }) => score),
    seen.map(({ prompt }) => prompt),
  )
  if (clusters === null) return { ...wilson(share, seen.length), method: 'wilson' }
  if (se === null || se === 0) return { ...wilson(share, clusters), method: 'wilson' }
  const half = t95(df) * se
  return { low: Math.max(0, share - half), high: Math.min(1, share + half), method: 'prompts' }
}
