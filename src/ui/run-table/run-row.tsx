// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid has the focus at a time
// biome-ignore-all lint/a11y/noStaticElementInteractions: cells have roles; what is in them is a handle for the pointer alone
'use client'
import { Ellipsis, Eye, EyeOff, Pin, Scale, Star } from 'lucide-react'
import Link from 'next/link'
import { memo } from 'react'
import { RunSwatch } from '#src/ui/charts/line-swatch.tsx'
import { useIsLit } from '#src/ui/charts/lit-run.tsx'
import { lookOfRun } from '#src/ui/charts/run-colour.ts'
import { SELECT_WIDTH } from './grid-columns.ts'
import { type GridRowProps, rowStyle } from './grid-row.ts'
import styles from './run-table.module.css'
import { SelectBox } from './select-box.tsx'
import type { LoadedRow } from './table-row.ts'
import { ValueCell } from './value-cell.tsx'

interface RunRowProps extends GridRowProps {
  loaded: LoadedRow
  /** Px from the top of the table; null: where it falls. */
  top: number | null
  href: string
  isPinned: boolean
  isSelected: boolean
  isHidden: boolean
  isDrawn: boolean
  isBaseline: boolean
  groupKey: string | null
}

/** One run. */
export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { loaded, columns, place, actions, activeColumn, focusAt } = props
  const { row } = loaded
  const isLit = useIsLit(row.number)
  const look = lookOfRun({ number: row.number, stage: row.stage, groupKey: props.groupKey }, props.colouredBy)
  const cell = (column: number) => ({
    'data-row': place,
    'data-column': column,
    tabIndex: activeColumn === column ? 0 : -1,
    'aria-colindex': column + 1,
    onFocus: () => focusAt(place, column),
  })
  let left = SELECT_WIDTH + columns.eye + columns.name.width
  const eye = props.isHidden ? 'hidden in charts' : props.isDrawn ? 'shown in charts' : 'not among the first 500'
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      aria-selected={props.isSelected}
      className={styles.row}
      data-placed={props.top !== null || undefined}
      data-lit={isLit || undefined}
      data-selected={props.isSelected || undefined}
      data-baseline={props.isBaseline || undefined}
      style={rowStyle(props.top, props.height)}
      onPointerEnter={() => actions.light(row.number)}
    >
      <div
        {...cell(0)}
        role="gridcell"
        className={styles.fixed}
        style={{ left: 0, width: SELECT_WIDTH }}
        aria-label={`${props.isSelected ? 'Selected' : 'Not selected'}: ${row.name}`}
        data-quiet={!props.isSelected || undefined}
        onClick={(event) => props.clickBox(place, row.number, event.shiftKey)}
      >
        <SelectBox state={props.isSelected ? 'on' : 'off'} />
      </div>
      {columns.eye > 0 ? (
        <div
          {...cell(1)}
          role="gridcell"
          className={styles.fixed}
          style={{ left: SELECT_WIDTH, width: columns.eye }}
          aria-label={`${row.name}: ${eye}`}
          title={
            props.isDrawn || props.isHidden
              ? props.isHidden
                ? 'Show in charts'
                : 'Hide in charts'
              : 'Charts draw the first 500 runs of the table'
          }
          data-off={props.isHidden || !props.isDrawn || undefined}
          onClick={() => actions.toggleHidden([row.number])}
        >
          {props.isHidden ? (
            <EyeOff size={14} strokeWidth={1.75} aria-hidden />
          ) : (
            <Eye size={14} strokeWidth={1.75} aria-hidden />
          )}
        </div>
      ) : null}
      <div
        {...cell(2)}
        role="rowheader"
        className={styles.fixed}
        style={{ left: SELECT_WIDTH + columns.eye, width: columns.name.width }}
        onContextMenu={(event) => {
          event.preventDefault()
          actions.menu(loaded, null, event.currentTarget.getBoundingClientRect())
        }}
      >
        <span className={styles.name}>
          <RunSwatch look={look} off={props.isHidden || !props.isDrawn} />
          {props.isBaseline ? <Scale size={12} strokeWidth={1.75} aria-label="baseline" /> : null}
          {props.isPinned && !props.isBaseline ? <Pin size={12} strokeWidth={1.75} aria-label="pinned" /> : null}
          {row.starred ? <Star size={12} strokeWidth={1.75} className={styles.star} aria-label="starred" /> : null}
          <Link className={styles.link} href={props.href} prefetch={false} tabIndex={-1} title={row.name}>
            {row.name}
          </Link>
          <span className={styles.number}>#{row.number}</span>
          {row.archived ? <span className={styles.number}>archived</span> : null}
        </span>
        <span
          className={styles.rowMenu}
          title="Menu of the run (Shift + F10)"
          aria-hidden
          onClick={(event) => {
            event.stopPropagation()
            actions.menu(loaded, null, event.currentTarget.getBoundingClientRect())
          }}
        >
          <Ellipsis size={14} strokeWidth={1.75} />
        </span>
      </div>
      {columns.pinned.map((column, i) => {
        const style = { left, width: column.width }
        left += column.width
        return <ValueCell key={column.look.text} {...props} {...cell(3 + i)} column={column} style={style} isFixed />
      })}
      <div aria-hidden className={styles.lead} style={{ width: props.lead }} />
      {props.drawnColumns.map((column, i) => (
        <ValueCell
          key={column.look.text}
          {...props}
          {...cell(props.firstColumn + i)}
          column={column}
          style={{ width: column.width }}
          isFixed={false}
        />
      ))}
    </div>
  )
})
