/** Differences put in order and on axes: rates in points on one, losses on theirs, every scale without a unit on its own. Pure. */

import { besideTwins, twinLeaders } from '#src/core/evaluations/beside-twins.ts'
import { formatChange } from '#src/core/format/number.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { Difference } from '#src/protocol/differences.ts'
import { benchmarkOrder } from '#src/ui/changes/benchmark-order.ts'
import { linearScale, type Scale } from '#src/ui/charts/ticks.ts'

export const FOREST_SORTS = ['effect', 'p', 'category'] as const
export type ForestSort = (typeof FOREST_SORTS)[number]

export interface ForestGroup {
  /** Null: not grouped. */
  category: string | null
  rows: readonly Difference[]
}

/** Rows that share an axis. */
export interface ForestPanel {
  key: string
  unit: Difference['unit']
  /** Of a scale without a common unit: the one benchmark that has it. */
  own: string | null
  groups: readonly ForestGroup[]
  scale: Scale
}

const UNIT_ORDER = ['points', 'bits_per_byte', 'nats'] as const

/**
 * Panels of rows. `effect`: the largest loss first; `p`: the smallest first, those without p last; `category`: in the order of
 * benchmarks everywhere, each safety benchmark beside its over-refusal twin.
 */
export function prepareForest(rows: readonly Difference[], sort: ForestSort): ForestPanel[] {
  const shared = UNIT_ORDER.flatMap((unit) => {
    const members = rows.filter((row) => row.unit === unit)
    return members.length === 0 ? [] : [panelOf(unit, { unit, own: null }, members, sort)]
  })
  const alone = inOrder(
    rows.filter((row) => row.unit === null),
    sort,
  ).map((row) => panelOf(row.benchmark.slug, { unit: null, own: row.benchmark.name }, [row], sort))
  return [...shared, ...alone]
}

function panelOf(
  key: string,
  head: Pick<ForestPanel, 'unit' | 'own'>,
  members: readonly Difference[],
  sort: ForestSort,
): ForestPanel {
  const ordered = inOrder(members, sort)
  const leaders = twinLeaders(ordered, (row) => row.benchmark)
  const bySlug = new Map(ordered.map((row) => [row.benchmark.slug, row]))
  // A twin stands in the group of the benchmark that leads it.
  const categoryOf = (row: Difference): string =>
    (bySlug.get(leaders.get(row.benchmark.slug) ?? '') ?? row).benchmark.category
  const groups: ForestGroup[] =
    sort === 'category'
      ? [...groupBy(ordered, categoryOf)].map(([category, rows]) => ({ category, rows }))
      : [{ category: null, rows: ordered }]
  return { key, ...head, groups, scale: scaleOf(members) }
}

function inOrder(rows: readonly Difference[], sort: ForestSort): Difference[] {
  if (sort === 'category')
    return besideTwins(
      [...rows].sort((a, b) => benchmarkOrder(a.benchmark, b.benchmark)),
      (row) => row.benchmark,
    )
  const worth = (row: Difference) =>
    sort === 'effect' ? row.delta : (row.p_adjusted ?? row.p ?? Number.POSITIVE_INFINITY)
  return [...rows].sort((a, b) => worth(a) - worth(b) || benchmarkOrder(a.benchmark, b.benchmark))
}

/**
 * The axis of rows, with 0 and every interval and margin on it. A smallest detectable size beyond twice of that stays off: it would
 * squeeze what was seen.
 */
function scaleOf(rows: readonly Difference[]): Scale {
  const seen = rows.flatMap(({ delta, low, high, margin }) => [
    0,
    delta,
    low ?? delta,
    high ?? delta,
    margin ?? 0,
    -(margin ?? 0),
  ])
  const most = 2 * Math.max(...seen.map(Math.abs))
  const detectable = rows.flatMap((row) => (row.detectable !== null && row.detectable <= most ? [row.detectable] : []))
  const ends = [...seen, ...detectable, ...detectable.map((size) => -size)]
  return linearScale(Math.min(...ends), Math.max(...ends), 6)
}

/**
 * The marks of an axis whose words have room beside each other, counted from 0, which always has its word.
 *
 * @param x the place of a value, in px; `letter`: the width of a letter
 */
export function marksWithWords(
  at: readonly number[],
  x: (value: number) => number,
  letter: number,
): { value: number; words: string }[] {
  const decimals = Math.max(0, ...at.map((value) => (String(value).split('.')[1] ?? '').length))
  const marks = at.map((value) => ({ value, words: formatChange(value, decimals) }))
  const [first = 0, second = first + 1] = at
  const widest = Math.max(0, ...marks.map(({ words }) => words.length)) * letter
  // At the edge of a drawing a word is moved inwards by half its width.
  const every = Math.max(1, Math.ceil((1.5 * widest + WORDS_APART) / (x(second) - x(first))))
  const zero = at.indexOf(0)
  return marks.filter((_, i) => (i - zero) % every === 0)
}

/** Room between the words of two marks, px. */
const WORDS_APART = 10

/** True when both sides of a difference answered the same items. */
export const isPaired = (row: Pick<Difference, 'paired_n'>): boolean => row.paired_n !== null

/** A difference as people subtract it, new − old, in the unit of its axis; its interval turned with it. */
export function asCounted({ benchmark, delta, low, high }: Pick<Difference, 'benchmark' | 'delta' | 'low' | 'high'>): {
  change: number
  low: number | null
  high: number | null
} {
  if (benchmark.higher_is_better) return { change: delta, low, high }
  return { change: -delta || 0, low: high === null ? null : -high || 0, high: low === null ? null : -low || 0 }
}
