import type { BenchmarkKind } from './benchmarks.ts'
import type { BleuCounts } from './bleu.ts'
import type { EvaluationItem } from './items.ts'
import { isPerByte } from './loss-units.ts'
import { formOf, type ItemForm, type SlimItem } from './slim-item.ts'
import { isDay, VALID_UNTIL_LABEL } from './validity.ts'

/** What is wrong with an item: its index in the part and a sentence that names it. */
export interface ItemObjection {
  index: number
  message: string
}

/** At most this many objections are told at once. */
const TOLD = 20

/**
 * Checks items of one part: each has a score, or nats with bytes (tokens for a metric per token), or pred and gold, or counts of
 * n-grams that can be, all of one form; no item and trial occurs twice.
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
    const own = formOf(slim(item))
    if (!own)
      return `${name} needs exactly one of: score; nats with bytes; pred with gold; hyp_len, ref_len, match and total.`
    expected ??= own
    if (own !== expected) return `${name} has ${FORM_WORDS[own]}, the items before it have ${FORM_WORDS[expected]}.`
    if (own === 'loss') {
      if (isPerByte(metric) && item.bytes === undefined)
        return `${name} has nats without bytes; ${metric} is counted per byte.`
      if (!isPerByte(metric) && item.tokens === undefined)
        return `${name} has nats without tokens; ${metric} is counted per token.`
    }
    if (own === 'counts' && !possible(slim(item).counts))
      return `${name} matches more n-grams than there are: match must not exceed total.`
    const day = item.tags?.[VALID_UNTIL_LABEL]
    if (day !== undefined && !isDay(day))
      return `${name} has the label ${VALID_UNTIL_LABEL} "${day.slice(0, 60)}"; write the day as 2026-12-31.`
    const key = `${item.trial ?? 0} ${item.id}`
    if (seen.has(key)) return `${name} comes twice${item.trial === undefined ? '; give trials a number' : ''}.`
    seen.add(key)
    return null
  }
}

const FORM_WORDS: Readonly<Record<ItemForm, string>> = {
  score: 'a score',
  loss: 'nats',
  labels: 'pred and gold',
  counts: 'counts of n-grams',
}

const possible = (counts: BleuCounts | null | undefined): boolean =>
  counts?.match.every((matched, order) => matched <= (counts.total[order] ?? 0)) ?? true

/** Items as statistics take them. */
export const slim = (item: EvaluationItem): SlimItem => ({
  id: item.id,
  trial: item.trial ?? null,
  cluster: item.cluster ?? null,
  score: item.score ?? null,
  nats: item.nats ?? null,
  bytes: item.bytes ?? null,
  tokens: item.tokens ?? null,
  pred: item.pred ?? null,
  gold: item.gold ?? null,
  ...(hasCounts(item) && {
    counts: { hypLen: item.hyp_len, refLen: item.ref_len, match: item.match, total: item.total },
  }),
})

const hasCounts = (
  item: EvaluationItem,
): item is EvaluationItem & Required<Pick<EvaluationItem, 'hyp_len' | 'ref_len' | 'match' | 'total'>> =>
  item.hyp_len !== undefined && item.ref_len !== undefined && item.match !== undefined && item.total !== undefined

/**
 * Why a value cannot be a score of this benchmark, null when it can: shares lie between 0 and the scale, losses are not negative.
 *
 * @param value a score, or the score of an item, which is a share whatever the scale
 */
export function outsideScale(
  value: number,
  of: { kind: BenchmarkKind; unit: string | null; scale: 1 | 100 },
): string | null {
  if (!Number.isFinite(value)) return `${value} is no number.`
  const isShare = of.kind === 'accuracy' || (of.kind === 'rate' && !of.unit)
  if (isShare && (value < 0 || value > of.scale))
    return `${value} lies outside 0…${of.scale}.${of.scale === 1 ? ' Send scale 100 for points.' : ''}`
  return null
}
