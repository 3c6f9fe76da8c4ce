import Link from 'next/link'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { MergeCell } from '#src/protocol/forgetting.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { againstBest, bestSentence, intervalWords, inUnit } from './merge-words.ts'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

/** What a merge made of what went into it: against its best input, their weighted mean and their common ancestor. */
export function MergeInputs({ page, workspace, project }: StagePlace & { page: StagePage }) {
  const cells = page.forgetting.merge
  if (cells.length === 0) return null
  const table = tableOf(page.card.name, cells)
  return (
    <Section
      title="Against its inputs"
      note={bestSentence(cells)}
      actions={<PictureMenu name={`${project}-${page.card.slug}-inputs`} table={table} />}
    >
      <PublishedTableView
        label={table.title}
        table={table.table}
        inkOf={(row, column) => (column === 2 && cells[row] ? againstBest(cells[row]) : null)}
      />
      <p className={styles.footnote}>
        {table.notes.join(' ')}{' '}
        <Link href={differencesOf(workspace, project, page)} className="link">
          Differences against the best ancestor
        </Link>
      </p>
    </Section>
  )
}

const differencesOf = (workspace: string, project: string, page: StagePage): string =>
  paths.differences(workspace, project, { checkpoint: page.card.checkpoint?.id, baseline: 'best' })

function tableOf(name: string, cells: readonly MergeCell[]): TableText {
  const row = (cell: MergeCell): PublishedCell[] => [
    { text: cell.benchmark.name },
    { text: cell.best_input?.name ?? 'no input was measured alike' },
    { text: inUnit(cell, cell.vs_best_input) },
    { text: intervalWords(cell) },
    { text: inUnit(cell, cell.vs_weighted_mean) },
    { text: cell.ancestor?.name ?? 'none' },
    { text: inUnit(cell, cell.vs_ancestor) },
  ]
  return {
    title: `${name} against its inputs`,
    footRows: 0,
    notes: [
      'Negative is worse for every benchmark; rates in points, losses in nats or bits per byte.',
      'The best of several inputs is best partly by luck: a merge must beat it by more than that.',
    ],
    table: {
      columns: [
        { name: 'Benchmark', align: 'left' },
        { name: 'Best input', align: 'left' },
        { name: 'Against best input', align: 'right' },
        { name: '95 % interval', align: 'right' },
        { name: 'Against their weighted mean', align: 'right' },
        { name: 'Common ancestor', align: 'left' },
        { name: 'Against ancestor', align: 'right' },
      ],
      rows: cells.map(row),
    },
  }
}
