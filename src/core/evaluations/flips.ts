import type { SlimItem } from './slim-item.ts'

/** How verdicts of the same items changed between two models. */
export interface Flips {
  lost: number
  gained: number
  kept_right: number
  kept_wrong: number
}

/** Counts changed verdicts over items that both answered; null where items are not simply right or wrong. */
export function countFlips(before: readonly SlimItem[], after: readonly SlimItem[]): Flips | null {
  const key = (item: SlimItem) => `${item.trial ?? 0} ${item.id}`
  const old = new Map(before.map((item) => [key(item), verdict(item)]))
  const flips: Flips = { lost: 0, gained: 0, kept_right: 0, kept_wrong: 0 }
  let shared = 0
  for (const item of after) {
    if (!old.has(key(item))) continue
    const was = old.get(key(item)) ?? null
    const is = verdict(item)
    if (was === null || is === null) return null
    shared++
    flips[was ? (is ? 'kept_right' : 'lost') : is ? 'gained' : 'kept_wrong']++
  }
  return shared > 0 ? flips : null
}

/** Right or wrong; null for a score in between and for losses. */
export function verdict(item: Pick<SlimItem, 'score' | 'pred' | 'gold'>): boolean | null {
  if (item.score !== null) return item.score === 1 ? true : item.score === 0 ? false : null
  return item.pred !== null && item.gold !== null ? item.pred === item.gold : null
}

/** Ids of items that both answered, those with another verdict (or score) first, at most `limit`, in their order. */
export function changedFirst(before: readonly SlimItem[], after: readonly SlimItem[], limit: number): string[] {
  const old = new Map(before.map((item) => [item.id, item]))
  const shared = [...new Map(after.map((item) => [item.id, item])).values()].filter((item) => old.has(item.id))
  const hasChanged = (item: SlimItem) => {
    const was = old.get(item.id)
    return was !== undefined && (verdict(was) !== verdict(item) || was.score !== item.score)
  }
  return [...shared.filter(hasChanged), ...shared.filter((item) => !hasChanged(item))]
    .slice(0, limit)
    .map((item) => item.id)
}
