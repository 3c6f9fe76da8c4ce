import { countsRight } from './macro-f1.ts'
import { type SlimItem, sharedForm } from './slim-item.ts'

/** Labels under a metric that counts right ones as items of score 0 or 1, which they are; other items as they come. */
export const scoredItems = (items: readonly SlimItem[], metric: string): readonly SlimItem[] =>
  countsRight(metric) && sharedForm(items) === 'labels'
    ? items.map((item) => ({ ...item, score: Number(item.pred === item.gold), pred: null, gold: null }))
    : items
