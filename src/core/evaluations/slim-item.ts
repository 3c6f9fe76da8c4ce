import type { BleuCounts } from './bleu.ts'

/** What statistics need of an item; texts stay in the database. */
export interface SlimItem {
  id: string
  trial: number | null
  cluster: string | null
  score: number | null
  nats: number | null
  bytes: number | null
  tokens: number | null
  pred: string | null
  gold: string | null
  counts?: BleuCounts | null
}

/** What a metric sums: a score per item, a loss with its bytes or tokens, a prediction with its truth, or counts of n-grams. */
export type ItemForm = 'score' | 'loss' | 'labels' | 'counts'

/** The form of one item; null when it has none of the four, or more than one. */
export function formOf(item: {
  score?: number | null | undefined
  nats?: number | null | undefined
  pred?: string | null | undefined
  gold?: string | null | undefined
  counts?: BleuCounts | null | undefined
}): ItemForm | null {
  const forms: ItemForm[] = []
  if (item.score !== undefined && item.score !== null) forms.push('score')
  if (item.nats !== undefined && item.nats !== null) forms.push('loss')
  if (item.pred !== undefined && item.pred !== null && item.gold !== undefined && item.gold !== null)
    forms.push('labels')
  if (item.counts) forms.push('counts')
  return forms.length === 1 ? (forms[0] ?? null) : null
}

/** The form that all items share; null for no items or mixed ones. */
export function sharedForm(items: readonly SlimItem[]): ItemForm | null {
  const first = items[0] ? formOf(items[0]) : null
  return first && items.every((item) => formOf(item) === first) ? first : null
}
