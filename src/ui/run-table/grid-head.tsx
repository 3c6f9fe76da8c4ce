// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid has the focus at a time
// biome-ignore-all lint/a11y/noStaticElementInteractions: cells have roles; what is in them is a handle for the pointer alone
'use client'
import { ArrowDown, ArrowUp, ChevronDown, Eye, EyeOff } from 'lucide-react'
import { type CSSProperties, type DragEvent, memo, type PointerEvent, useRef, useState } from 'react'
import { columnWords } from './column-look.ts'
import type { GridActions } from './grid-actions.ts'
import { type GridColumn, type GridColumns, SELECT_WIDTH } from './grid-columns.ts'
import styles from './run-table.module.css'
import { SelectBox } from './select-box.tsx'
import { type Selection, selectedCount } from './selection.ts'
import type { SortKey } from './sort-list.ts'

interface HeadProps {
  columns: GridColumns
  drawnColumns: readonly GridColumn[]
  firstColumn: number
  lead: number
  sort: readonly SortKey[]
  selection: Selection
  matching: number
  hiddenCount: number
  activeColumn: number | null
  height: number
  actions: GridActions
  focusAt: (row: number, column: number) => void
}

/** The heads of a grid: press to sort, with Shift to sort by one more; drag to move, drag the edge to resize; the rest is in their menu. */
export function GridHead(props: HeadProps) {
  const { columns, selection, matching, actions, activeColumn, focusAt } = props
  const selected = selectedCount(selection, matching)
  const isAll = selection.kind === 'all' && selection.except.size === 0
  const fixed = [columns.name, ...columns.pinned]
  let left = SELECT_WIDTH + columns.eye
  return (
    <div role="row" aria-rowindex={1} className={styles.headRow} style={{ height: props.height }}>
      <div
        role="columnheader"
        aria-colindex={1}
        className={styles.fixed}
        style={{ left: 0, width: SELECT_WIDTH }}
        data-row={0}
        data-column={0}
        tabIndex={activeColumn === 0 ? 0 : -1}
        aria-label={isAll ? 'Select none' : `Select all ${matching} that match`}
        title={isAll ? 'Select none' : `Select all ${matching} that match`}
        onFocus={() => focusAt(0, 0)}
        onClick={() => actions.selectAll(!isAll)}
      >
        <SelectBox state={isAll ? 'on' : selected > 0 ? 'some' : 'off'} />
      </div>
      {columns.eye > 0 ? (
        <div
          role="columnheader"
          aria-colindex={2}
          className={styles.fixed}
          style={{ left: SELECT_WIDTH, width: columns.eye }}
          data-row={0}
          data-column={1}
          tabIndex={activeColumn === 1 ? 0 : -1}
          aria-label={props.hiddenCount > 0 ? 'Show all in charts' : 'Hide all in charts'}
          title={props.hiddenCount > 0 ? 'Show all in charts' : 'Hide all in charts'}
          onFocus={() => focusAt(0, 1)}
          onClick={() => actions.toggleHidden([])}
        >
          {props.hiddenCount > 0 ? (
            <EyeOff size={14} strokeWidth={1.75} aria-hidden />
          ) : (
            <Eye size={14} strokeWidth={1.75} aria-hidden />
          )}
        </div>
      ) : null}
      {fixed.map((column, i) => {
        const style = { left, width: column.width }
        left += column.width
        return <HeadCell key={column.look.text} {...props} column={column} at={2 + i} style={style} isFixed />
      })}
      <div aria-hidden className={styles.lead} style={{ width: props.lead }} />
      {props.drawnColumns.map((column, i) => (
        <HeadCell
          key={column.look.text}
          {...props}
          column={column}
          at={props.firstColumn + i}
          style={{ width: column.width }}
          isFixed={false}
        />
      ))}
    </div>
  )
}

interface HeadCellProps extends Pick<HeadProps, 'columns' | 'sort' | 'activeColumn' | 'actions' | 'focusAt'> {
  column: GridColumn
  at: number
  style: CSSProperties
  isFixed: boolean
}

const HeadCell = memo(function HeadCell(props: HeadCellProps) {
  const { column, at, sort, actions } = props
  const { look } = column
  const place = sort.findIndex((key) => key.field === look.text)
  const key = sort[place]
  const [isTarget, setTarget] = useState(false)
  const drag = {
    draggable: look.text !== 'name',
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData(DRAGGED, look.text)
    },
    onDragOver: (event: DragEvent) => {
      if (look.text === 'name' || !event.dataTransfer.types.includes(DRAGGED)) return
      event.preventDefault()
      setTarget(true)
    },
    onDragLeave: () => setTarget(false),
    onDrop: (event: DragEvent) => {
      setTarget(false)
      const moved = event.dataTransfer.getData(DRAGGED)
      if (moved !== '') actions.moveColumnTo(moved, look.text)
    },
  }
  const Arrow = key?.direction === 'desc' ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-colindex={at + 1}
      aria-sort={key ? (key.direction === 'asc' ? 'ascending' : 'descending') : 'none'}
      aria-keyshortcuts="Enter Shift+Enter Alt+ArrowLeft Alt+ArrowRight Shift+ArrowLeft Shift+ArrowRight Shift+F10"
      className={props.isFixed ? styles.fixed : styles.headCell}
      data-align={look.align}
      data-target={isTarget || undefined}
      data-row={0}
      data-column={at}
      tabIndex={props.activeColumn === at ? 0 : -1}
      style={props.style}
      title={`${columnWords(look)}${look.orientation === null ? '' : `, ${look.orientation} is better`}`}
      onFocus={() => props.focusAt(0, at)}
      onClick={(event) => actions.sort(look.text, event.shiftKey)}
      onContextMenu={(event) => {
        event.preventDefault()
        actions.headMenu(look.text, event.currentTarget.getBoundingClientRect())
      }}
      {...drag}
    >
      <span className={styles.headWords}>
        <span className={styles.headTitle}>{look.title}</span>
        {look.note === '' && !key ? null : (
          <span className={styles.headNote}>
            {look.note}
            {key ? <Arrow size={12} strokeWidth={2} aria-hidden /> : null}
            {key && sort.length > 1 ? <span>{place + 1}</span> : null}
          </span>
        )}
      </span>
      <span
        className={styles.headMenu}
        aria-hidden
        onClick={(event) => {
          event.stopPropagation()
          const head = event.currentTarget.closest<HTMLElement>('[role=columnheader]')
          if (head) actions.headMenu(look.text, head.getBoundingClientRect())
        }}
      >
        <ChevronDown size={12} strokeWidth={2} />
      </span>
      <ResizeEdge column={column} scale={props.columns.scale} actions={actions} />
    </div>
  )
})

/** Of what is dragged between heads, so that other dragged things are left alone. */
const DRAGGED = 'application/x-descent-column'

/** The right edge of a head: drag to resize, press twice for the usual width. */
function ResizeEdge({ column, scale, actions }: { column: GridColumn; scale: number; actions: GridActions }) {
  const drag = useRef<{ x: number; width: number } | null>(null)
  const width = (event: PointerEvent) =>
    drag.current ? (drag.current.width + event.clientX - drag.current.x) / scale : 0
  return (
    <span
      className={styles.edge}
      aria-hidden
      draggable
      onDragStart={(event) => {
        event.preventDefault()
        event.stopPropagation()
      }}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => {
        event.stopPropagation()
        actions.resizeColumn(column.look.text, column.look.width, true)
      }}
      onPointerDown={(event) => {
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { x: event.clientX, width: column.width }
      }}
      onPointerMove={(event) => {
        if (drag.current) actions.resizeColumn(column.look.text, width(event), false)
      }}
      onPointerUp={(event) => {
        if (drag.current && event.clientX !== drag.current.x) actions.resizeColumn(column.look.text, width(event), true)
        drag.current = null
      }}
    />
  )
}
