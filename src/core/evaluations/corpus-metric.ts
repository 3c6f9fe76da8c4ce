/**
 * Metrics of a whole corpus, which are no mean over its items: macro-F1 of labels, BLEU of counts of n-grams. Their intervals come from a
 * bootstrap over units: an item with all of its trials, or all items of a cluster.
 */
import { BLEU_ORDERS, type BleuCounts, bleuOfCounts } from './bleu.ts'
import { macroF1, macroF1OfChoice } from './macro-f1.ts'
import type { SlimItem } from './slim-item.ts'

/** The value of items that are all labels, or all counts, as a fraction; null without items. */
export function corpusScore(items: readonly SlimItem[]): number | null {
  if (items.length === 0) return null
  return isCounts(items) ? bleuOfCounts(sumOf(items.map(countsOf))) / 100 : macroF1(items.map(labelled))
}

/** The units of items, in the order in which they first come. */
export const unitsOf = (items: readonly SlimItem[]): string[] => [...new Set(items.map(unitOf))]

/**
 * The value of the items of chosen units, by their places in `units` (at most as many as there are units); prepared once for a thousand choices.
 * The array it is given is not kept.
 */
export function scoreOfUnits(items: readonly SlimItem[], units: readonly string[]): (chosen: Int32Array) => number {
  const score = isCounts(items) ? bleuOfChoice(items.map(countsOf)) : macroF1OfChoice(items.map(labelled))
  const places = new Map(units.map((unit, place) => [unit, place]))
  const members = units.map((): number[] => [])
  items.forEach((item, i) => {
    members[places.get(unitOf(item)) ?? -1]?.push(i)
  })
  if (members.every((own, place) => own.length === 1 && own[0] === place)) return score
  const indices = new Int32Array(units.length * members.reduce((most, own) => Math.max(most, own.length), 0))
  return (chosen) => {
    let n = 0
    for (const place of chosen) for (const i of members[place] ?? []) indices[n++] = i
    return score(indices.subarray(0, n))
  }
}

const unitOf = ({ id, cluster }: SlimItem): string => (cluster === null ? `i ${id}` : `c ${cluster}`)

const isCounts = (items: readonly SlimItem[]): boolean => Boolean(items[0]?.counts)

const labelled = ({ pred, gold }: SlimItem) => ({ pred: pred ?? '', gold: gold ?? '' })

const countsOf = ({ counts }: SlimItem): BleuCounts => counts ?? { hypLen: 0, refLen: 0, match: [], total: [] }

const sumOf = (all: readonly BleuCounts[]): BleuCounts => {
  const sum = (of: (counts: BleuCounts) => number) => all.reduce((total, counts) => total + of(counts), 0)
  return {
    hypLen: sum((counts) => counts.hypLen),
    refLen: sum((counts) => counts.refLen),
    match: ORDERS.map((n) => sum(({ match }) => match[n] ?? 0)),
    total: ORDERS.map((n) => sum(({ total }) => total[n] ?? 0)),
  }
}
const ORDERS = Array.from({ length: BLEU_ORDERS }, (_, n) => n)

function bleuOfChoice(counts: readonly BleuCounts[]): (indices: Int32Array) => number {
  const width = 2 + 2 * BLEU_ORDERS
  const rows = Float64Array.from(
    counts.flatMap(({ hypLen, refLen, match, total }) => [
      hypLen,
      refLen,
      ...ORDERS.map((n) => match[n] ?? 0),
      ...ORDERS.map((n) => total[n] ?? 0),
    ]),
  )
  const sums = new Float64Array(width)
  return (indices) => {
    sums.fill(0)
    for (const i of indices)
      for (let at = 0; at < width; at++) sums[at] = (sums[at] as number) + (rows[i * width + at] as number)
    const [hypLen = 0, refLen = 0, ...grams] = sums
    return bleuOfCounts({ hypLen, refLen, match: grams.slice(0, BLEU_ORDERS), total: grams.slice(BLEU_ORDERS) }) / 100
  }
}
