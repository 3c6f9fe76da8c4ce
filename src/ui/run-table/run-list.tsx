'use client'
import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useMemo, useRef, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { type Draft, SearchField } from '#src/ui/search/search-field.tsx'
import type { ChosenColumn } from './column-list.ts'
import { DELTA_ROW_HEIGHT, GROUP_ROW_HEIGHT, LIST_ROWS_MAX, listRowsHeight, ROW_HEIGHT } from './row-heights.ts'
import { useRunActions } from './run-actions.tsx'
import { RunCards } from './run-cards.tsx'
import styles from './run-list.module.css'
import { RunTable } from './run-table.tsx'
import { SelectedRuns } from './selected-runs.tsx'
import { selectedCount } from './selection.ts'
import { TableMenu } from './table-menu.tsx'
import { TablePickers } from './table-pickers.tsx'
import { useTableView } from './table-view.ts'
import { useRunTable } from './use-run-table.ts'

export interface RunListProps {
  workspace: string
  project: string
  /** The search that finds the runs, how many there are, and what they are of: "this stage". */
  within: { q: string; all: number; whole: string }
  /** The columns of a view that names none. */
  usual: readonly ChosenColumn[]
  may: { write: boolean; delete: boolean }
}

/** Cards on a phone; the rest is on the page of runs. */
const CARDS_MAX = 20

/** Runs as a part of another page: the table of the runs page with its columns, menus, keys and search, without charts. */
export function RunList({ workspace, project, within, usual, may }: RunListProps) {
  const place = useMemo(() => ({ workspace, project }), [workspace, project])
  const { q, all, whole } = within
  const kept = useMemo(() => ({ q, all, whole }), [q, all, whole])
  const [view, set] = useTableView()
  const isBusy = useRef(false)
  const onBusy = useCallback((busy: boolean) => {
    isBusy.current = busy
  }, [])
  const state = useRunTable({
    ...place,
    view,
    usual,
    within: kept,
    mayFlow: useCallback(() => !isBusy.current, []),
  })
  const { items, dialog } = useRunActions({
    ...place,
    may,
    baselineUid: state.baseline?.row.uid ?? null,
    refetch: state.refetch,
  })
  const [draft, setDraft] = useState<Draft>('applied')
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false })
  const selected = selectedCount(view.selection, state.total ?? 0)
  const search = (
    <SearchField
      place={place}
      q={view.q}
      onQ={(next) => set({ q: next, select: null }, { label: 'search' })}
      onDraft={setDraft}
    />
  )
  const said =
    draft === 'wrong'
      ? 'last valid search'
      : state.total === null || view.q.trim() === ''
        ? ''
        : `${formatExactCount(state.total)} of ${formatExactCount(all)}`
  if (!isWide)
    return (
      <>
        <div className={styles.search}>{search}</div>
        <p className={styles.said} role="status">
          {said}
        </p>
        <RunCards
          {...place}
          state={state}
          closed={view.closed}
          most={CARDS_MAX}
          colouredBy={view.colouredBy}
          onToggleGroup={({ path }) => {
            const next = new Set(view.closed)
            if (!next.delete(path)) next.add(path)
            set({ closed: [...next].join('~') }, { label: 'folded groups' })
          }}
        />
        {state.plan.total > CARDS_MAX ? (
          <p className={styles.said}>The first {CARDS_MAX}; the runs table has all.</p>
        ) : null}
      </>
    )
  const rowHeight = view.group.length > 0 ? GROUP_ROW_HEIGHT : state.baseline === null ? ROW_HEIGHT : DELTA_ROW_HEIGHT
  const places = state.total === null ? all : Math.max(state.plan.total, state.total === 0 ? LIST_ROWS_MAX : 0)
  return (
    <>
      {selected > 0 ? (
        <SelectedRuns {...place} view={view} set={set} state={state} count={selected} may={may} />
      ) : (
        <div className={styles.bar}>
          <div className={styles.search}>{search}</div>
          <span className={styles.said} role="status">
            {said}
          </span>
          <TablePickers {...place} view={view} set={set} chosen={state.chosen} />
          <TableMenu {...place} view={view} set={set} state={state} />
        </div>
      )}
      <div
        className={styles.grid}
        style={{ height: `${listRowsHeight(places, rowHeight, state.pinned.length) / 16}rem` }}
      >
        <RunTable
          {...place}
          view={view}
          set={set}
          state={state}
          onBusy={onBusy}
          more={items}
          nothing={<p className={styles.said}>No run yet.</p>}
        />
      </div>
      {dialog}
    </>
  )
}
