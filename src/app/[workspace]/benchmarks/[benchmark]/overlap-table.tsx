'use client'
import Link from 'next/link'
import type { BenchmarkPage } from '#src/protocol/benchmarks.ts'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'

type Overlap = BenchmarkPage['overlaps'][number]
interface Row extends Overlap {
  workspace: string
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'item', title: 'Item', head: true, cell: (row) => row.item },
  { key: 'dataset', title: 'Data set', nowrap: true, cell: (row) => row.dataset },
  { key: 'row', title: 'Row', cell: (row) => row.row },
  {
    key: 'stages',
    title: 'Measured stages that saw it',
    cell: (row) =>
      row.stages.map((stage, i) => (
        <span key={`${stage.project} ${stage.number}`}>
          {i > 0 ? ', ' : ''}
          <Link href={paths.stage(row.workspace, stage.project, stage.number)} prefetch={false}>
            {stage.name}
          </Link>
        </span>
      )),
  },
]

/** Items that training data holds too, by their ids. */
export function OverlapTable({ workspace, overlaps }: { workspace: string; overlaps: readonly Overlap[] }) {
  return (
    <DataTable
      label="Items that are also in training data"
      columns={COLUMNS}
      rows={overlaps.map((overlap) => ({ ...overlap, workspace }))}
      rowKey={(row) => `${row.item} ${row.dataset}`}
      none="No item was found in training data."
    />
  )
}
