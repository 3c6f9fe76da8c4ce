'use client'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import type { RequestAsked } from '#src/ui/charts/copy-items.tsx'
import { ScrollBox } from './scroll-box.tsx'
import styles from './table.module.css'
import { TableCopies } from './table-copies.tsx'

/** A column, declared at module level. The first one that is `head` names its row to screen readers. */
export interface Column<T> {
  key: string
  title: ReactNode
  cell: (row: T) => ReactNode
  align?: 'right'
  nowrap?: boolean
  head?: boolean
  width?: number | string
  /** Makes the column sortable; null sorts last in both directions. */
  sortValue?: (row: T) => number | string | null
}

export interface DataTableProps<T> {
  /** What the table lists, for screen readers. */
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  /** Said instead of rows when there are none. */
  none: ReactNode
  compact?: boolean
  selected?: (row: T) => boolean
  /** What a program asks for the same rows. */
  request?: RequestAsked
  /** Without a menu of copies: what is around it has one. */
  isBare?: boolean
}

type Sort = { key: string; direction: 'ascending' | 'descending' }

/** A plain table with real heads, in a box that scrolls sideways by mouse, touch and keyboard, with a menu of copies below. */
export function DataTable<T>(props: DataTableProps<T>) {
  const [sort, setSort] = useState<Sort | null>(null)
  const box = useRef<HTMLDivElement>(null)
  if (props.rows.length === 0) return <p className={styles.none}>{props.none}</p>
  const rows = sorted(props.rows, props.columns, sort)
  return (
    <div ref={box}>
      <ScrollBox label={props.label}>
        <table className={styles.table} data-rows={props.compact ? 'compact' : undefined}>
          <caption className="visually-hidden">{props.label}</caption>
          <thead>
            <tr>
              {props.columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  data-align={column.align}
                  style={column.width === undefined ? undefined : { width: column.width }}
                  aria-sort={column.sortValue ? (sort?.key === column.key ? sort.direction : 'none') : undefined}
                >
                  {column.sortValue ? (
                    <button
                      type="button"
                      className={styles.sort}
                      data-sort
                      onClick={() => setSort(nextSort(sort, column.key))}
                    >
                      {column.title}
                      {sort?.key === column.key ? <SortArrow direction={sort.direction} /> : null}
                    </button>
                  ) : (
                    column.title
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={props.rowKey(row)} data-selected={props.selected?.(row) || undefined}>
                {props.columns.map((column) =>
                  column.head ? (
                    <th key={column.key} scope="row" data-align={column.align} data-nowrap={column.nowrap || undefined}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.key} data-align={column.align} data-nowrap={column.nowrap || undefined}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {props.isBare ? null : (
        <TableCopies of={box} title={props.label} {...(props.request && { request: props.request })} />
      )}
    </div>
  )
}

function SortArrow({ direction }: { direction: Sort['direction'] }) {
  const Icon = direction === 'ascending' ? ArrowUp : ArrowDown
  return <Icon size={12} strokeWidth={1.75} aria-hidden />
}

/** First click ascending, second descending, third back to the given order. */
function nextSort(sort: Sort | null, key: string): Sort | null {
  if (sort?.key !== key) return { key, direction: 'ascending' }
  return sort.direction === 'ascending' ? { key, direction: 'descending' } : null
}

function sorted<T>(rows: readonly T[], columns: readonly Column<T>[], sort: Sort | null): readonly T[] {
  const value = sort && columns.find((c) => c.key === sort.key)?.sortValue
  if (!sort || !value) return rows
  const sign = sort.direction === 'ascending' ? 1 : -1
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y)
    return sign * String(x).localeCompare(String(y), 'en')
  })
}
