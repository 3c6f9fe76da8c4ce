'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PublishedCell, PublishedTable } from '#src/core/publish/table.ts'
import { ScrollBox } from './scroll-box.tsx'
import styles from './table.module.css'

/**
 * A printed table on the screen: the same characters as in the copies of it. The first column names its row.
 *
 * @param lead what stands before the name of a row, such as an icon
 * @param hrefOf where the name of a row leads; null: nowhere
 * @param strong rows that sum others up
 * @param inkOf cells that were gained or lost for certain
 * @param footRows so many of the last rows stand below a rule
 * @param fit as wide as its text, not as its box
 * @param lit rows that are pointed at elsewhere; `onLight` tells the one that is pointed at here
 */
export function PublishedTableView(props: {
  label: string
  table: PublishedTable
  lead?: (row: number) => ReactNode
  hrefOf?: (row: number) => string | null
  strong?: (row: number) => boolean
  inkOf?: (row: number, column: number) => 'gained' | 'lost' | null
  lit?: (row: number) => boolean
  onLight?: (row: number | null) => void
  footRows?: number
  fit?: boolean
}) {
  const { label, table, lead, hrefOf, strong, inkOf, lit, onLight, footRows = 0, fit = false } = props
  return (
    <ScrollBox label={label}>
      <table className={styles.table} data-rows="compact" data-fit={fit || undefined}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {table.columns.map(({ name, align }, i) => (
              <th key={keyOf(i)} scope="col" data-align={align === 'right' ? 'right' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr
              key={keyOf(i)}
              data-strong={strong?.(i) || undefined}
              data-lit={lit?.(i) || undefined}
              data-above-foot={(footRows > 0 && i === table.rows.length - footRows - 1) || undefined}
              onPointerEnter={onLight && (() => onLight(i))}
              onPointerLeave={onLight && (() => onLight(null))}
            >
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={keyOf(column)} scope="row" data-nowrap>
                    <span className={styles.lead}>
                      {lead?.(i)}
                      <RowName cell={cell} href={hrefOf?.(i) ?? null} />
                    </span>
                  </th>
                ) : (
                  <td
                    key={keyOf(column)}
                    data-nowrap={cell.text.length <= LINE_MAX || undefined}
                    data-long={cell.text.length > LINE_MAX || undefined}
                    data-ink={inkOf?.(i, column) ?? undefined}
                    data-align={table.columns[column]?.align === 'right' ? 'right' : undefined}
                  >
                    <CellText cell={cell} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

/** A longer text, such as a mixture of data, is broken into lines, so that what stands behind it stays in sight. */
const LINE_MAX = 44

/** The text of a cell, leading where its copy leads: addresses of this instance are followed inside the page. */
function CellText({ cell: { text, href, strong } }: { cell: PublishedCell }) {
  const shown = strong ? <strong>{text}</strong> : text
  if (href === undefined) return shown
  const { pathname, search } = new URL(href)
  return (
    <Link className="link" href={`${pathname}${search}`}>
      {shown}
    </Link>
  )
}

const RowName = ({ cell, href }: { cell: PublishedCell; href: string | null }) =>
  href === null ? <CellText cell={cell} /> : <Link href={href}>{cell.text}</Link>

/** Rows and columns of a printed table never move, and two may have one name: their place is their key. */
const keyOf = (place: number): string => String(place)
