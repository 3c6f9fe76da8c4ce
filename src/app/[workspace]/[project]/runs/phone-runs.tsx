'use client'
import { Button, SegmentedControl } from '@mantine/core'
import { ArrowUpDown, Columns3, Layers, ListFilter } from 'lucide-react'
import { useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import { Drawer } from '#src/ui/kit/drawer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { writeColumns } from '#src/ui/run-table/column-list.ts'
import { columnLook } from '#src/ui/run-table/column-look.ts'
import { ColumnPicker } from '#src/ui/run-table/column-picker.tsx'
import { GroupPicker, SortPicker } from '#src/ui/run-table/key-list-picker.tsx'
import styles from '#src/ui/run-table/run-cards.module.css'
import { RunCards } from '#src/ui/run-table/run-cards.tsx'
import { writeNumbers } from '#src/ui/run-table/selection.ts'
import { writeSort } from '#src/ui/run-table/sort-list.ts'
import type { SetTableView, TableView } from '#src/ui/run-table/table-view.ts'
import type { RunTableState } from '#src/ui/run-table/use-run-table.ts'
import { type Draft, SearchField } from '#src/ui/search/search-field.tsx'
import { ViewMenu } from '#src/ui/view-menu/view-menu.tsx'
import { NoRuns } from './no-runs.tsx'
import { RunsCharts } from './runs-charts.tsx'

type Sheet = 'filter' | 'sort' | 'group' | 'columns'
const SHEET_TITLES: Readonly<Record<Sheet, string>> = {
  filter: 'Filter',
  sort: 'Sort',
  group: 'Group',
  columns: 'What cards show',
}

/** Runs on a phone: cards, and sheets for what the toolbar holds elsewhere. */
export function PhoneRuns(props: {
  workspace: string
  project: string
  view: TableView
  set: SetTableView
  state: RunTableState
  mayShare: boolean
  draft: Draft
  onDraft: (draft: Draft) => void
}) {
  const { workspace, project, view, set, state } = props
  const place = { workspace, project }
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const { total, all } = state
  const isCharts = view.pane === 'charts'
  const first = view.sort[0]
  const tests = testsOf(view.q)
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
  const showArchived = () => set({ archived: true }, { label: 'archived runs' })
  if (total === 0 && all === 0 && view.q.trim() === '')
    return (
      <Page>
        <PageHead title="Runs" sentence="0" />
        <NoRuns {...place} withArchived={view.withArchived} onArchived={showArchived} />
      </Page>
    )
  return (
    <Page>
      <PageHead
        title="Runs"
        sentence={
          total === null
            ? null
            : total === all
              ? formatExactCount(all)
              : `${formatExactCount(total)} of ${formatExactCount(all)}`
        }
      >
        <ViewMenu place={place} page="runs" mayShare={props.mayShare} />
        <SegmentedControl
          aria-label="What is in sight"
          value={isCharts ? 'charts' : 'table'}
          data={[
            { value: 'table', label: 'Cards' },
            { value: 'charts', label: 'Charts' },
          ]}
          onChange={(value) => set({ pane: value === 'charts' ? 'charts' : null }, { label: 'what is in sight' })}
        />
      </PageHead>
      <div className={styles.buttons}>
        <Button leftSection={<ListFilter {...icon} />} onClick={() => setSheet('filter')}>
          Filter{tests > 0 ? ` ${tests}` : ''}
        </Button>
        <Button leftSection={<ArrowUpDown {...icon} />} onClick={() => setSheet('sort')}>
          {first ? (columnLook(first.field)?.title ?? 'Sort') : 'Newest'}
        </Button>
        <Button leftSection={<Layers {...icon} />} onClick={() => setSheet('group')}>
          {view.group[0] === undefined ? 'Group' : (columnLook(view.group[0])?.title ?? 'Group')}
        </Button>
        <Button aria-label="What cards show" onClick={() => setSheet('columns')}>
          <Columns3 {...icon} />
        </Button>
      </div>
      {state.waiting > 0 ? (
        <Button fullWidth variant="light" onClick={state.showWaiting}>
          Show {state.waiting === 1 ? '1 new run' : `${formatExactCount(state.waiting)} new runs`}
        </Button>
      ) : null}
      {isCharts ? (
        <RunsCharts {...place} view={view} set={set} runs={state.runSet} scrolls="page" />
      ) : state.error && total === null ? (
        <Problem what="The runs" error={state.error} retry={() => void state.refetch()} />
      ) : total === null ? (
        <LoadingRows rows={9} height={64} />
      ) : total === 0 ? (
        <Empty
          title="No run matches"
          text={`“${view.q.trim()}” matches none of the ${formatExactCount(all)} runs of this project.`}
        >
          <Button onClick={() => set({ q: null }, { label: 'filter' })}>Clear the filter</Button>
        </Empty>
      ) : (
        <RunCards
          {...place}
          state={state}
          closed={view.closed}
          colouredBy={view.colouredBy}
          eyes={{
            hidden: new Set(view.hidden),
            onToggle: (number) =>
              set(
                {
                  hide: writeNumbers(
                    view.hidden.includes(number)
                      ? view.hidden.filter((one) => one !== number)
                      : [...view.hidden, number],
                  ),
                },
                { label: 'runs in charts' },
              ),
          }}
          onToggleGroup={({ path }) => {
            const next = new Set(view.closed)
            if (!next.delete(path)) next.add(path)
            set({ closed: [...next].join('~') }, { label: 'folded groups' })
          }}
        />
      )}
      <Drawer
        closeButtonProps={{ 'aria-label': 'Close' }}
        opened={sheet !== null}
        onClose={() => setSheet(null)}
        position="bottom"
        size="auto"
        title={sheet === null ? '' : SHEET_TITLES[sheet]}
      >
        <div className={styles.sheet}>
          {sheet === 'filter' ? (
            <>
              <SearchField
                place={place}
                q={view.q}
                onQ={(q) => set({ q }, { label: 'search' })}
                onDraft={props.onDraft}
              />
              <p className="ink-2" role="status">
                {props.draft === 'wrong'
                  ? 'The search cannot be read: the cards are those of the last one that could.'
                  : total === null
                    ? ''
                    : `${formatExactCount(total)} of ${formatExactCount(all)} runs match.`}
              </p>
              <Button onClick={() => set({ archived: !view.withArchived }, { label: 'archived runs' })}>
                {view.withArchived ? 'Leave archived runs out' : 'Show archived runs, too'}
              </Button>
            </>
          ) : null}
          {sheet === 'sort' ? (
            <SortPicker
              {...place}
              isBare
              Icon={ArrowUpDown}
              sort={view.sort}
              onSort={(sort) => set({ sort: writeSort(sort) }, { label: 'order of rows' })}
            />
          ) : null}
          {sheet === 'group' ? (
            <GroupPicker
              {...place}
              isBare
              Icon={Layers}
              group={view.group}
              onGroup={(group) => set({ group: group.join(','), closed: null }, { label: 'groups' })}
            />
          ) : null}
          {sheet === 'columns' ? (
            <>
              <p className="ink-2">A card shows the first three that hold numbers.</p>
              <ColumnPicker
                {...place}
                isBare
                columns={state.chosen}
                onColumns={(columns, label) => set({ columns: columns && writeColumns(columns) }, { label })}
              />
            </>
          ) : null}
        </div>
      </Drawer>
    </Page>
  )
}

/** How many tests the search has, for the button that opens it. */
function testsOf(q: string): number {
  const read = parseSearch(q)
  if (read.kind !== 'ok' || read.expr === null) return 0
  return read.expr.kind === 'and' ? read.expr.parts.length : 1
}
