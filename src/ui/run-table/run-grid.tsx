// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, which a table cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
// biome-ignore-all lint/a11y/noStaticElementInteractions: cells have roles; what is in them is a handle for the pointer alone
'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useWidth } from '#src/ui/charts/box-size.ts'
import type { ColouredBy } from '#src/ui/charts/run-colour.ts'
import { type GridPlace, useGridFocus } from '#src/ui/kit/grid-focus.ts'
import { useTextScale } from '#src/ui/kit/text-scale.ts'
import type { GridActions } from './grid-actions.ts'
import { FIXED_COLUMNS, type GridColumns, SELECT_WIDTH, scaleColumns, widthOf, withWideNames } from './grid-columns.ts'
import { GridHead } from './grid-head.tsx'
import { gridKeys } from './grid-keys.ts'
import { GroupRow } from './group-row.tsx'
import type { TableGroup } from './group-tree.ts'
import { PlaceholderRow } from './placeholder-row.tsx'
import { DELTA_ROW_HEIGHT, GROUP_ROW_HEIGHT, HEAD_HEIGHT, ROW_HEIGHT } from './row-heights.ts'
import type { PlannedRow, RowPlan } from './row-plan.ts'
import { RunRow } from './run-row.tsx'
import styles from './run-table.module.css'
import { isSelected, type Selection } from './selection.ts'
import type { SortKey } from './sort-list.ts'
import type { LoadedRow } from './table-row.ts'

export interface RunGridProps {
  label: string
  /** The rows are those of the search or order before; those asked for are on their way. */
  isStale?: boolean
  workspace: string
  project: string
  columns: GridColumns
  sort: readonly SortKey[]
  plan: RowPlan<TableGroup>
  rowOf: (planned: PlannedRow<TableGroup>) => LoadedRow | null
  /** Rows that stay on top, the baseline first. */
  pinned: readonly LoadedRow[]
  baseline: LoadedRow | null
  currency: string
  selection: Selection
  hasSelection: boolean
  matching: number
  hidden: ReadonlySet<number>
  /** Runs that charts draw; null: not known yet. */
  drawn: ReadonlyMap<number, string | null> | null
  colouredBy: ColouredBy
  closed: ReadonlySet<string>
  /** Rows of groups are among the rows. */
  closesGroups: boolean
  actions: GridActions
  /** Another question begins at the top. */
  topKey: string
  onRange: (from: number, to: number) => void
  /** Where the table stands: the first place in sight. */
  onTop: (isAtTop: boolean) => void
  /** What stands below the rows, such as why there are none. */
  children?: ReactNode
}

/**
 * Runs as a grid, virtual in both directions. One of its cells can be reached by Tab, the others by arrows, `j` and `k`; `x` selects,
 * Shift + `x` a range, Enter opens, Shift + F10 opens the menu of a cell.
 */
export function RunGrid(props: RunGridProps) {
  const { plan, pinned, baseline, actions } = props
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const scale = useTextScale()
  const columns = useMemo(() => {
    const roomOfColumns = (room - SELECT_WIDTH - props.columns.eye) / scale
    return scaleColumns(withWideNames(props.columns, roomOfColumns), scale)
  }, [props.columns, room, scale])
  const [active, setActive] = useState<GridPlace>({ row: 1, column: 2 })
  const anchor = useRef<number | null>(null)

  const rowHeight = (baseline ? DELTA_ROW_HEIGHT : ROW_HEIGHT) * scale
  const headHeight = HEAD_HEIGHT * scale
  const fixedWidth = SELECT_WIDTH + columns.eye + columns.name.width + widthOf(columns.pinned)
  const headRows = 1 + pinned.length
  const pinnedHeight = pinned.length * rowHeight
  const places = plan.total
  const columnCount = FIXED_COLUMNS + columns.all.length

  const rows = useVirtualizer({
    count: places,
    getScrollElement: () => box.current,
    estimateSize: (place) => (plan.at(place)?.kind === 'group' ? GROUP_ROW_HEIGHT * scale : rowHeight),
    overscan: 12,
    paddingStart: headHeight + pinnedHeight,
    scrollPaddingStart: headHeight + pinnedHeight,
    scrollPaddingEnd: 12,
    rangeExtractor: (range) => {
      const found: number[] = []
      const from = Math.max(0, range.startIndex - range.overscan)
      const to = Math.min(range.count - 1, range.endIndex + range.overscan)
      for (let place = from; place <= to; place++) found.push(place)
      // The cell that has the focus stays, wherever the rest is scrolled to.
      const kept = active.row - headRows
      if (kept >= 0 && kept < range.count && (kept < from || kept > to)) found.push(kept)
      return found.sort((a, b) => a - b)
    },
  })
  const cells = useVirtualizer({
    horizontal: true,
    count: columns.rest.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => columns.rest[at]?.width ?? 0,
    overscan: 3,
    paddingStart: fixedWidth,
    scrollPaddingStart: fixedWidth,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew when what they depend on changes
  useLayoutEffect(() => rows.measure(), [plan, rowHeight, pinnedHeight, rows])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useLayoutEffect(() => cells.measure(), [columns, cells])

  const inSight = rows.getVirtualItems()
  const from = rows.range?.startIndex ?? 0
  const to = rows.range?.endIndex ?? 0
  const { onRange, onTop } = props
  useEffect(() => onRange(from, to), [from, to, onRange])
  const isAtTop = (rows.scrollOffset ?? 0) < rowHeight
  useEffect(() => onTop(isAtTop), [isAtTop, onTop])

  const { topKey } = props
  const lastTop = useRef(topKey)
  useEffect(() => {
    if (lastTop.current === topKey) return
    lastTop.current = topKey
    box.current?.scrollTo({ top: 0 })
  }, [topKey])

  const lastRow = headRows + places - 1
  const at: GridPlace = {
    row: Math.min(active.row, Math.max(0, lastRow)),
    column: Math.min(active.column, columnCount - 1),
  }
  const focusOn = useGridFocus(box, at, ({ row, column }) => `[data-row="${row}"][data-column="${column}"]`)

  const loadedAt = useCallback(
    (row: number): LoadedRow | null => {
      if (row === 0) return null
      if (row < headRows) return pinned[row - 1] ?? null
      const planned = plan.at(row - headRows)
      return planned ? props.rowOf(planned) : null
    },
    [headRows, pinned, plan, props.rowOf],
  )

  const go = (row: number, column: number): boolean => {
    const next: GridPlace = {
      row: Math.min(lastRow, Math.max(0, row)),
      column: Math.min(columnCount - 1, Math.max(0, column)),
    }
    focusOn(next)
    setActive(next)
    if (next.row >= headRows) rows.scrollToIndex(next.row - headRows, { align: 'auto' })
    const rest = next.column - FIXED_COLUMNS - columns.pinned.length
    if (rest >= 0) cells.scrollToIndex(rest, { align: 'auto' })
    return true
  }

  const onKeyDown = gridKeys({
    ...{ at, columns, plan, headRows, lastRow, columnCount, actions, anchor, loadedAt, go },
    closed: props.closed,
    selection: props.selection,
    pageRows: () => {
      const inSight = (box.current?.clientHeight ?? 0) - headHeight - pinnedHeight
      return Math.max(1, Math.floor(inSight / rowHeight) - 1)
    },
  })

  const focusAt = useCallback((row: number, column: number) => setActive({ row, column }), [])
  const clickBox = useCallback(
    (row: number, number: number, isRange: boolean) => {
      if (isRange && anchor.current !== null) actions.selectRange(anchor.current, row - headRows)
      else {
        anchor.current = row - headRows
        actions.toggleSelected(number)
      }
    },
    [actions, headRows],
  )

  const columnsInSight = cells.getVirtualItems()
  const first = columnsInSight[0]
  const lead = (first?.start ?? fixedWidth) - fixedWidth
  const firstIndex = first?.index ?? 0
  const lastIndex = columnsInSight.at(-1)?.index ?? -1
  // Of the same columns the same list: rows that do not change are not drawn anew while the table is scrolled.
  const drawnColumns = useMemo(() => columns.rest.slice(firstIndex, lastIndex + 1), [columns, firstIndex, lastIndex])
  const firstColumn = FIXED_COLUMNS + columns.pinned.length + firstIndex
  const width = Math.max(cells.getTotalSize(), fixedWidth)
  const shared = {
    columns,
    drawnColumns,
    firstColumn,
    lead,
    currency: props.currency,
    baseline,
    colouredBy: props.colouredBy,
    actions,
    focusAt,
    clickBox,
  }
  const rowProps = (row: number, loaded: LoadedRow) => ({
    ...shared,
    loaded,
    place: row,
    height: rowHeight,
    href: `/${encodeURIComponent(props.workspace)}/${encodeURIComponent(props.project)}/runs/${loaded.row.number}`,
    isSelected: isSelected(props.selection, loaded.row.number),
    isHidden: props.hidden.has(loaded.row.number),
    isDrawn: props.drawn === null || props.drawn.has(loaded.row.number),
    groupKey: props.drawn?.get(loaded.row.number) ?? null,
    isBaseline: baseline?.row.number === loaded.row.number,
    activeColumn: at.row === row ? at.column : null,
  })

  return (
    <div
      ref={box}
      className={styles.box}
      data-selecting={(props.matching > 0 && props.hasSelection) || undefined}
      onKeyDown={onKeyDown}
      onPointerLeave={() => actions.light(null)}
    >
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a name and counts */}
      <div
        role={props.closesGroups ? 'treegrid' : 'grid'}
        aria-label={props.label}
        aria-rowcount={headRows + places}
        aria-colcount={columnCount}
        aria-multiselectable
        aria-busy={props.isStale ?? false}
        className={styles.grid}
        style={{ width, minWidth: '100%', height: rows.getTotalSize() }}
      >
        <div role="rowgroup" className={styles.head}>
          <GridHead
            {...shared}
            sort={props.sort}
            selection={props.selection}
            matching={props.matching}
            hiddenCount={props.hidden.size}
            activeColumn={at.row === 0 ? at.column : null}
            height={headHeight}
          />
          {pinned.map((loaded, i) => (
            <RunRow key={loaded.row.uid} {...rowProps(1 + i, loaded)} top={null} isPinned />
          ))}
        </div>
        <div role="rowgroup" className={styles.body}>
          {inSight.map((item) => {
            const planned = plan.at(item.index)
            const row = headRows + item.index
            if (planned === null) return null
            if (planned.kind === 'group') {
              return (
                <GroupRow
                  key={`group ${planned.group.path}`}
                  {...shared}
                  group={planned.group}
                  depth={planned.depth}
                  isClosed={props.closed.has(planned.group.path)}
                  place={row}
                  top={item.start}
                  height={item.size}
                  activeColumn={at.row === row ? at.column : null}
                />
              )
            }
            const loaded = props.rowOf(planned)
            if (loaded === null) {
              return (
                <PlaceholderRow
                  key={`place ${item.index}`}
                  {...shared}
                  place={row}
                  top={item.start}
                  height={item.size}
                  activeColumn={at.row === row ? at.column : null}
                />
              )
            }
            return <RunRow key={loaded.row.uid} {...rowProps(row, loaded)} top={item.start} isPinned={false} />
          })}
        </div>
      </div>
      {props.children}
    </div>
  )
}
