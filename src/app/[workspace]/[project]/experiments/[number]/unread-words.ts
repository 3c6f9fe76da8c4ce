/** Why labels of items tell nothing of a stage, in words. */
import { formatExactCount } from '#src/core/format/count.ts'
import type { StageProbes } from '#src/protocol/probes.ts'

const VIEW_WORDS = { domains: 'facets of a domain', recall: 'recall of taught facts' } as const

/** "Labels of items were not read for recall of taught facts: …" with the way out; null where all were. */
export function unreadWords({ unread }: Pick<StageProbes, 'unread'>): string | null {
  const [first] = unread
  if (!first) return null
  const views = unread.map(({ view }) => VIEW_WORDS[view]).join(' and ')
  const items = Math.max(...unread.map((one) => one.items))
  const way = unread.some(({ view }) => view === 'domains')
    ? ' A benchmark that says its domain and facet itself is shown.'
    : ''
  return `Labels of items were not read for ${views}: ${formatExactCount(items)} items are more than the ${formatExactCount(first.most)} that are read at once.${way} An open cell of the matrix shows the labels of its own items.`
}
