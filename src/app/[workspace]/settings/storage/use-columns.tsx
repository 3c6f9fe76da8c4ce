import { formatBytes } from '#src/core/format/bytes.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { ProjectUse, RunUse } from '#src/protocol/storage.ts'
import type { Column } from '#src/ui/table/data-table.tsx'

const figures = { align: 'right', nowrap: true } as const

/** Columns that projects and runs have alike. */
export const USE_COLUMNS = {
  metrics: {
    key: 'metrics',
    title: 'Metrics',
    ...figures,
    sortValue: (row) => row.metric_bytes,
    cell: (row) => formatBytes(row.metric_bytes),
  },
  files: {
    key: 'files',
    title: 'Files',
    ...figures,
    sortValue: (row) => row.bytes.artifacts,
    cell: (row) => formatBytes(row.bytes.artifacts),
  },
  points: {
    key: 'points',
    title: 'Points',
    ...figures,
    sortValue: (row) => row.points,
    cell: (row) => <span title={formatExactCount(row.points)}>{formatCount(row.points)}</span>,
  },
} satisfies Record<string, Column<ProjectUse | RunUse>>
