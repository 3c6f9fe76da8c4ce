import { passAtK } from './pass-at-k.ts'
import type { SlimItem } from './slim-item.ts'

/** An item with one score over all of its trials. */
export interface AveragedItem {
  id: string
  cluster: string | null
  score: number
}

/**
 * Items in the order in which they first came, with several trials of one averaged first (never n·K independent ones). Under a metric
 * pass@k a problem with n ≥ k answers, each right or wrong, scores the chance that one of k of them is right; scores that come with
 * fewer answers are taken to be that already.
 */
export function averageTrials(
  items: readonly Pick<SlimItem, 'id' | 'cluster' | 'score'>[],
  metric = '',
): AveragedItem[] {
  const byId = new Map<string, { id: string; cluster: string | null; sum: number; n: number; isRight: boolean }>()
  for (const { id, cluster, score } of items) {
    const item = byId.get(id) ?? { id, cluster, sum: 0, n: 0, isRight: true }
    item.sum += score ?? 0
    item.n++
    item.isRight &&= score === 0 || score === 1
    byId.set(id, item)
  }
  const all = [...byId.values()]
  const k = Number(/pass@(\d+)/i.exec(metric)?.[1] ?? 1)
  const isDrawn = k > 1 && all.every((item) => item.isRight && item.n >= k)
  return all.map(({ id, cluster, sum, n }) => ({ id, cluster, score: isDrawn ? passAtK(n, sum, k) : sum / n }))
}
