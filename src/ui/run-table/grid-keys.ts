import type { KeyboardEvent } from 'react'
import type { GridPlace } from '#src/ui/kit/grid-focus.ts'
import { COLUMN_WIDTH_STEP } from './column-list.ts'
import type { GridActions } from './grid-actions.ts'
import { FIXED_COLUMNS, type GridColumns } from './grid-columns.ts'
import type { TableGroup } from './group-tree.ts'
import type { RowPlan } from './row-plan.ts'
import type { Selection } from './selection.ts'
import type { LoadedRow } from './table-row.ts'

interface GridKeys {
  /** The place that has the focus: row 0 is the head, then the pinned rows, then the rest. Column 0 selects, 1 is the eye, 2 the name. */
  at: GridPlace
  columns: GridColumns
  plan: RowPlan<TableGroup>
  /** The head and the rows that are pinned below it. */
  headRows: number
  lastRow: number
  columnCount: number
  closed: ReadonlySet<string>
  selection: Selection
  actions: GridActions
  /** Where a range of selected rows began. */
  anchor: { current: number | null }
  /** Rows that a page of the keyboard moves by. */
  pageRows: () => number
  loadedAt: (row: number) => LoadedRow | null
  /** Moves the focus; true, since a key was taken. */
  go: (row: number, column: number) => boolean
}

/** What the keys of a grid do: what listens to them on the box around its cells. */
export function gridKeys(given: GridKeys): (event: KeyboardEvent<HTMLElement>) => void {
  const { at, columns, plan, headRows, lastRow, columnCount, actions, anchor, loadedAt, go } = given

  const fieldAt = (column: number): string | null =>
    column < 2 ? null : column === 2 ? 'name' : (columns.all[column - FIXED_COLUMNS]?.look.text ?? null)

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if ((event.target as HTMLElement).dataset.row === undefined) return
    if (!takesKey(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Does what a key says; false when it says nothing here. */
  const takesKey = (event: KeyboardEvent): boolean => {
    const { key } = event
    const field = fieldAt(at.column)
    if (at.row === 0 && field !== null && headKey(event, field, at.column)) return true
    if (event.ctrlKey || event.metaKey) return controlKey(key)
    if (event.altKey) return false
    const planned = at.row >= headRows ? plan.at(at.row - headRows) : null
    if (planned?.kind === 'group' && groupKey(key, planned.group)) return true
    const next = moved(key)
    if (next) return go(next.row, next.column)
    return at.row === 0 ? cornerKey(key) : rowKey(event, field)
  }

  /** Where a key leads; null: it leads nowhere. */
  const moved = (key: string): GridPlace | null => {
    const page = given.pageRows()
    switch (key) {
      case 'ArrowDown':
      case 'j':
        return { row: at.row + 1, column: at.column }
      case 'ArrowUp':
      case 'k':
        return { row: at.row - 1, column: at.column }
      case 'ArrowLeft':
        return { row: at.row, column: at.column - (at.column === 2 && columns.eye === 0 ? 2 : 1) }
      case 'ArrowRight':
        return { row: at.row, column: at.column + (at.column === 0 && columns.eye === 0 ? 2 : 1) }
      case 'Home':
        return { row: at.row, column: 0 }
      case 'End':
        return { row: at.row, column: columnCount - 1 }
      case 'PageDown':
        return { row: at.row + page, column: at.column }
      case 'PageUp':
        return { row: Math.max(1, at.row - page), column: at.column }
      default:
        return null
    }
  }

  const controlKey = (key: string): boolean => {
    if (key === 'Home') return go(1, at.column)
    if (key === 'End') return go(lastRow, at.column)
    const row = key === 'Enter' ? loadedAt(at.row) : null
    if (row) actions.open(row, true)
    return row !== null
  }

  const groupKey = (key: string, group: TableGroup): boolean => {
    const isClosed = given.closed.has(group.path)
    const folds = (key === 'ArrowLeft' && !isClosed) || (key === 'ArrowRight' && isClosed)
    const takes = (folds && at.column <= 2) || key === 'Enter' || key === ' '
    if (takes) actions.toggleGroup(group)
    return takes
  }

  const cornerKey = (key: string): boolean => {
    if (key !== 'Enter' && key !== ' ') return false
    if (at.column === 0) actions.selectAll(given.selection.kind !== 'all')
    if (at.column === 1) actions.toggleHidden([])
    return true
  }

  const rowKey = (event: KeyboardEvent, field: string | null): boolean => {
    const { key } = event
    const row = loadedAt(at.row)
    if (!row) return false
    const place = at.row - headRows
    if (key === 'X' && event.shiftKey) actions.selectRange(anchor.current ?? place, place)
    else if (key === 'x' || (key === ' ' && at.column !== 1)) {
      anchor.current = place
      actions.toggleSelected(row.row.number)
    } else if (key === ' ') actions.toggleHidden([row.row.number])
    else if (key === 'Enter') actions.open(row, false)
    else if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey))
      actions.menu(row, at.column > 2 ? field : null, (event.target as HTMLElement).getBoundingClientRect())
    else return false
    return true
  }

  /** Keys on a head; true when it was one of its own. */
  const headKey = (event: KeyboardEvent, field: string, column: number): boolean => {
    const { key } = event
    if (key === 'Enter' || key === ' ') {
      actions.sort(field, event.shiftKey)
      return true
    }
    if ((key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) && !event.ctrlKey) {
      actions.headMenu(field, (event.target as HTMLElement).getBoundingClientRect())
      return true
    }
    const step = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0
    if (step === 0) return false
    if (event.altKey && field !== 'name') {
      actions.moveColumn(field, step)
      const pinnedEnd = FIXED_COLUMNS + columns.pinned.length
      const first = column < pinnedEnd ? FIXED_COLUMNS : pinnedEnd
      const last = column < pinnedEnd ? pinnedEnd - 1 : columnCount - 1
      go(0, Math.min(last, Math.max(first, column + step)))
      return true
    }
    if (event.shiftKey) {
      const one = field === 'name' ? columns.name : columns.all[column - FIXED_COLUMNS]
      if (one) actions.resizeColumn(field, one.width / columns.scale + step * COLUMN_WIDTH_STEP, true)
      return true
    }
    return false
  }

  return onKeyDown
}
