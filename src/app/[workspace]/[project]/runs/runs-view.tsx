'use client'
import { Button, SegmentedControl } from '@mantine/core'
import { useMediaQuery, useMounted } from '@mantine/hooks'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { CURSOR_WORD } from '#src/ui/charts/cursor-word.ts'
import { later } from '#src/ui/kit/later.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import type { ChosenColumn } from '#src/ui/run-table/column-list.ts'
import { useRunActions } from '#src/ui/run-table/run-actions.tsx'
import styles from '#src/ui/run-table/run-table.module.css'
import { RunTable } from '#src/ui/run-table/run-table.tsx'
import { SelectedRuns } from '#src/ui/run-table/selected-runs.tsx'
import { selectedCount } from '#src/ui/run-table/selection.ts'
import { SplitPane } from '#src/ui/run-table/split-pane.tsx'
import { TableMenu } from '#src/ui/run-table/table-menu.tsx'
import { TablePickers } from '#src/ui/run-table/table-pickers.tsx'
import { useTableView } from '#src/ui/run-table/table-view.ts'
import { SPLIT_DEFAULT, SPLIT_MAX, SPLIT_MIN, TABLE_PANES } from '#src/ui/run-table/table-words.ts'
import { useRunTable } from '#src/ui/run-table/use-run-table.ts'
import { type Draft, SearchField } from '#src/ui/search/search-field.tsx'
import { useFreshness } from '#src/ui/shell/page-state.tsx'
import { CopyViewLink } from '#src/ui/view-menu/copy-view-link.tsx'
import { useLastView } from '#src/ui/view-menu/use-last-view.ts'
import { ViewMenu } from '#src/ui/view-menu/view-menu.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { ViewUndo } from '#src/ui/view-state/view-undo.tsx'
import { preloadWorkspace } from '#src/ui/workspace/workspace-later.tsx'
import { WORDS } from '#src/ui/workspace/workspace-words.ts'
import { RunsCharts } from './runs-charts.tsx'
import { RunsFoot } from './runs-foot.tsx'

export interface RunsViewProps {
  workspace: string
  project: string
  /** The columns of a view that names none. */
  usual: readonly ChosenColumn[]
  may: { write: boolean; delete: boolean }
}

const NoRuns = later(() => import('./no-runs.tsx').then((file) => file.NoRuns))
const PhoneRuns = later(
  () => import('./phone-runs.tsx').then((file) => file.PhoneRuns),
  <LoadingRows rows={9} height={64} />,
)

/** What the charts keep in the address is known while they are out of sight, too. */
const CHART_WORDS = [...Object.keys(WORDS), CURSOR_WORD]

const PANE_WORDS = { both: 'Both', table: 'Table', charts: 'Charts' } as const

/** All runs of a project: which they are at the left, what they did at the right. The address holds what is shown. */
export function RunsView({ workspace, project, usual, may }: RunsViewProps) {
  const place = useMemo(() => ({ workspace, project }), [workspace, project])
  const [view, set] = useTableView()
  useLastView(place, 'runs')
  const isBusy = useRef(false)
  const onBusy = useCallback((busy: boolean) => {
    isBusy.current = busy
  }, [])
  const state = useRunTable({
    ...place,
    view,
    usual,
    mayFlow: useCallback(() => !isBusy.current, []),
  })
  const { items, dialog } = useRunActions({
    ...place,
    may,
    baselineUid: state.baseline?.row.uid ?? null,
    refetch: state.refetch,
  })
  const [draft, setDraft] = useState<Draft>('applied')
  const isMounted = useMounted()
  const wide = useMediaQuery('(min-width: 48em)')
  const panes = useRef<HTMLDivElement>(null)
  const isSwitched = useRef(false)
  // Charts alone are another page than the two panes: the control is a new one there and takes the focus over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when what is in sight has changed
  useLayoutEffect(() => {
    if (!isSwitched.current) return
    isSwitched.current = false
    panes.current?.querySelector<HTMLInputElement>('input:checked')?.focus()
  }, [view.pane])
  const { total, all } = state
  useFreshness(total === null ? null : state.isUnderWay ? 'live' : 'idle', 'runs', null)
  if (view.pane !== 'table') preloadWorkspace()
  // How wide the window is only the browser knows: until it says so a shape stands there.
  if (!isMounted)
    return (
      <Page>
        <PageHead title="Runs" />
        <LoadingRows rows={24} height={26} />
      </Page>
    )
  if (!wide)
    return (
      <PhoneRuns {...place} view={view} set={set} state={state} mayShare={may.write} draft={draft} onDraft={setDraft} />
    )

  const matching = total ?? 0
  const selected = selectedCount(view.selection, matching)
  const count =
    total === null
      ? ''
      : matching === all
        ? formatExactCount(all)
        : `${formatExactCount(matching)} of ${formatExactCount(all)}`
  // The same in each pane, so that the way back stands where the way there was.
  const head = (
    <header className={styles.headLine}>
      <h1>Runs</h1>
      <span className={styles.count} role="status">
        {count}
      </span>
      {state.waiting > 0 ? (
        <Button size="compact-xs" variant="light" onClick={state.showWaiting}>
          Show {state.waiting === 1 ? '1 new run' : `${formatExactCount(state.waiting)} new runs`}
        </Button>
      ) : null}
      <ViewMenu place={place} page="runs" mayShare={may.write} />
      <CopyViewLink place={place} page="runs" />
      <div className={styles.headEnd}>
        <SegmentedControl
          ref={panes}
          aria-label="What is in sight"
          size="xs"
          value={view.pane}
          data={TABLE_PANES.map((value) => ({ value, label: PANE_WORDS[value] }))}
          onChange={(value) => {
            isSwitched.current = true
            set({ pane: TABLE_PANES.find((pane) => pane === value) ?? null }, { label: 'what is in sight' })
          }}
        />
        {view.pane === 'charts' ? null : <TableMenu {...place} view={view} set={set} state={state} />}
      </div>
    </header>
  )
  const table = (
    <>
      {head}
      <div className={styles.searchLine}>
        <SearchField
          place={place}
          q={view.q}
          onQ={(q) => set({ q, select: null }, { label: 'search' })}
          onDraft={setDraft}
        />
      </div>
      <UnknownParts known={CHART_WORDS} />
      {selected > 0 ? (
        <SelectedRuns {...place} view={view} set={set} state={state} count={selected} may={may} />
      ) : (
        <div className={styles.toolbar}>
          <TablePickers {...place} view={view} set={set} chosen={state.chosen} />
          {view.pane === 'table' ? <ViewUndo /> : null}
          <span className={styles.toolbarEnd} role="status">
            {draft === 'applied' ? null : 'last valid search'}
          </span>
        </div>
      )}
      <RunTable
        {...place}
        view={view}
        set={set}
        state={state}
        onBusy={onBusy}
        more={items}
        nothing={
          <div className={styles.none}>
            <NoRuns
              {...place}
              withArchived={view.withArchived}
              onArchived={() => set({ archived: true }, { label: 'archived runs' })}
            />
          </div>
        }
      />
      <RunsFoot view={view} state={state} />
      {dialog}
    </>
  )
  const charts = <RunsCharts {...place} view={view} set={set} runs={state.runSet} scrolls="own" />
  // Of no run nothing is drawn: how one is sent takes the whole width.
  const isNew = total === 0 && all === 0 && view.q.trim() === ''
  if (view.pane === 'charts' && !isNew)
    return (
      <div className={styles.page}>
        <div className={styles.chartsPane}>
          {head}
          {charts}
        </div>
      </div>
    )
  return (
    <SplitPane
      label="Width of the table"
      share={view.split}
      min={SPLIT_MIN}
      max={SPLIT_MAX}
      usual={SPLIT_DEFAULT}
      onShare={(split) => set({ split }, { label: 'width of the table', gesture: 'divider' })}
      left={table}
      right={view.pane === 'table' || isNew ? null : charts}
    />
  )
}
