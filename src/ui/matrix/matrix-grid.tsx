// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
'use client'
/**
 * The matrix: benchmarks down, checkpoints across, heads that stay. Only what is in sight is in the document, so that two hundred by
 * two hundred scroll as twelve by twelve do. Arrow keys walk the cells, Enter opens one.
 */
import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useDeferredValue,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useGridFocus } from '#src/ui/kit/grid-focus.ts'
import { type Arranged, hasCells, worstMember } from './arrange-rows.ts'
import { GridHeads } from './grid-heads.tsx'
import {
  BUDGET,
  columnLefts,
  fitted,
  GROUP_HEIGHT,
  type GridSizes,
  HEAD,
  inSight,
  isAlike,
  OVERSCAN,
  range,
  rowAfter,
  rowHeads,
} from './grid-places.ts'
import { GridRow, GroupRow } from './grid-row.tsx'
import styles from './matrix.module.css'
import type { MatrixModel } from './matrix-model.ts'

export interface GridHandle {
  focusCell: (row: string, column: string) => void
  /** Brings the matrix to the top of the window and a cell into its sight. */
  revealCell: (row: string, column: string) => void
}

export interface MatrixGridProps {
  workspace: string
  model: MatrixModel
  arranged: Arranged
  sizes: GridSizes
  /** Prints the interval of each score too. */
  withIntervals: boolean
  /** A row of "5 of 6 within budget" below the heads. */
  withBudget: boolean
  hideUncertain: boolean
  label: string
  /** Row and column keys of the open cell. */
  selected: { row: string; column: string } | null
  sortedBy: string | null
  /** @param byKeys it was opened by a key, so the keyboard follows into what opens */
  onOpen: (row: number, column: number, byKeys: boolean) => void
  onSort: (column: string | null) => void
  onSlices: (benchmark: string) => void
  onFold: (group: string) => void
  onFoldAll: (groups: readonly string[]) => void
  /** The first column in sight, whenever it changes. */
  onVisible: (column: number) => void
  handle?: Ref<GridHandle>
}

export function MatrixGrid(props: MatrixGridProps) {
  const { model, arranged, withBudget, selected } = props
  const { entries } = arranged
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, left: 0, width: 1200, height: 640 })
  const [active, setActive] = useState({ row: 0, column: 0 })
  const sizes = useMemo(
    () => fitted(props.sizes, model.columns.length, view.width),
    [props.sizes, model.columns.length, view.width],
  )
  const focusOn = useGridFocus(box, active, ({ row, column }) => `[data-at="${row} ${column}"]`)
  const tops = useMemo(() => {
    let at = 0
    return entries.map((entry) => {
      const top = at
      at += hasCells(entry) ? sizes.row : GROUP_HEIGHT
      return top
    })
  }, [entries, sizes.row])
  const lefts = useMemo(() => columnLefts(model, sizes), [model, sizes])
  const headOf = useMemo(() => rowHeads(model), [model])
  const headHeight = HEAD + (withBudget ? BUDGET : 0)
  const end = entries.at(-1)
  const height = (tops.at(-1) ?? 0) + (end && !hasCells(end) ? GROUP_HEIGHT : sizes.row)
  const width = sizes.name + (lefts.at(-1) ?? 0)

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const look = () =>
      setView((old) => {
        const next = {
          top: element.scrollTop,
          left: element.scrollLeft,
          width: element.clientWidth,
          height: element.clientHeight,
        }
        return old.top === next.top && old.left === next.left && old.width === next.width && old.height === next.height
          ? old
          : next
      })
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])

  // A new answer is drawn where it is seen first; what lies beyond the edges keeps the old one until that is painted.
  const settled = useDeferredValue<MatrixModel | null>(model, null)
  const rest = useMemo(() => (settled && isAlike(settled, model) ? settled : null), [settled, model])
  const restHeadOf = useMemo(() => (rest ? rowHeads(rest) : null), [rest])
  const beyond = rest ? OVERSCAN : 0
  const starts = lefts.slice(0, -1)
  const seenRows = inSight(tops, height, view.top, view.height - headHeight, 0)
  const seenColumns = inSight(starts, lefts.at(-1) ?? 0, view.left, view.width - sizes.name, 0)
  const [firstRow, lastRow] = [Math.max(0, seenRows[0] - beyond), Math.min(tops.length - 1, seenRows[1] + beyond)]
  const [firstColumn, lastColumn] = [
    Math.max(0, seenColumns[0] - beyond),
    Math.min(starts.length - 1, seenColumns[1] + beyond),
  ]
  const { onVisible } = props
  useEffect(() => onVisible(seenColumns[0]), [onVisible, seenColumns[0]])

  const rows = useMemo(() => range(firstRow, lastRow, active.row), [firstRow, lastRow, active.row])
  const columns = useMemo(() => range(firstColumn, lastColumn, active.column), [firstColumn, lastColumn, active.column])

  const show = (row: number, column: number) => {
    const element = box.current
    if (!element) return
    const [top, left] = [tops[row] ?? 0, lefts[column] ?? 0]
    const right = lefts[column + 1] ?? left + sizes.cell
    const inside = { height: element.clientHeight - headHeight, width: element.clientWidth - sizes.name }
    if (top < element.scrollTop) element.scrollTop = top - GROUP_HEIGHT
    else if (top + sizes.row > element.scrollTop + inside.height) element.scrollTop = top + sizes.row - inside.height
    if (left < element.scrollLeft) element.scrollLeft = left
    else if (right > element.scrollLeft + inside.width) element.scrollLeft = right - inside.width
  }
  const go = (row: number, column: number) => {
    focusOn({ row, column })
    show(row, column)
    setActive({ row, column })
  }
  const find = (rowKey: string, columnKey: string) => {
    const row = entries.findIndex((entry) => entry.key === rowKey)
    const column = model.columns.findIndex((head) => head?.key === columnKey)
    return row >= 0 && column >= 0 ? { row, column } : null
  }
  useImperativeHandle(props.handle, () => ({
    focusCell: (rowKey, columnKey) => {
      const at = find(rowKey, columnKey)
      if (at) go(at.row, at.column)
    },
    revealCell: (rowKey, columnKey) => {
      const at = find(rowKey, columnKey)
      box.current?.scrollIntoView({ block: 'start' })
      if (at) show(at.row, at.column)
    },
  }))

  const step = (from: number, by: 1 | -1): number => {
    for (let at = from + by; at >= 0 && at < entries.length; at += by) {
      const entry = entries[at]
      if (entry && hasCells(entry)) return at
    }
    return from
  }
  const activeEntry = entries[active.row]
  const firstRowAt = activeEntry && hasCells(activeEntry) ? active.row : step(-1, 1)
  const onKeyDown = (event: KeyboardEvent) => {
    const at = placeOf(event.target)
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return
    const last = model.columns.length - 1
    const moves: Record<string, [number, number]> = {
      ArrowDown: [step(at.row, 1), at.column],
      ArrowUp: [step(at.row, -1), at.column],
      ArrowRight: [at.row, Math.min(last, at.column + 1)],
      ArrowLeft: [at.row, Math.max(0, at.column - 1)],
      Home: [at.row, 0],
      End: [at.row, last],
      PageDown: [rowAfter(entries, tops, at.row, view.height - headHeight), at.column],
      PageUp: [rowAfter(entries, tops, at.row, headHeight - view.height), at.column],
    }
    const move = moves[event.key]
    if (move) {
      event.preventDefault()
      go(...move)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      open(at, true)
    }
  }
  const open = ({ row, column }: { row: number; column: number }, byKeys: boolean) => {
    const entry = entries[row]
    setActive({ row, column })
    if (!entry || !hasCells(entry)) return
    const of = entry.kind === 'row' ? entry.row : worstMember(model, entry.rows, column)
    if (of !== null && model.cellAt(of, column)) props.onOpen(of, column, byKeys)
  }
  const onClick = (event: MouseEvent) => {
    const at = placeOf(event.target)
    if (at) open(at, false)
  }

  const groups = entries.flatMap((entry) => (entry.kind === 'group' ? entry : []))
  const isFolded = groups.length > 0 && groups.every((group) => group.isFolded)
  const folding =
    groups.length === 0
      ? null
      : { isFolded, toggle: () => props.onFoldAll(isFolded ? [] : groups.map((group) => group.name)) }

  return (
    <div ref={box} className={styles.box} role="region" aria-label={props.label}>
      <div
        role="grid"
        aria-label={props.label}
        aria-rowcount={entries.length + (withBudget ? 2 : 1)}
        aria-colcount={model.columns.length + 1}
        className={styles.grid}
        style={{ width, height: height + headHeight + FOOT }}
        onKeyDown={onKeyDown}
        onClick={onClick}
        tabIndex={-1}
      >
        <GridHeads {...props} folding={folding} sizes={sizes} columns={columns} lefts={lefts} width={width} />
        {rows.map((at) => {
          const entry = entries[at]
          if (!entry) return null
          const top = headHeight + (tops[at] ?? 0)
          const isSeen = rest === null || (at >= seenRows[0] && at <= seenRows[1])
          const place = {
            model: isSeen ? model : rest,
            beyond: isSeen ? rest : null,
            seenFrom: seenColumns[0],
            seenTo: seenColumns[1],
            at,
            top,
            offset: withBudget ? 3 : 2,
            columns,
            lefts,
            sizes,
            withIntervals: props.withIntervals,
            hideUncertain: props.hideUncertain,
            tabColumn: at === firstRowAt ? active.column : null,
          }
          return entry.kind === 'group' ? (
            <GroupRow key={entry.key} {...place} entry={entry} onFold={props.onFold} />
          ) : (
            <GridRow
              key={entry.key}
              {...place}
              entry={entry}
              head={(isSeen ? headOf : (restHeadOf ?? headOf))(entry.row)}
              selected={selected?.row === entry.key ? selected.column : null}
              onSlices={props.onSlices}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Room below the last row, for its ring. */
const FOOT = 6

function placeOf(target: EventTarget): { row: number; column: number } | null {
  const at = (target as Element).closest<HTMLElement>('[data-at]')?.dataset.at?.split(' ').map(Number)
  return at && at.length === 2 ? { row: at[0] ?? 0, column: at[1] ?? 0 } : null
}
