/** A comparison as a printed table: the rows and words of the screen, for Markdown and CSV. Pure. */

import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { StageComparison } from '#src/protocol/comparisons.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import { changeNumber, directionArrow, intervalWords, shortReading } from '#src/ui/changes/change-words.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import type { Sides } from './sides.ts'

type Cell = StageComparison['how'][number]['cells'][number]
type WhyCell = StageComparison['why'][number]['cells'][number]

/** Rows that the screen shows: those that differ, or all. */
export const shownRows = <Row extends { differs: boolean }>(rows: readonly Row[], differencesOnly: boolean): Row[] =>
  rows.filter((row) => row.differs || !differencesOnly)

/** How many rows are hidden. */
export const hiddenCount = (
  { how, cost, why }: Pick<Sides, 'how' | 'cost' | 'why'>,
  differencesOnly: boolean,
): number => (differencesOnly ? [...how, ...cost, ...why].filter((row) => !row.differs).length : 0)

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

/** A further part of the table, such as the config: rows of one text a column. */
export interface TextPart {
  title: string
  /** Its cells are what a program told, and no numbers of ours. */
  verbatim?: true
  rows: readonly { label: string; cells: readonly string[] }[]
}

/** The comparison with the rows of the screen, a group a part of the table. */
export function sidesText(sides: Sides, differencesOnly: boolean, more: readonly TextPart[] = []): TableText {
  const { columns, how, cost, why, readings } = sides
  const base = columns.find((column) => column.isBaseline)?.name ?? null
  const hidden = hiddenCount(sides, differencesOnly)
  const row = (label: string, cells: readonly string[]): PublishedCell[] => [label, ...cells].map((text) => ({ text }))
  const part = (title: string) =>
    row(
      title,
      columns.map(() => ''),
    ).map((cell, i) => (i === 0 ? { ...cell, strong: true as const } : cell))
  return {
    title: `${columns.map(({ name }) => name).join(', ')}${base === null ? '' : `: against ${base}`}`,
    table: {
      columns: ['', ...columns.map(({ name, isBaseline }) => `${name}${isBaseline ? ' (baseline)' : ''}`)].map(
        (name) => ({ name, align: 'left' }),
      ),
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
          readings.map((reading, i) => reading?.title ?? (columns[i]?.isBaseline ? 'baseline' : '')),
        ),
        ...more.flatMap(({ title, rows, verbatim }) => [
          part(title),
          ...rows.map(({ label, cells }) => row(label, cells).map((cell) => (verbatim ? { ...cell, verbatim } : cell))),
        ]),
      ],
    },
    footRows: more.length === 0 ? 1 : 0,
    notes: [
      ...(hidden > 0 ? [`Differences only: ${hidden} ${hidden === 1 ? 'row says' : 'rows say'} the same in all.`] : []),
      ...(sides.cost_note === null ? [] : [sides.cost_note]),
    ],
  }
}
