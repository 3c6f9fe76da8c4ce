'use client'
import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { formatValue } from '#src/core/format/number.ts'
import type { BenchmarkSummary } from '#src/protocol/benchmarks.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { StaleChip } from '#src/ui/benchmarks/fact-chips.tsx'
import { numberWords, USE_WORDS } from '#src/ui/benchmarks/field-words.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'

interface Row extends BenchmarkSummary {
  workspace: string
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'name',
    title: 'Benchmark',
    head: true,
    sortValue: (row) => row.name,
    cell: (row) => (
      <>
        <Link href={paths.benchmark(row.workspace, row.slug)} prefetch={false}>
          {row.name}
        </Link>{' '}
        <StaleChip benchmark={row} />
        {row.name === row.slug ? null : <span className={styles.slug}>{row.slug}</span>}
      </>
    ),
  },
  {
    key: 'category',
    title: 'Category',
    nowrap: true,
    sortValue: (row) => row.category || null,
    cell: (row) => (row.defined ? row.category : <Chip tone="warning">not defined yet</Chip>),
  },
  {
    key: 'use',
    title: 'Use',
    nowrap: true,
    sortValue: (row) => row.use,
    cell: (row) => (row.use ? USE_WORDS[row.use] : <Untold />),
  },
  { key: 'number', title: 'Number', nowrap: true, cell: (row) => (row.defined ? numberWords(row) : <Untold />) },
  {
    key: 'chance',
    title: 'Chance',
    align: 'right',
    sortValue: (row) => row.chance,
    cell: (row) =>
      row.chance !== null ? (
        formatValue(row.chance)
      ) : row.kind === 'loss' ? (
        <span className="ink-3">none</span>
      ) : (
        <Untold />
      ),
  },
  {
    key: 'best',
    title: 'Best',
    align: 'right',
    sortValue: (row) => row.best,
    cell: (row) => (row.best === null ? <Untold /> : formatValue(row.best)),
  },
  {
    key: 'protocols',
    title: 'Protocols',
    align: 'right',
    sortValue: (row) => row.protocols,
    cell: (row) => row.protocols,
  },
  {
    key: 'checkpoints',
    title: 'Checkpoints',
    align: 'right',
    sortValue: (row) => row.checkpoints,
    cell: (row) => row.checkpoints,
  },
  {
    key: 'newest',
    title: 'Last measured',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.newest_at,
    cell: (row) => <Ago at={row.newest_at} />,
  },
]

const Untold = () => <span className="ink-3">not told</span>

const USES = ['all', 'development', 'unseen', 'untold'] as const
const view = {
  q: parseAsString.withDefault(''),
  use: parseAsStringLiteral(USES).withDefault('all'),
}

/** What is measured in this workspace: every benchmark with its direction, chance, best value and use. */
export function BenchmarksView({ workspace }: { workspace: string }) {
  const trpc = useTRPC()
  const [{ q, use }, setView] = useQueryStates(view)
  const list = useQuery(trpc.benchmarks.list.queryOptions({ workspace }))
  return (
    <Page>
      <PageHead title="Benchmarks" sentence={list.data ? sentence(list.data.items) : null} />
      <UnknownParts known={Object.keys(view)} />
      <Answer query={list} what="The list of benchmarks" loading={<LoadingRows rows={10} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing />
          ) : (
            <>
              <div className={styles.tools}>
                <TextInput
                  aria-label="Search benchmarks"
                  placeholder="Name, slug or category"
                  value={q}
                  onChange={(event) => void setView({ q: event.currentTarget.value || null })}
                />
                <Select
                  aria-label="Use"
                  w={170}
                  value={use}
                  data={[
                    { value: 'all', label: 'every use' },
                    { value: 'development', label: 'development' },
                    { value: 'unseen', label: 'unseen' },
                    { value: 'untold', label: 'use not told' },
                  ]}
                  onChange={(value) => void setView({ use: USES.find((u) => u === value) ?? 'all' })}
                />
              </div>
              <DataTable
                label="Benchmarks"
                columns={COLUMNS}
                rows={shown(items, q, use).map((item) => ({ ...item, workspace }))}
                rowKey={(row) => row.slug}
                request={{ path: '/benchmarks', query: {} }}
                none={`No benchmark of ${items.length} fits. Clear the search to see them all.`}
              />
            </>
          )
        }
      </Answer>
    </Page>
  )
}

function shown(items: readonly BenchmarkSummary[], q: string, use: (typeof USES)[number]): readonly BenchmarkSummary[] {
  const words = q.trim().toLowerCase()
  return items.filter(
    (item) =>
      `${item.name} ${item.slug} ${item.category}`.toLowerCase().includes(words) &&
      (use === 'all' || (item.use ?? 'untold') === use),
  )
}

function sentence(items: readonly BenchmarkSummary[]): string {
  const measured = items.filter((item) => item.checkpoints > 0).length
  const undefined_ = items.filter((item) => !item.defined).length
  const parts = [`${items.length} in all, ${measured === items.length ? 'each' : measured} of them measured`]
  if (undefined_ > 0) parts.push(`${undefined_} named by a stage and not defined yet`)
  return parts.join('; ')
}

function Nothing() {
  return (
    <Empty
      title="No benchmark yet"
      text="A benchmark is defined by the first evaluation that names it: what it measures, which direction is better, what chance gives."
    >
      <CodeBlock
        label="From Python"
        text={`run.log_eval({"slug": "mmlu", "category": "knowledge", "kind": "accuracy", "higher_is_better": True, "chance": 0.25},
             items=items, metric="acc", protocol={"task": "mmlu", "shots": 5})`}
      />
    </Empty>
  )
}
