/** A comparison as a printed table: the rows and words of the screen, for Markdown and CSV. Pure. */

import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { StageComparison } from '#src/protocol/comparisons.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import { changeNumber, directionArrow, intervalWords, shortReading } from '#src/ui/changes/change-words.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'

type Cell = StageComparison['how'][number]['cells'][number]
type WhyCell = StageComparison['why'][number]['cells'][number]

/** Rows that the screen shows: those that differ, or all. */
export const shownRows = <Row extends { differs: boolean }>(rows: readonly Row[], differencesOnly: boolean): Row[] =>
  rows.filter((row) => row.differs || !differencesOnly)

/** How many rows are hidden. */
export const hiddenCount = ({ how, cost, why }: StageComparison, differencesOnly: boolean): number =>
  differencesOnly ? [...how, ...cost, ...why].filter((row) => !row.differs).length : 0

/** What a cell of how and cost says: the measured value, the plan where it differs, and what stands to the baseline. */
export function cellWords({ text, planned, relative, missing }: Cell): string {
  const parts = [text ?? missing ?? '', planned === null ? null : `planned ${planned}`, relative]
  return parts.filter((part) => part !== null && part !== '').join(', ')
}

/** "0.539, +0.398, gained, +0.287 to +0.496": a score and how it stands to the baseline. */
export function whyWords(cell: WhyCell, benchmark: Benchmark): string {
  if (!cell) return 'not measured'
  const { score, change } = cell
  if (!change) return scoreWords(score, benchmark)
  const interval = intervalWords(change)
  return [
    scoreWords(score, benchmark),
    change.change === null ? null : changeNumber(change),
    shortReading(change),
    interval,
  ]
    .filter((part) => part !== null)
    .join(', ')
}

/** The comparison with the rows of the screen, a group a part of the table. */
export function comparisonText(comparison: StageComparison, differencesOnly: boolean): TableText {
  const { stages, how, cost, why, readings } = comparison
  const base = stages.find((stage) => stage.is_baseline)?.experiment.name ?? ''
  const hidden = hiddenCount(comparison, differencesOnly)
  const row = (label: string, cells: readonly string[]): PublishedCell[] => [label, ...cells].map((text) => ({ text }))
  const part = (title: string) =>
    row(
      title,
      stages.map(() => ''),
    ).map((cell, i) => (i === 0 ? { ...cell, strong: true as const } : cell))
  return {
    title: `${stages.map(({ experiment }) => experiment.name).join(', ')}: against ${base}`,
    table: {
      columns: [
        '',
        ...stages.map(({ experiment, is_baseline }) => `${experiment.name}${is_baseline ? ' (baseline)' : ''}`),
      ].map((name) => ({ name, align: 'left' })),
      rows: [
        part('How'),
        ...shownRows(how, differencesOnly).map(({ label, cells }) => row(label, cells.map(cellWords))),
        part('Cost'),
        ...shownRows(cost, differencesOnly).map(({ label, cells }) => row(label, cells.map(cellWords))),
        part('Why'),
        ...shownRows(why, differencesOnly).map(({ benchmark, cells }) =>
          row(
            `${benchmark.name} ${directionArrow(benchmark.higher_is_better)}`,
            cells.map((cell) => whyWords(cell, benchmark)),
          ),
        ),
        row(
          'Verdict',
          readings.map((reading) => reading?.title ?? 'baseline'),
        ),
      ],
    },
    footRows: 1,
    notes: [
      ...(hidden > 0 ? [`Differences only: ${hidden} ${hidden === 1 ? 'row says' : 'rows say'} the same in all.`] : []),
      ...(comparison.cost_note === null ? [] : [comparison.cost_note]),
    ],
  }
}
