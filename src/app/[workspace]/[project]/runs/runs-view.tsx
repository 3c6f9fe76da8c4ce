'use client'
import { Button, Select, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ChartLine } from 'lucide-react'
import { parseAsBoolean, parseAsInteger, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs'
import { useDeferredValue, useState } from 'react'
import { writeRunList } from '#src/core/runs/run-list.ts'
import { RUN_STATES, type RunState } from '#src/core/runs/states.ts'
import type { Run } from '#src/protocol/runs.ts'
import { ExportMenu } from '#src/ui/charts/export-menu.tsx'
import { ChartGroup } from '#src/ui/charts/group-state.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { useFreshness } from '#src/ui/shell/page-state.tsx'
import { DataTable } from '#src/ui/table/data-table.tsx'
import { POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { FirstPoint } from '../../first-point.tsx'
import { ComparedRuns } from '../compared-runs.tsx'
import { RUNS_PAGE_ROWS } from './page-rows.ts'
import { RunCards } from './run-cards.tsx'
import { deleteColumn, runColumns } from './run-columns.tsx'
import styles from './runs.module.css'
import { useDeleteRun } from './use-delete-run.tsx'

/** Rows a request. */
const PAGE_ROWS = RUNS_PAGE_ROWS
/** While runs are written to the list is asked for at most this often, times the pages that are shown, ms. */
const PAGE_REFRESH_MS = 1_000

interface Place {
  workspace: string
  project: string
}

/** Of the first page, when it is asked for again: tRPC leaves out what is undefined, and its types call it null. */
const NO_CURSOR = undefined as unknown as null

/** The first page of the list as the server found it, for the filter in the address. */
export interface FirstRuns {
  stage: number | null
  state: RunState | null
  page: { items: Run[]; next_cursor?: string }
}

const FILTERS = { stage: parseAsInteger, state: parseAsStringLiteral(RUN_STATES) }

/** All runs of a project, newest first, by stage and state; the filter is in the URL. */
export function RunsView({ mayDelete, first, ...place }: Place & { mayDelete: boolean; first: FirstRuns | null }) {
  const [filter, setFilter] = useQueryStates(FILTERS)
  const [compares, setCompares] = useQueryState('compare', parseAsBoolean.withDefault(false))
  const [openedAt] = useState(() => Date.now())
  const trpc = useTRPC()
  const runs = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(
      {
        ...place,
        limit: PAGE_ROWS,
        ...(filter.stage === null ? {} : { experiment: filter.stage }),
        ...(filter.state === null ? {} : { state: filter.state }),
      },
      {
        getNextPageParam: (page) => page.next_cursor,
        ...(first &&
          isOfFilter(first, filter) && {
            initialData: { pages: [first.page], pageParams: [NO_CURSOR] },
            initialDataUpdatedAt: openedAt,
          }),
        // The page without a run waits for the first one.
        refetchInterval: (query) => (query.state.data?.pages[0]?.items.length === 0 ? POLL_LIVE_MS : FALLBACK_POLL_MS),
      },
    ),
  )
  const pages = runs.data?.pages.length ?? 1
  useRefreshOnNews(
    { ...place, runs: 'all', what: ['state', 'progress'], enabled: true, everyMs: pages * PAGE_REFRESH_MS },
    () => runs.refetch({ cancelRefetch: false }),
  )
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? []
  const newest =
    rows
      .flatMap((run) => run.last_contact_at ?? [])
      .sort()
      .at(-1) ?? null
  useFreshness(runs.data ? (rows.some(isUnderWay) ? 'live' : 'idle') : null, 'last contact', newest)
  const isFiltered = filter.stage !== null || filter.state !== null
  const count = `${rows.length}${runs.hasNextPage ? ' newest' : ''}`

  return (
    <Page>
      <PageHead title="Runs" sentence={runs.data ? (isFiltered ? `${count} that match` : count) : null}>
        <StageFilter {...place} stage={filter.stage} onStage={(stage) => void setFilter({ stage })} />
        <Select
          aria-label="State"
          w={150}
          clearable
          allowDeselect
          placeholder="Any state"
          value={filter.state}
          data={RUN_STATES.map((state) => ({ value: state, label: `${state[0]?.toUpperCase()}${state.slice(1)}` }))}
          onChange={(value) => void setFilter({ state: RUN_STATES.find((state) => state === value) ?? null })}
        />
        {rows.length > 0 ? <ExportRuns {...place} rows={rows} isFiltered={isFiltered} /> : null}
        <Button
          variant={compares ? 'light' : 'default'}
          aria-pressed={compares}
          leftSection={<ChartLine size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => void setCompares(!compares)}
        >
          Compare curves
        </Button>
      </PageHead>
      {compares && rows.length > 0 ? <Curves {...place} rows={rows} /> : null}
      {runs.isError && !runs.data ? (
        <Problem what="The runs" error={runs.error} retry={() => void runs.refetch()} />
      ) : !runs.data ? (
        <LoadingRows rows={12} />
      ) : rows.length === 0 && isFiltered ? (
        <Empty title="No run matches" text={filterWords(filter)}>
          <Button onClick={() => void setFilter({ stage: null, state: null })}>Clear the filter</Button>
        </Empty>
      ) : rows.length === 0 ? (
        <FirstPoint {...place} />
      ) : (
        <Shown {...place} rows={rows} mayDelete={mayDelete} />
      )}
      {runs.hasNextPage ? (
        <div className={styles.more}>
          <Button loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Show {PAGE_ROWS} older runs
          </Button>
        </div>
      ) : null}
    </Page>
  )
}

/** All runs of the project, or those that match the filter and are shown. */
function ExportRuns({ rows, isFiltered, ...place }: Place & { rows: readonly Run[]; isFiltered: boolean }) {
  if (!isFiltered) return <ExportMenu {...place} what="All runs" hasAttempts />
  const numbers = rows.map((run) => run.number).sort((a, b) => a - b)
  return (
    <ExportMenu
      {...place}
      runs={writeRunList(numbers, numbers.length)}
      what={rows.length === 1 ? '1 run' : `${rows.length} runs`}
      hasAttempts
    />
  )
}

function Shown({ rows: all, workspace, project, mayDelete }: Place & { rows: readonly Run[]; mayDelete: boolean }) {
  const { ask, dialog } = useDeleteRun(workspace)
  const wide = useMediaQuery('(min-width: 768px)')
  // A hundred rows take longer than the curves above them, which come first.
  const rows = useDeferredValue(all, NO_RUNS)
  if (wide === undefined || rows.length === 0) return <Skeleton height={all.length * 32} />
  if (!wide) return <RunCards rows={rows} workspace={workspace} project={project} />
  const columns = runColumns(workspace, project)
  return (
    <>
      <DataTable
        label="Runs"
        columns={mayDelete ? [...columns, deleteColumn(ask)] : columns}
        rows={rows}
        rowKey={(run) => run.uid}
        none="No runs."
      />
      {dialog}
    </>
  )
}

const NO_RUNS: readonly Run[] = []

/** More lines than this are a thicket: grouping shows all. */
const LINES_MAX = 500

/** A metric of the listed training runs in one chart; the loss that most of them log, until another is chosen. */
function Curves({ rows, workspace, project }: Place & { rows: readonly Run[] }) {
  const logging = rows.filter((run) => run.kind === 'train' && run.loss_key)
  const counts = new Map<string, number>()
  for (const { loss_key } of logging) if (loss_key) counts.set(loss_key, (counts.get(loss_key) ?? 0) + 1)
  const [key] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? []
  if (key === undefined) return <Empty title="No curve yet" text="None of these runs has logged a loss." />
  return (
    <section className={styles.curves} aria-label="Curves">
      <ChartGroup>
        <ComparedRuns
          workspace={workspace}
          project={project}
          runs={logging.map((run) => run.number)}
          metric={key}
          choosesMetric
          linesMax={LINES_MAX}
          title="Compared runs"
          height={240}
          large
          live={logging.some(isUnderWay)}
        />
      </ChartGroup>
    </section>
  )
}

function StageFilter(props: Place & { stage: number | null; onStage: (stage: number | null) => void }) {
  const trpc = useTRPC()
  const stages = useQuery(
    trpc.experiments.list.queryOptions(
      { workspace: props.workspace, project: props.project, limit: 1000 },
      { staleTime: 30_000 },
    ),
  )
  const items = stages.data?.items ?? []
  return (
    <Select
      aria-label="Stage"
      w={190}
      clearable
      searchable={items.length > 8}
      allowDeselect
      placeholder="Any stage"
      value={props.stage === null ? null : String(props.stage)}
      data={items.map((stage) => ({ value: String(stage.number), label: stage.name }))}
      onChange={(value) => props.onStage(value === null ? null : Number(value))}
    />
  )
}

const isOfFilter = (first: FirstRuns, { stage, state }: { stage: number | null; state: RunState | null }): boolean =>
  first.stage === stage && first.state === state

const isUnderWay = (run: Run): boolean => run.state === 'running' || run.state === 'queued' || run.state === 'lost'

function filterWords(filter: { stage: number | null; state: string | null }): string {
  const parts = [
    filter.stage === null ? null : `of stage ${filter.stage}`,
    filter.state === null ? null : `in state ${filter.state}`,
  ].filter((part) => part !== null)
  return `There is no run ${parts.join(' ')}.`
}
