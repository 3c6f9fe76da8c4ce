'use client'
import { ActionIcon } from '@mantine/core'
import { ChartColumn, Table2 } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import type { TableText } from '#src/core/publish/table.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import type { FigureFrame } from './body-props.ts'
import styles from './panels.module.css'

const SAID_EVERY_MS = 1_000
/** Rows of a table on the screen; copies and the CSV have all. */
const TABLE_ROWS_MAX = 500

/**
 * A panel with its head: title, what it tells or what is read in it, and its tools.
 *
 * @param sentence how many runs it shows and what was left out
 * @param reading what is under the pointer or the keys; it stands where the sentence stood, and is said at most once a second
 * @param table the same numbers, for the table view and all copies; absent: the panel has none
 * @param drawing the box that holds the SVG; absent: the panel is no picture
 */
export function PanelFigure(props: {
  frame: FigureFrame
  sentence?: string
  reading?: string | null
  table?: TableText
  drawing?: RefObject<HTMLDivElement | null>
  height?: number
  children: ReactNode
}) {
  const { frame, sentence = '', reading = null, table, drawing, height, children } = props
  const [asTable, setAsTable] = useState(false)
  const Icon = asTable ? ChartColumn : Table2
  const label = asTable ? 'Show as chart' : 'Show as table'
  return (
    <figure className={styles.panel} aria-label={frame.title}>
      <figcaption className={styles.head}>
        <span className={styles.title} title={frame.title}>
          {frame.isNamed ? frame.title : null}
        </span>
        <span className={styles.reading} title={reading ?? sentence}>
          {reading === null ? sentence : <strong>{reading}</strong>}
        </span>
        <span className={styles.tools}>
          {table && drawing ? (
            <Tooltip label={label}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={`${label}: ${frame.title}`}
                onClick={() => setAsTable(!asTable)}
              >
                <Icon size={14} strokeWidth={1.75} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ) : null}
          {table ? (
            <PictureMenu
              name={frame.name}
              table={table}
              request={frame.request}
              isSmall
              {...(drawing && !asTable && { drawing })}
            />
          ) : null}
          {frame.tools ? <span className={styles.own}>{frame.tools}</span> : null}
        </span>
      </figcaption>
      {asTable && table ? (
        <div className={styles.body} style={{ maxHeight: height, minHeight: height }}>
          <ShortTable table={table} />
        </div>
      ) : (
        children
      )}
      <Said words={reading} />
    </figure>
  )
}

/** A table of at most so many rows, which says so. */
export function ShortTable({ table }: { table: TableText }) {
  const { columns, rows } = table.table
  const isCut = rows.length > TABLE_ROWS_MAX
  return (
    <>
      <PublishedTableView
        label={table.title}
        table={isCut ? { columns, rows: rows.slice(0, TABLE_ROWS_MAX) } : table.table}
      />
      {isCut ? (
        <p className={styles.note}>
          {TABLE_ROWS_MAX} of {rows.length} rows; the copies and the CSV have all.
        </p>
      ) : null}
    </>
  )
}

/** Says what is read politely, at most once a second. */
function Said({ words }: { words: string | null }) {
  const [said, setSaid] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSaid(words ?? ''), SAID_EVERY_MS)
    return () => clearTimeout(timer)
  }, [words])
  return (
    <span className="visually-hidden" aria-live="polite">
      {said}
    </span>
  )
}

export const useDrawing = (): RefObject<HTMLDivElement | null> => useRef<HTMLDivElement>(null)
