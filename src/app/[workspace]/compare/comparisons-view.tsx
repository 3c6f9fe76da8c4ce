'use client'
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
        {row.frozen_at === null ? null : (
          <Chip>
            <Snowflake size={12} strokeWidth={1.75} aria-hidden /> frozen
          </Chip>
        )}
      </span>
    ),
  },
  {
    key: 'entries',
    title: 'What stands in it',
    cell: (row) => (
      <span className="ink-2">
        {row.entries
          .slice(0, NAMES_SHOWN)
          .map(({ name }) => name)
          .join(', ')}
        {row.entries.length > NAMES_SHOWN ? ` and ${row.entries.length - NAMES_SHOWN} more` : ''}
        {row.hidden > 0 ? <span className="ink-3">, {row.hidden} hidden</span> : null}
      </span>
    ),
  },
  {
    key: 'projects',
    title: 'Projects',
    cell: (row) => <span className="ink-2">{[...new Set(row.entries.map(({ project }) => project))].join(', ')}</span>,
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
            <DataTable
              label="Comparisons"
              request={{ path: '/comparisons', query: {} }}
              columns={COLUMNS}
              rows={items.map((item) => ({ ...item, href: paths.comparison(workspace, item.id) }))}
              rowKey={(row) => row.id}
              none="No comparisons"
            />
          )
        }
      </Answer>
    </Page>
  )
}
