'use client'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { GitCompareArrows, Snowflake } from 'lucide-react'
import Link from 'next/link'
import type { ComparisonSummary } from '#src/protocol/comparisons.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './compare.module.css'

type Row = ComparisonSummary & { href: string }

/** Names that fit beside each other. */
const NAMES_SHOWN = 4

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'title',
    title: 'Comparison',
    head: true,
    sortValue: (row) => row.title,
    cell: (row) => (
      <span className={styles.listName}>
        <Link className="link" href={row.href}>
          {row.title}
        </Link>
        <FrozenChip at={row.frozen_at} />
      </span>
    ),
  },
  {
    key: 'entries',
    title: 'What stands in it',
    cell: (row) => <Entries of={row} />,
  },
  {
    key: 'projects',
    title: 'Projects',
    cell: (row) => <span className="ink-2">{projectsOf(row)}</span>,
  },
  { key: 'by', title: 'By', nowrap: true, sortValue: (row) => row.by, cell: (row) => row.by },
  {
    key: 'updated',
    title: 'Changed',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.updated_at,
    cell: (row) => <Ago at={row.updated_at} never="" />,
  },
]

/** All comparisons that somebody kept, the one changed last first. */
export function ComparisonsView({ workspace }: { workspace: string }) {
  const trpc = useTRPC()
  const list = useQuery(trpc.comparisons.list.queryOptions({ workspace }))
  return (
    <Page>
      <PageHead
        title="Comparisons"
        sentence="Runs, checkpoints and stages of any project that somebody set side by side, each under a link of its own."
      />
      <Answer query={list} what="The list of comparisons" loading={<LoadingRows rows={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty
              title="No comparison is kept yet"
              text="Select runs in the table of a project, or open a run or a stage, and choose Compare. What you set side by side can be kept here under a link, live or with its numbers as they are."
            >
              <Link className="link" href={paths.workspace(workspace)}>
                <GitCompareArrows size={14} strokeWidth={1.75} aria-hidden /> Choose a project
              </Link>
            </Empty>
          ) : (
            <Comparisons rows={items.map((item) => ({ ...item, href: paths.comparison(workspace, item.id) }))} />
          )
        }
      </Answer>
    </Page>
  )
}

function Comparisons({ rows }: { rows: readonly Row[] }) {
  const wide = useMediaQuery('(min-width: 48em)')
  if (wide === undefined) return <LoadingRows rows={Math.min(rows.length, 12)} />
  return wide ? (
    <DataTable
      label="Comparisons"
      request={{ path: '/comparisons', query: {} }}
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => row.id}
      none="No comparisons"
    />
  ) : (
    <ComparisonCards rows={rows} />
  )
}

/** Comparisons on a phone: the whole width touchable. */
const ComparisonCards = ({ rows }: { rows: readonly Row[] }) => (
  <ul aria-label="Comparisons">
    {rows.map((row) => (
      <li key={row.id}>
        <Link className={styles.card} href={row.href}>
          <span className={styles.cardLine}>
            <strong>{row.title}</strong>
            <FrozenChip at={row.frozen_at} />
            <span className={`${styles.cardEnd} ink-3`}>
              <Ago at={row.updated_at} never="" />
            </span>
          </span>
          <Entries of={row} />
          <span className="ink-3">{[projectsOf(row), `by ${row.by}`].filter(Boolean).join(', ')}</span>
        </Link>
      </li>
    ))}
  </ul>
)

const Entries = ({ of }: { of: Row }) => (
  <span className="ink-2">
    {of.entries
      .slice(0, NAMES_SHOWN)
      .map(({ name }) => name)
      .join(', ')}
    {of.entries.length > NAMES_SHOWN ? ` and ${of.entries.length - NAMES_SHOWN} more` : ''}
    {of.hidden > 0 ? <span className="ink-3">, {of.hidden} hidden</span> : null}
  </span>
)

const FrozenChip = ({ at }: { at: string | null }) =>
  at === null ? null : (
    <Chip>
      <Snowflake size={12} strokeWidth={1.75} aria-hidden /> frozen
    </Chip>
  )

const projectsOf = ({ entries }: Row): string => [...new Set(entries.map(({ project }) => project))].join(', ')
