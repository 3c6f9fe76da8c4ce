'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { isFirstPart, otherPart } from '#src/core/evaluations/paired-parts.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { BenchmarkPage, MeasuredCheckpoint } from '#src/protocol/benchmarks.ts'
import { PART_WORDS } from '#src/ui/benchmarks/fact-words.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { type PairRow, pairRows } from './pair-rows.ts'

/** Both sides of a task on every checkpoint that has either: two numbers, never one. */
export function PairTable({ workspace, page, pair }: { workspace: string; page: BenchmarkPage; pair: string }) {
  const trpc = useTRPC()
  const other = useQuery(trpc.benchmarks.get.queryOptions({ workspace, benchmark: pair }))
  return (
    <Answer query={other} what={`The benchmark ${pair}`} loading={<LoadingRows rows={4} />}>
      {(data) => <Both workspace={workspace} own={page} other={data} />}
    </Answer>
  )
}

function Both({ workspace, own, other }: { workspace: string; own: BenchmarkPage; other: BenchmarkPage }) {
  const part = own.benchmark.part ?? 'form'
  const [first, second] = isFirstPart(part) ? [own, other] : [other, own]
  const rows = pairRows(first.measured, second.measured)
  if (rows.length === 0)
    return <Empty title="Neither side was measured yet" text="A score of either puts its checkpoint into this table." />
  const side = (
    of: BenchmarkPage,
    title: string,
    pick: (row: PairRow) => MeasuredCheckpoint | null,
  ): Column<PairRow> => ({
    key: title,
    title: `${title}: ${of.benchmark.name}`,
    align: 'right',
    nowrap: true,
    sortValue: (row) => pick(row)?.score ?? null,
    cell: (row) => <Score of={pick(row)} />,
  })
  const firstPart = isFirstPart(part) ? part : otherPart(part)
  const columns: readonly Column<PairRow>[] = [
    {
      key: 'checkpoint',
      title: 'Checkpoint',
      head: true,
      sortValue: (row) => row.at.experiment.name,
      cell: ({ at }) => (
        <>
          <Link href={paths.stage(workspace, at.experiment.project, at.experiment.number)} prefetch={false}>
            {at.experiment.name}
          </Link>
          <span className="ink-3"> step {formatExactCount(at.checkpoint.step)}</span>
        </>
      ),
    },
    side(first, capital(PART_WORDS[firstPart]), (row) => row.first),
    side(second, capital(PART_WORDS[otherPart(firstPart)]), (row) => row.second),
  ]
  return (
    <DataTable
      label="Both sides of the task"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      none="No checkpoint has either side."
    />
  )
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function Score({ of }: { of: MeasuredCheckpoint | null }) {
  if (!of) return <span className="ink-3">not measured</span>
  const digits = of.scale === 100 ? 1 : 3
  return (
    <>
      {formatNumber(of.score, digits)}
      {of.low === null || of.high === null ? null : (
        <span className="ink-3">
          {' '}
          ({formatNumber(of.low, digits)} to {formatNumber(of.high, digits)})
        </span>
      )}
    </>
  )
}
