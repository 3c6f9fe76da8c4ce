import type { SlimItem } from './slim-item.ts'

/** Items in the order in which they first came, several trials of one item averaged first (never n·K independent ones). */
export function averageTrials(
  items: readonly Pick<SlimItem, 'id' | 'cluster' | 'score'>[],
): { id: string; cluster: string | null; score: number }[] {
  const byId = new Map<string, { id: string; cluster: string | null; sum: number; n: number }>()
  for (const { id, cluster, score } of items) {
    const item = byId.get(id)
    if (item) {
      item.sum += score ?? 0
      item.n++
    } else byId.set(id, { id, cluster, sum: score ?? 0, n: 1 })
  }
  return [...byId.values()].map(({ id, cluster, sum, n }) => ({ id, cluster, score: sum / n }))
}
