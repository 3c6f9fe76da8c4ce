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

const countsRight = (metric: string): boolean => /acc|exact|micro/i.test(metric)

/** What a metric makes of labels: macro-F1, unless its name says accuracy. */
export const labelScore = (metric: string): ((items: readonly Labelled[]) => number | null) =>
  countsRight(metric) ? shareRight : macroF1

/**
 * The same of a choice of these items, by their indices, for a bootstrap: classes are numbered once, so that a thousand resamples of
 * ten thousand items take a tenth of a second and not ten.
 */
export function labelScoreOfChoice(metric: string, items: readonly Labelled[]): (indices: Int32Array) => number {
  if (countsRight(metric)) {
    const right = Uint8Array.from(items, (item) => Number(item.pred === item.gold))
    return (indices) => indices.reduce((sum, i) => sum + (right[i] ?? 0), 0) / indices.length
  }
  const classes = new Map<string, number>()
  const number = (name: string): number => {
    const known = classes.get(name)
    if (known !== undefined) return known
    classes.set(name, classes.size)
    return classes.size - 1
  }
  const pred = Int32Array.from(items, (item) => number(item.pred))
  const gold = Int32Array.from(items, (item) => number(item.gold))
  const hits = new Int32Array(classes.size)
  const total = new Int32Array(classes.size)
  return (indices) => {
    hits.fill(0)
    total.fill(0)
    for (const i of indices) {
      const [p, g] = [pred[i] as number, gold[i] as number]
      total[p] = (total[p] as number) + 1
      total[g] = (total[g] as number) + 1
      if (p === g) hits[g] = (hits[g] as number) + 1
    }
    let [sum, seen] = [0, 0]
    for (let c = 0; c < total.length; c++) {
      if (total[c] === 0) continue
      sum += (2 * (hits[c] as number)) / (total[c] as number)
      seen++
    }
    return sum / seen
  }
}
