import { formatExactCount } from '../format/count.ts'
import { NO_NUMBER, printChange, printScore, printWithHalf } from './print.ts'
import type { GridBenchmark, GridScore, ScoreGrid } from './score-grid.ts'
import type { PublishedCell, PublishedTable } from './table.ts'

/** The last stage against the first of the table, in the unit in which scores are published. */
export interface TrialChange {
  /** New − old. */
  change: number
  /** Half of its 95 % interval; null: none can be given. */
  half: number | null
  isSignificant: boolean
  /** Items that both answered; null: unpaired. */
  pairedN: number | null
}

/**
 * Benchmarks down with their items and trials, stages across as mean ± half-width, and the change over all of them: paired where the
 * items match. Trials of an item are averaged before items are counted, so n is never items × trials.
 *
 * @param changes by benchmark; null: the two ends cannot be compared
 */
export function trialTable(
  grid: ScoreGrid,
  changes: readonly (TrialChange | null)[],
  { decimals }: { decimals: number },
): { table: PublishedTable; notes: string[] } {
  const [first, last] = [grid.stages.at(0)?.name ?? '', grid.stages.at(-1)?.name ?? '']
  const columns = [
    'benchmark',
    ...grid.stages.map(({ name }) => name),
    ...(grid.stages.length > 1 ? [`${last} − ${first}`] : []),
  ]
  const rows = grid.benchmarks.map((benchmark, i) => [
    { text: trialName(benchmark, grid.scores[i] ?? []) },
    ...grid.stages.map((_, s) => cellOf(benchmark, grid.scores[i]?.[s] ?? null, decimals)),
    ...(grid.stages.length > 1 ? [changeOf(benchmark, changes[i] ?? null, decimals)] : []),
  ])
  return {
    table: {
      columns: columns.map((name, i) => ({ name, align: i === 0 ? ('left' as const) : ('right' as const) })),
      rows,
    },
    notes: ['± is half of the 95 % interval over items, after trials were averaged within items.'],
  }
}

/** "GSM8K (1,319 items × 3 trials)": of the scores of the row; where they differ, from least to most. */
export function trialName({ name }: GridBenchmark, scores: readonly (GridScore | null)[]): string {
  const known = scores.filter((score) => score !== null)
  const items = span(known.flatMap(({ n }) => n ?? []))
  const trials = span(known.map((score) => score.trials))
  if (items === null) return `${name} (n ${NO_NUMBER.published})`
  return trials === null || trials === '1' ? `${name} (${items} items)` : `${name} (${items} items × ${trials} trials)`
}

function span(counts: readonly number[]): string | null {
  if (counts.length === 0) return null
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return least === most ? formatExactCount(least) : `${formatExactCount(least)} to ${formatExactCount(most)}`
}

function cellOf({ kind }: GridBenchmark, score: GridScore | null, decimals: number): PublishedCell {
  if (!score) return { text: NO_NUMBER.measured }
  return { text: printWithHalf(printScore(score.value, kind, decimals), score.half, kind, decimals) }
}

function changeOf({ kind }: GridBenchmark, change: TrialChange | null, decimals: number): PublishedCell {
  if (!change) return { text: NO_NUMBER.compared }
  const printed = printWithHalf(printChange(change.change, kind, decimals), change.half, kind, decimals)
  const words = [
    change.half === null ? 'no interval' : change.isSignificant ? null : 'not significant',
    change.pairedN === null ? 'unpaired' : 'paired',
  ]
  return { text: [printed, ...words.filter((word) => word !== null)].join(', ') }
}
