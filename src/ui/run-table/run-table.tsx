'use client'
import { Button } from '@mantine/core'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { litRun } from '#src/ui/charts/lit-run.tsx'
import { useGo } from '#src/ui/connection/use-go.ts'
import { Empty } from '#src/ui/kit/empty.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { showNotice } from '#src/ui/kit/notices.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { readFailure } from '#src/ui/trpc-client.tsx'
import type { MenuPlace } from './cell-menu.tsx'
import {
  type ChosenColumn,
  changeColumn,
  fitWidth,
  moveColumn,
  moveColumnTo,
  toggleColumn,
  writeColumns,
} from './column-list.ts'
import { columnLook, columnWords, firstDirection } from './column-look.ts'
import type { GridActions } from './grid-actions.ts'
import type { GridColumn } from './grid-columns.ts'
import type { ColumnActions } from './head-menu.tsx'
import { ROW_HEIGHT } from './row-heights.ts'
import { RunGrid } from './run-grid.tsx'
import styles from './run-table.module.css'
import {
  isSelected,
  NOTHING_SELECTED,
  select,
  selectedCount,
  toggleSelected,
  writeNumbers,
  writeSelection,
} from './selection.ts'
import { pressSort, writeSort } from './sort-list.ts'
import type { LoadedRow } from './table-row.ts'
import type { SetTableView, TableView } from './table-view.ts'
import type { RunTableState } from './use-run-table.ts'
import { withTests } from './value-filter.ts'

const CellMenu = later(() => import('./cell-menu.tsx').then((file) => file.CellMenu))
const HeadMenu = later(() => import('./head-menu.tsx').then((file) => file.HeadMenu))

/** A range that is selected at once holds so many runs at most. */
const RANGE_MAX = 5_000

export interface RunTableProps {
  workspace: string
  project: string
  view: TableView
  set: SetTableView
  state: RunTableState
  /** Told while rows may not move, since somebody is at them. */
  onBusy: (isBusy: boolean) => void
  /** More that can be done with one run, for its menu. */
  more?: (loaded: LoadedRow) => ReactNode
  /** What stands there when the project has no run at all. */
  nothing: ReactNode
}

/** A table of runs: virtual rows and columns, selection, eyes, menus of cells and heads. What it shows is in the address. */
export function RunTable(props: RunTableProps) {
  const { workspace, project, view, set, state } = props
  const go = useGo()
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const [head, setHead] = useState<{ field: string; at: MenuPlace['at'] } | null>(null)
  // Where the focus goes back to when a menu closes.
  const opener = useRef<Element | null>(null)
  const isAtTop = useRef(true)
  const isInside = useRef(false)
  const hidden = useMemo(() => new Set(view.hidden), [view.hidden])
  const matching = state.total ?? 0

  const tell = useCallback(() => {
    props.onBusy(!isAtTop.current || isInside.current || menu !== null || head !== null)
  }, [props.onBusy, menu, head])
  useEffect(tell, [tell])
  const onTop = useCallback(
    (isTop: boolean) => {
      isAtTop.current = isTop
      tell()
    },
    [tell],
  )
  const openMenu = (place: MenuPlace) => {
    opener.current = document.activeElement
    setMenu(place)
  }
  const closeMenus = () => {
    setMenu(null)
    setHead(null)
    const { current } = opener
    requestAnimationFrame(() => {
      const now = document.activeElement
      // A key that came meanwhile has led elsewhere.
      const isLeft = now === null || now === document.body || now.closest('[role="menu"]') !== null
      if (isLeft && current instanceof HTMLElement) current.focus({ preventScroll: true })
    })
  }
  const inside = (isNow: boolean) => {
    isInside.current = isNow
    tell()
  }

  const setColumns = (columns: readonly ChosenColumn[], label: string, gesture?: string) =>
    set({ columns: writeColumns(columns) }, gesture === undefined ? { label } : { label, gesture })
  /** With the column of names in the list, so that its width can be kept. */
  const withName = (): readonly ChosenColumn[] =>
    state.chosen.some(({ field }) => field === 'name')
      ? state.chosen
      : [{ field: 'name', isPinned: false, width: null }, ...state.chosen]
  const shown = useRef(view)
  useEffect(() => {
    shown.current = view
  })
  const setSelection = (selection: TableView['selection']) =>
    set({ select: writeSelection(selection) }, { label: 'selection' })
  const setHidden = (numbers: Iterable<number>) => set({ hide: writeNumbers(numbers) }, { label: 'runs in charts' })

  const latest: GridActions = {
    toggleSelected: (number) => setSelection(toggleSelected(view.selection, number)),
    selectRange: (from, to) => {
      const first = Math.min(from, to)
      const last = Math.max(from, to)
      const atHand = numbersAtHand(state, first, last)
      if (atHand) return setSelection(select(view.selection, atHand, true))
      // A row that was scrolled past is not at hand any more.
      state.numbersBetween(first, Math.min(last, first + RANGE_MAX - 1)).then(
        (numbers) => {
          setSelection(select(shown.current.selection, numbers, true))
          if (last >= first + RANGE_MAX)
            showNotice({ message: `Selected are the first ${formatExactCount(RANGE_MAX)} rows of the range.` })
        },
        (error) => showNotice({ message: `Not selected: ${readFailure(error).sentence}`, color: 'red' }),
      )
    },
    selectAll: (isOn) => setSelection(isOn ? { kind: 'all', except: new Set() } : NOTHING_SELECTED),
    toggleHidden: (numbers) => {
      if (numbers.length === 0) setHidden(hidden.size > 0 ? [] : (state.drawn?.keys() ?? []))
      else {
        const next = new Set(hidden)
        for (const number of numbers) if (!next.delete(number)) next.add(number)
        setHidden(next)
      }
    },
    open: ({ row }, elsewhere) => {
      const address = paths.run(workspace, project, row.number)
      if (elsewhere) window.open(address, '_blank', 'noopener')
      else go(address)
    },
    menu: (loaded, field, { left, top, width, height }) =>
      openMenu({ loaded, field, at: { left, top, width, height } }),
    sort: (field, isAdded) => {
      const look = columnLook(field)
      if (look)
        set(
          { sort: writeSort(pressSort(view.sort, field, isAdded, firstDirection(look))) },
          { label: `sort by ${columnWords(look)}` },
        )
    },
    headMenu: (field, { left, top, width, height }) => {
      opener.current = document.activeElement
      setHead({ field, at: { left, top, width, height } })
    },
    moveColumn: (field, places) => setColumns(moveColumn(state.chosen, field, places), 'order of columns'),
    moveColumnTo: (field, target) => setColumns(moveColumnTo(state.chosen, field, target), 'order of columns'),
    resizeColumn: (field, width) =>
      setColumns(
        changeColumn(field === 'name' ? withName() : state.chosen, field, { width: fitWidth(width) }),
        'width of a column',
        `width of ${field}`,
      ),
    toggleGroup: ({ path }) => {
      const next = new Set(view.closed)
      if (!next.delete(path)) next.add(path)
      set({ closed: [...next].join('~') }, { label: 'folded groups' })
    },
    light: (number) => litRun.set(number),
  }
  const now = useRef(latest)
  now.current = latest
  // Rows are drawn anew when what they show changes, not when an action would do something else.
  const actions = useMemo(
    (): GridActions => ({
      toggleSelected: (number) => now.current.toggleSelected(number),
      selectRange: (from, to) => now.current.selectRange(from, to),
      selectAll: (isOn) => now.current.selectAll(isOn),
      toggleHidden: (numbers) => now.current.toggleHidden(numbers),
      open: (row, elsewhere) => now.current.open(row, elsewhere),
      menu: (row, field, at) => now.current.menu(row, field, at),
      sort: (field, isAdded) => now.current.sort(field, isAdded),
      headMenu: (field, at) => now.current.headMenu(field, at),
      moveColumn: (field, places) => now.current.moveColumn(field, places),
      moveColumnTo: (field, target) => now.current.moveColumnTo(field, target),
      resizeColumn: (field, width, isFinal) => now.current.resizeColumn(field, width, isFinal),
      toggleGroup: (group) => now.current.toggleGroup(group),
      light: (number) => now.current.light(number),
    }),
    [],
  )

  const columnActions: ColumnActions = {
    sortBy: (key) => set({ sort: writeSort([key]) }, { label: 'order of rows' }),
    unsort: (field) =>
      set({ sort: writeSort(view.sort.filter((key) => key.field !== field)) }, { label: 'order of rows' }),
    pin: (field, isPinned) => setColumns(changeColumn(state.chosen, field, { isPinned }), 'pinned columns'),
    move: latest.moveColumn,
    resize: latest.resizeColumn,
    leaveOut: (field) => setColumns(toggleColumn(state.chosen, field), 'columns'),
    replace: (field, other) =>
      setColumns(
        state.chosen.some((one) => one.field === other)
          ? state.chosen
          : state.chosen.map((one) => (one.field === field ? { ...one, field: other } : one)),
        'columns',
      ),
    group: (field, isGrouped) =>
      set(
        {
          group: (isGrouped ? [...view.group, field] : view.group.filter((one) => one !== field)).join(','),
          closed: null,
        },
        { label: 'groups' },
      ),
  }
  const headColumn: GridColumn | undefined =
    head === null ? undefined : [state.columns.name, ...state.columns.all].find(({ look }) => look.text === head.field)

  // Where nobody is anywhere, `j` and `k` go into the rows.
  const region = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'j' && event.key !== 'k') return
      if (event.ctrlKey || event.metaKey || event.altKey || document.activeElement !== document.body) return
      region.current?.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus()
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])

  if (state.error && state.total === null)
    return (
      <div className={styles.none}>
        <Problem what="The runs" error={state.error} retry={() => void state.refetch()} />
      </div>
    )
  if (state.total === null)
    return (
      <div className={styles.none}>
        <LoadingRows rows={20} height={ROW_HEIGHT} />
      </div>
    )
  if (matching === 0 && state.all === 0 && view.q.trim() === '') return props.nothing
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches whether somebody is at the rows
    <div
      ref={region}
      className={styles.tablePane}
      onPointerEnter={() => inside(true)}
      onPointerLeave={() => inside(false)}
      onFocus={() => inside(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) inside(false)
      }}
    >
      <RunGrid
        label="Runs"
        isStale={state.isStale}
        workspace={workspace}
        project={project}
        columns={state.columns}
        sort={view.sort}
        plan={state.plan}
        rowOf={state.rows.rowOf}
        pinned={state.pinned}
        baseline={state.baseline}
        currency={state.currency}
        selection={view.selection}
        hasSelection={selectedCount(view.selection, matching) > 0}
        matching={matching}
        hidden={hidden}
        drawn={state.drawn}
        colouredBy={view.colouredBy}
        closed={view.closed}
        closesGroups={view.group.length > 0}
        actions={actions}
        topKey={`${view.q}\n${writeSort(view.sort)}\n${view.group.join()}`}
        onRange={state.onRange}
        onTop={onTop}
      >
        {matching === 0 ? <NoMatch view={view} set={set} state={state} /> : null}
      </RunGrid>
      <CellMenu
        place={menu}
        onClose={closeMenus}
        address={({ row }) => `${window.location.origin}${paths.run(workspace, project, row.number)}`}
        currency={state.currency}
        isSelected={(number) => isSelected(view.selection, number)}
        isHidden={(number) => hidden.has(number)}
        isPinned={(number) => view.pinned.includes(number)}
        hasCharts={state.columns.eye > 0}
        baseline={view.baseline}
        actions={{
          open: latest.open,
          toggleSelected: latest.toggleSelected,
          toggleHidden: latest.toggleHidden,
          showOnly: (number) => setHidden([...(state.drawn?.keys() ?? [])].filter((one) => one !== number)),
          togglePinned: (number) =>
            set(
              {
                pin: writeNumbers(
                  view.pinned.includes(number) ? view.pinned.filter((one) => one !== number) : [...view.pinned, number],
                ),
              },
              { label: 'runs on top' },
            ),
          setBaseline: (number) => set({ base: number }, { label: 'baseline' }),
          filter: ({ test }) => set({ q: withTests(view.q, [test]), select: null }, { label: 'filter' }),
        }}
        {...(props.more ? { more: props.more } : {})}
      />
      <HeadMenu
        place={head && headColumn ? { column: headColumn, at: head.at } : null}
        onClose={closeMenus}
        sort={view.sort}
        group={view.group}
        actions={columnActions}
      />
    </div>
  )
}

/** The filter in words, the way out, and how many runs there are without it. */
function NoMatch({ view, set, state }: { view: TableView; set: SetTableView; state: RunTableState }) {
  const { all, whole } = state
  return (
    <div className={styles.none}>
      <Empty
        title="No run matches"
        text={
          <>
            {view.q.trim() === '' ? 'Nothing is asked for' : <code className={styles.code}>{view.q.trim()}</code>}
            {all === 0
              ? ` and ${whole} has no run that is not archived.`
              : ` matches none of ${all === 1 ? 'the 1 run' : `the ${formatExactCount(all)} runs`} of ${whole}${view.withArchived ? '' : ' that are not archived'}.`}
          </>
        }
      >
        <Button onClick={() => set({ q: null }, { label: 'filter' })}>Clear the filter</Button>
        {view.withArchived ? null : (
          <Button onClick={() => set({ archived: true }, { label: 'archived runs' })}>
            Look among archived runs, too
          </Button>
        )}
      </Empty>
    </div>
  )
}

/** The numbers of the runs between two rows, both included; null where one of them is not loaded, or they are too many. */
function numbersAtHand({ plan, rows }: RunTableState, first: number, last: number): number[] | null {
  if (last >= first + RANGE_MAX) return null
  const numbers: number[] = []
  for (let place = first; place <= last; place++) {
    const planned = plan.at(place)
    if (planned?.kind !== 'run') continue
    const loaded = rows.rowOf(planned)
    if (!loaded) return null
    numbers.push(loaded.row.number)
  }
  return numbers
}
