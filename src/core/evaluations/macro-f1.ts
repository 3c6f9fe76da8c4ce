/** A prediction and its truth. */
export interface Labelled {
  pred: string
  gold: string
}

/**
 * Unweighted mean of F1 over the classes that occur as prediction or truth; a class without a hit scores 0. Null without items.
 */
export function macroF1(items: readonly Labelled[]): number | null {
  const counts = new Map<string, { hits: number; total: number }>()
  const of = (name: string) => {
    const known = counts.get(name)
    if (known) return known
    const fresh = { hits: 0, total: 0 }
    counts.set(name, fresh)
    return fresh
  }
  for (const { pred, gold } of items) {
    of(pred).total++
    of(gold).total++
    if (pred === gold) of(gold).hits++
  }
  if (counts.size === 0) return null
  let sum = 0
  for (const { hits, total } of counts.values()) sum += (2 * hits) / total
  return sum / counts.size
}

/** Share of right predictions; null without items. */
export const shareRight = (items: readonly Labelled[]): number | null =>
  items.length === 0 ? null : items.filter((i) => i.pred === i.gold).length / items.length

/** What a metric makes of labels: macro-F1, unless its name says accuracy. */
export const labelScore = (metric: string): ((items: readonly Labelled[]) => number | null) =>
  /acc|exact|micro/i.test(metric) ? shareRight : macroF1
