'use client'
import { formatExactCount } from '#src/core/format/count.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { readingValue, xReading, xWord } from './axis-words.ts'
import { bandWords } from './group-words.ts'
import type { PreparedChart, PreparedLine } from './prepared-chart.ts'

interface Row {
  key: string
  line: string
  x: string
  y: number
  smoothed: number | null
  low: number | null
  high: number | null
  nRuns: number | null
}

const ROWS_MAX = 1_000

const value = (number: number | null) =>
  number === null ? '' : <span title={String(number)}>{readingValue(number)}</span>

const COLUMNS: readonly Column<Row>[] = [
  { key: 'x', title: 'At', cell: (row) => row.x, head: true, nowrap: true },
  { key: 'line', title: 'Line', cell: (row) => row.line, nowrap: true },
  { key: 'y', title: 'Value', cell: (row) => value(row.y), align: 'right' },
  { key: 'smoothed', title: 'Smoothed', cell: (row) => value(row.smoothed), align: 'right' },
  { key: 'low', title: 'Least', cell: (row) => value(row.low), align: 'right' },
  { key: 'high', title: 'Greatest', cell: (row) => value(row.high), align: 'right' },
]

/** Of groups: what the band is, and how many runs spoke. */
function columnsOf({ lines }: PreparedChart): readonly Column<Row>[] {
  const group = lines.find((line) => line.group)?.group
  if (!group) return COLUMNS
  const band = bandWords(group.shape)
  return [
    ...COLUMNS.filter((column) => band !== '' || (column.key !== 'low' && column.key !== 'high')).map((column) => {
      if (column.key === 'y') return { ...column, title: group.shape.center === 'mean' ? 'Mean' : 'Median' }
      if (column.key === 'low') return { ...column, title: `${band}, low` }
      return column.key === 'high' ? { ...column, title: `${band}, high` } : column
    }),
    { key: 'runs', title: 'Runs', cell: (row) => row.nRuns, align: 'right' },
  ]
}

/** The same points as a table, newest first; the CSV has all of them. */
export function LinesTable(props: { title: string; chart: PreparedChart; labelOf: (line: PreparedLine) => string }) {
  const rows: Row[] = []
  let all = 0
  for (const line of props.chart.lines.filter(({ isMember }) => !isMember)) {
    all += line.data.x.length
    for (let i = line.data.x.length - 1; i >= 0 && rows.length < ROWS_MAX; i--) {
      rows.push({
        key: `${line.id}-${i}`,
        line: `${props.labelOf(line)}${line.isSuperseded ? ', superseded' : ''}`,
        x: xReading(props.chart, line.data.x[i] as number),
        y: line.data.y[i] as number,
        smoothed: line.data.smoothed?.[i] ?? null,
        low: line.data.low?.[i] ?? null,
        high: line.data.high?.[i] ?? null,
        nRuns: line.data.nRuns?.[i] ?? null,
      })
    }
  }
  return (
    <>
      <DataTable
        label={`${props.title} over ${xWord(props.chart)}`}
        columns={columnsOf(props.chart)}
        rows={rows}
        rowKey={(row) => row.key}
        none="No points."
        compact
      />
      {all > rows.length ? (
        <p className="ink-3">
          {formatExactCount(rows.length)} of {formatExactCount(all)} rows; the CSV has all.
        </p>
      ) : null}
    </>
  )
}
