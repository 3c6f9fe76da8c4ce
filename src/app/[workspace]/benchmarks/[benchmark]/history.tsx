'use client'
import { useQuery } from '@tanstack/react-query'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { Evaluation } from '#src/protocol/evaluations.ts'
import styles from '#src/ui/benchmarks/benchmarks.module.css'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Chip } from '#src/ui/kit/chip.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'

const COLUMNS: readonly Column<Evaluation>[] = [
  {
    key: 'score',
    title: 'Score',
    head: true,
    nowrap: true,
    cell: (row) => (
      <>
        <span title={String(row.score)}>{formatNumber(row.score, row.scale === 100 ? 1 : 3)}</span>{' '}
        {row.superseded ? null : <Chip>stands</Chip>}
      </>
    ),
  },
  {
    key: 'interval',
    title: '95 % interval',
    nowrap: true,
    cell: (row) =>
      row.low === null || row.high === null
        ? 'no interval'
        : `${formatNumber(row.low, row.scale === 100 ? 1 : 3)} to ${formatNumber(row.high, row.scale === 100 ? 1 : 3)}`,
  },
  { key: 'n', title: 'n', align: 'right', cell: (row) => (row.n === null ? row.n_missing : formatExactCount(row.n)) },
  { key: 'seed', title: 'Seed', cell: (row) => row.seed || <span className="ink-3">none</span> },
  { key: 'source', title: 'Source', cell: (row) => row.source || <span className="ink-3">not told</span> },
  {
    key: 'at',
    title: 'Measured',
    align: 'right',
    nowrap: true,
    cell: (row) => <Ago at={row.measured_at ?? row.created_at} />,
  },
]

/** Every result of one checkpoint under one protocol: the newest of a seed stands, another seed is a further trial. */
export function History(props: { workspace: string; evaluation: string | null; onClose: () => void }) {
  const { workspace, evaluation } = props
  const trpc = useTRPC()
  const history = useQuery(
    trpc.evaluations.history.queryOptions(
      { workspace, evaluation: evaluation ?? '' },
      { enabled: evaluation !== null },
    ),
  )
  return (
    <Modal opened={evaluation !== null} onClose={props.onClose} title="Every result of this cell" size="lg">
      <p className={styles.lead}>
        The newest result of a seed stands and supersedes the older ones, which stay readable here.
      </p>
      <Answer query={history} what="The history" loading={<LoadingRows rows={3} />}>
        {({ items }) => (
          <DataTable
            label="Results"
            request={{ path: `/evaluations/${evaluation}/history`, query: {} }}
            columns={COLUMNS}
            rows={items}
            rowKey={(row) => row.id}
            none="No result is there."
          />
        )}
      </Answer>
    </Modal>
  )
}
