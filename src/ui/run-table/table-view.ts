'use client'
import { useMemo } from 'react'
import type { ColouredBy } from '#src/ui/charts/run-colour.ts'
import { type SetViewState, useViewState } from '#src/ui/view-state/use-view-state.ts'
import { type ChosenColumn, readColumns, splitList } from './column-list.ts'
import { columnLook } from './column-look.ts'
import { readNumbers, readSelection, type Selection } from './selection.ts'
import { readSort, type SortKey } from './sort-list.ts'
import { SPLIT_MAX, SPLIT_MIN, TABLE_WORDS, type TablePane } from './table-words.ts'

export type SetTableView = SetViewState<typeof TABLE_WORDS>

/** The view of a runs table, as its address says it. */
export interface TableView {
  /** As it was typed; it may be no search. */
  q: string
  sort: readonly SortKey[]
  /** Null: the usual ones. */
  columns: readonly ChosenColumn[] | null
  /** Fields that runs are grouped by, the outer first. */
  group: readonly string[]
  /** Groups that are folded, by their paths. */
  closed: ReadonlySet<string>
  /** Runs that charts do not draw. */
  hidden: readonly number[]
  selection: Selection
  /** Runs that stay on top. */
  pinned: readonly number[]
  /** The run that others are told against. */
  baseline: number | null
  withArchived: boolean
  pane: TablePane
  /** Percent. */
  split: number
  /** What the colours of runs mean. */
  colouredBy: ColouredBy
}

/** Reads the view from the address and gives the way to change it; each change can be undone. What is no field is left out. */
export function useTableView(): readonly [TableView, SetTableView] {
  const [words, set] = useViewState(TABLE_WORDS)
  const { sort, columns, group, closed, hide, select, pin } = words
  const sortKeys = useMemo(() => readSort(sort).filter((key) => columnLook(key.field) !== null), [sort])
  const chosen = useMemo(() => (columns === null ? null : knownColumns(columns)), [columns])
  const groups = useMemo(() => splitList(group).filter((field) => columnLook(field) !== null), [group])
  const closedPaths = useMemo(() => new Set(closed === '' ? [] : closed.split('~')), [closed])
  const hidden = useMemo(() => readNumbers(hide), [hide])
  const selection = useMemo(() => readSelection(select), [select])
  const pinned = useMemo(() => readNumbers(pin), [pin])
  const view = useMemo(
    (): TableView => ({
      q: words.q,
      sort: sortKeys,
      columns: chosen,
      group: groups,
      closed: closedPaths,
      hidden,
      selection,
      pinned,
      baseline: words.base,
      withArchived: words.archived,
      pane: words.pane,
      split: Math.min(SPLIT_MAX, Math.max(SPLIT_MIN, words.split)),
      colouredBy: words.colour,
    }),
    [words, sortKeys, chosen, groups, closedPaths, hidden, selection, pinned],
  )
  return [view, set]
}

/** Columns that are fields. */
const knownColumns = (text: string): readonly ChosenColumn[] =>
  readColumns(text).filter(({ field }) => columnLook(field) !== null)
