'use client'
import { UnstyledButton } from '@mantine/core'
import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { BenchmarkPage, MeasuredCheckpoint } from '#src/protocol/benchmarks.ts'
import { protocolName } from '#src/ui/benchmarks/field-words.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { History } from './history.tsx'

interface Row extends MeasuredCheckpoint {
  workspace: string
  protocol: string
  onHistory: () => void
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'stage',
    title: 'Stage',
    head: true,
    nowrap: true,
    sortValue: (row) => row.experiment.number,
    cell: (row) => (
      <>
        <StageIcon kind={row.experiment.stage_kind} label />{' '}
        <Link href={paths.stage(row.workspace, row.experiment.project, row.experiment.number)} prefetch={false}>
          {row.experiment.name}
        </Link>
        {row.variant ? (
          <>
            {' '}
            <Chip title="measured with what gets the most from it">{row.variant}</Chip>
          </>
        ) : null}
      </>
    ),
  },
  { key: 'project', title: 'Project', nowrap: true, cell: (row) => row.experiment.project },
  { key: 'protocol', title: 'Protocol', nowrap: true, sortValue: (row) => row.protocol, cell: (row) => row.protocol },
  {
    key: 'metric',
    title: 'Metric',
    nowrap: true,
    cell: (row) => (
      <>
        {row.metric}
        {row.seed === '' ? '' : <span className="ink-3"> seed {row.seed}</span>}
      </>
    ),
  },
  {
    key: 'step',
    title: 'Step',
    align: 'right',
    sortValue: (row) => row.checkpoint.step,
    cell: (row) => <span title={formatExactCount(row.checkpoint.step)}>{formatCount(row.checkpoint.step)}</span>,
  },
  {
    key: 'score',
    title: 'Score',
    align: 'right',
    sortValue: (row) => row.score / row.scale,
    cell: (row) => <strong title={String(row.score)}>{formatNumber(row.score, row.scale === 100 ? 1 : 3)}</strong>,
  },
  {
    key: 'interval',
    title: '95 % interval',
    align: 'right',
    nowrap: true,
    cell: (row) =>
      row.low === null || row.high === null ? (
        <span className="ink-3" title={row.interval_note ?? undefined}>
          no interval
        </span>
      ) : (
        <span className="ink-2">
          {formatNumber(row.low, row.scale === 100 ? 1 : 3)} to {formatNumber(row.high, row.scale === 100 ? 1 : 3)}
        </span>
      ),
  },
  {
    key: 'n',
    title: 'n',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.n,
    cell: (row) => (row.n === null ? <span className="ink-3">{row.n_missing}</span> : formatExactCount(row.n)),
  },
  {
    key: 'trained',
    title: 'Trained on',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.overlaps,
    cell: (row) =>
      row.overlaps === 0 ? null : (
        <Chip tone="warning" title="items of this benchmark that its training data holds too">
          {row.overlaps} {row.overlaps === 1 ? 'item' : 'items'}
        </Chip>
      ),
  },
  {
    key: 'older',
    title: 'Older',
    align: 'right',
    nowrap: true,
    cell: (row) =>
      row.superseded === 0 ? null : (
        <UnstyledButton
          fz={13}
          td="underline"
          aria-label={`${row.superseded} older of ${row.experiment.name}`}
          onClick={row.onHistory}
        >
          {row.superseded} older
        </UnstyledButton>
      ),
  },
  {
    key: 'at',
    title: 'Measured',
    align: 'right',
    nowrap: true,
    sortValue: (row) => row.measured_at ?? row.created_at,
    cell: (row) => <Ago at={row.measured_at ?? row.created_at} />,
  },
]

/** The standing evaluations of a benchmark, the newest first; older results of a cell open beside it. */
export function MeasuredTable(props: {
  workspace: string
  measured: readonly MeasuredCheckpoint[]
  protocols: BenchmarkPage['protocols']
}) {
  const [opened, setOpened] = useQueryState('history', parseAsString)
  const names = new Map(props.protocols.map((p) => [p.fingerprint, protocolName(p)]))
  return (
    <>
      <DataTable
        label="Measured checkpoints"
        columns={COLUMNS}
        rows={props.measured.map((row) => ({
          ...row,
          workspace: props.workspace,
          protocol: names.get(row.fingerprint) ?? row.fingerprint.slice(0, 8),
          onHistory: () => void setOpened(row.evaluation),
        }))}
        rowKey={(row) => row.evaluation}
        none="No checkpoint was measured on it yet."
      />
      <History workspace={props.workspace} evaluation={opened} onClose={() => void setOpened(null)} />
    </>
  )
}
