import type { EvaluationItem } from './items.ts'
import { lossUnit } from './loss-units.ts'
import { formOf, type ItemForm } from './slim-item.ts'

/** What is wrong with an item: its index in the part and a sentence that names it. */
export interface ItemObjection {
  index: number
  message: string
}

/** At most this many objections are told at once. */
const TOLD = 20

/**
 * Checks items of one part: each has a score, or nats with bytes (tokens for a metric per token), or pred and gold, all of one
 * form; no item and trial occurs twice.
 *
 * @param form of the parts that came before; null for the first
 */
export function checkItems(
  items: readonly EvaluationItem[],
  metric: string,
  form: ItemForm | null,
): readonly ItemObjection[] {
  const objections: ItemObjection[] = []
  const seen = new Set<string>()
  let expected = form
  items.forEach((item, index) => {
    const message = objection(item, index)
    if (message && objections.length < TOLD) objections.push({ index, message })
  })
  return objections

  function objection(item: EvaluationItem, index: number): string | null {
    const name = `Item ${index} ("${item.id.slice(0, 60)}")`
    const own = formOf(item)
    if (!own) return `${name} needs exactly one of: score; nats with bytes; pred with gold.`
    expected ??= own
    if (own !== expected) return `${name} has ${own === 'loss' ? 'nats' : own}, the items before it have ${expected}.`
    if (own === 'loss') {
      const unit = lossUnit(metric)
      if (unit === 'bits_per_byte' && item.bytes === undefined)
        return `${name} has nats without bytes; ${metric} is counted per byte.`
      if (unit !== 'bits_per_byte' && item.tokens === undefined)
        return `${name} has nats without tokens; ${metric} is counted per token.`
    }
    const key = `${item.trial ?? 0} ${item.id}`
    if (seen.has(key)) return `${name} comes twice${item.trial === undefined ? '; give trials a number' : ''}.`
    seen.add(key)
    return null
  }
}

/** Items as statistics take them. */
export const slim = (item: EvaluationItem) => ({
  id: item.id,
  trial: item.trial ?? null,
  cluster: item.cluster ?? null,
  score: item.score ?? null,
  nats: item.nats ?? null,
  bytes: item.bytes ?? null,
  tokens: item.tokens ?? null,
  pred: item.pred ?? null,
  gold: item.gold ?? null,
})
