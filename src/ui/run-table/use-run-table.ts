'use client'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { RunSet } from '#src/core/layouts/layout.ts'
import type { Orientation } from '#src/core/metrics/orientation.ts'
import type { RunState } from '#src/core/runs/states.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { ChosenColumn } from './column-list.ts'
import { askedFields, type GridColumns, gridColumns } from './grid-columns.ts'
import { groupTree, type TableGroup } from './group-tree.ts'
import { drawnInput, pageInput, type TableQuestion } from './page-input.ts'
import { planGroups, planRuns, type RowPlan } from './row-plan.ts'
import type { SortKey } from './sort-list.ts'
import type { LoadedRow } from './table-row.ts'
import type { TableView } from './table-view.ts'
import { useArrivals } from './use-arrivals.ts'
import { FRESH_MS, type TableRows, useTableHead, useTableRows } from './use-table-rows.ts'

/** Columns that groups tell of at most; the server refuses more. */
const GROUP_COLUMNS_MAX = 50
/** Rows that one answer holds at most. */
const ANSWER_ROWS_MAX = 500
/** Runs that charts draw at most. */
const DRAWN_MAX = 500
/** How often charts look for other runs at most while runs are written to, ms. */
const DRAWN_REFRESH_MS = 3_000

/** Everything that a table of runs and the charts beside it show. */
export interface RunTableState {
  question: TableQuestion
  columns: GridColumns
  chosen: readonly ChosenColumn[]
  plan: RowPlan<TableGroup>
  rows: TableRows
  /** Null: not known yet. */
  total: number | null
  /** Runs that are listed where nothing is searched: those of the project, or of what the table is kept to. */
  all: number
  /** What those are of, for a sentence. */
  whole: string
  groupsBeyond: number
  pinned: readonly LoadedRow[]
  baseline: LoadedRow | null
  currency: string
  runSet: RunSet
  /** Runs that charts draw, with the value they are coloured by. */
  drawn: ReadonlyMap<number, string | null> | null
  waiting: number
  showWaiting: () => void
  isStale: boolean
  /** Some run among the first rows goes on. */
  isUnderWay: boolean
  error: unknown
  refetch: () => Promise<unknown>
  onRange: (from: number, to: number) => void
  /** The numbers of the runs between two rows, both included, whether they are at hand or not. */
  numbersBetween: (from: number, to: number) => Promise<number[]>
}

/**
 * Reads the runs that a view shows: only its columns, only the rows in sight and near them, in the order of the server.
 *
 * @param usual the columns of a view that names none
 * @param within keeps the table to some runs of the project and draws none of them: the search that finds them, how many there are,
 *   what they are of
 * @param mayFlow whether rows may move now, since nobody is at them
 */
export function useRunTable(options: {
  workspace: string
  project: string
  view: TableView
  usual: readonly ChosenColumn[]
  within?: { q: string; all: number; whole: string }
  mayFlow: () => boolean
}): RunTableState {
  const { workspace, project, view, usual, within, mayFlow } = options
  const hasCharts = within === undefined
  const trpc = useTRPC()
  const [range, setRange] = useState({ from: 0, to: 40 })
  const onRange = useCallback((from: number, to: number) => {
    // In steps: the page is drawn anew with each of them.
    const next = { from: RANGE_STEP * Math.floor(from / RANGE_STEP), to: RANGE_STEP * Math.ceil(to / RANGE_STEP) }
    setRange((old) => (old.from === next.from && old.to === next.to ? old : next))
  }, [])

  // A search that cannot be read is one that is being typed: the last one that could be stays.
  const lastValid = useRef('')
  const asked = useMemo(() => {
    if (parseSearch(view.q).kind === 'ok') lastValid.current = view.q.trim()
    if (within === undefined) return lastValid.current
    return lastValid.current === '' ? within.q : `(${within.q}) and (${lastValid.current})`
  }, [view.q, within])

  const chosen = view.columns ?? usual
  const [better, setBetter] = useState<ReadonlyMap<string, Orientation>>(NO_ORIENTATIONS)
  const columns = useMemo(
    () => gridColumns(chosen, view.baseline !== null, better, hasCharts),
    [chosen, view.baseline, better, hasCharts],
  )
  const fieldList = askedFields(columns).join('\n')
  const fields = useMemo(() => (fieldList === '' ? [] : fieldList.split('\n')), [fieldList])
  const sort = useMemo(
    (): SortKey[] => [
      ...view.group.map((field) => ({ field, direction: 'asc' as const })),
      ...view.sort.filter(({ field }) => !view.group.includes(field)),
    ],
    [view.group, view.sort],
  )
  const base = useMemo(
    (): TableQuestion => ({ workspace, project, q: asked, sort, fields, archived: view.withArchived }),
    [workspace, project, asked, sort, fields, view.withArchived],
  )
  const refresh = useRef<() => Promise<unknown>>(() => Promise.resolve())
  const { q, waiting, show } = useArrivals(
    base,
    mayFlow,
    useCallback(() => refresh.current(), []),
  )
  const question = useMemo((): TableQuestion => ({ ...base, q }), [base, q])

  const head = useTableHead(question)
  const place = { workspace, project }
  const groups = useQuery({
    ...trpc.runs.groups.queryOptions({
      ...place,
      q,
      group: [...view.group],
      columns: fields.slice(0, GROUP_COLUMNS_MAX),
      archived: view.withArchived,
    }),
    enabled: view.group.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: FALLBACK_POLL_MS,
  })
  const total = head.data?.total ?? null
  const preferred = view.sort[0]?.field ?? null
  const plan = useMemo((): RowPlan<TableGroup> => {
    if (view.group.length === 0) return planRuns<TableGroup>(total ?? 0)
    if (!groups.data) return planRuns<TableGroup>(0)
    return planGroups(
      groupTree(
        groups.data.groups,
        view.group,
        groups.data.columns.map(({ field }) => field),
        view.closed,
        preferred,
      ),
    )
  }, [view.group, total, groups.data, view.closed, preferred])
  const rows = useTableRows(question, plan, range)

  const top = useMemo(
    () => [...new Set([...(view.baseline === null ? [] : [view.baseline]), ...view.pinned])].slice(0, PINNED_MAX),
    [view.baseline, view.pinned],
  )
  const pinnedAnswer = useQuery({
    ...trpc.runs.table.queryOptions({ ...pageInput({ ...question, q: '', sort: [] }, 0), limit: 0, pinned: top }),
    enabled: top.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: FALLBACK_POLL_MS,
  })
  const pinned = useMemo((): LoadedRow[] => {
    if (top.length === 0 || !pinnedAnswer.data) return []
    const answered = pinnedAnswer.data
    const byNumber = new Map(answered.pinned.map((row) => [row.number, row]))
    const of = answered.columns.map(({ field }) => field)
    return top.flatMap((number) => {
      const row = byNumber.get(number)
      return row ? [{ row, fields: of }] : []
    })
  }, [top, pinnedAnswer.data])
  const baseline = pinned.find(({ row }) => row.number === view.baseline) ?? null

  // The server knows which direction of a metric is better where its name does not tell.
  const told = head.data?.columns.flatMap(({ field, better: side }) => (side ? [`${field}\n${side}`] : [])).join('\n\n')
  const toldBefore = useRef<string | undefined>(undefined)
  if (told !== undefined && told !== toldBefore.current) {
    toldBefore.current = told
    const next = new Map(told === '' ? [] : told.split('\n\n').map((one) => one.split('\n') as [string, Orientation]))
    if ([...next].some(([field, side]) => better.get(field) !== side)) setBetter(new Map([...better, ...next]))
  }

  // Below the limit hidden runs are left out here: their eye opens without asking.
  const hidesHere = (total ?? 0) <= DRAWN_MAX
  const drawnAnswer = useQuery({
    ...trpc.runs.drawn.queryOptions(drawnInput(question, { hidden: hidesHere ? [] : view.hidden, group: view.group })),
    enabled: total !== null && hasCharts,
    // News tells when they are others.
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  })
  const { refetch: refetchDrawn } = drawnAnswer
  useRefreshOnNews(
    { ...place, runs: 'all', what: ['state'], enabled: total !== null && hasCharts, everyMs: DRAWN_REFRESH_MS },
    useCallback(() => refetchDrawn({ cancelRefetch: false }), [refetchDrawn]),
  )
  const runSet = useMemo((): RunSet => {
    const hidden = new Set(view.hidden)
    return {
      runs: drawnAnswer.data?.runs.filter(({ number }) => !hidden.has(number)) ?? [],
      matching: drawnAnswer.data?.matching ?? 0,
      hidden: view.hidden,
      q,
      baseline: view.baseline,
    }
  }, [drawnAnswer.data, view.hidden, q, view.baseline])
  const drawn = useMemo(
    () => (drawnAnswer.data ? new Map(drawnAnswer.data.runs.map(({ number, groupKey }) => [number, groupKey])) : null),
    [drawnAnswer.data],
  )

  refresh.current = () =>
    Promise.all([
      head.refetch({ cancelRefetch: false }),
      rows.refetch(),
      ...(view.group.length > 0 ? [groups.refetch({ cancelRefetch: false })] : []),
      ...(top.length > 0 ? [pinnedAnswer.refetch({ cancelRefetch: false })] : []),
    ])
  const client = useQueryClient()
  const numbersBetween = async (from: number, to: number): Promise<number[]> => {
    const asked = plan.runsBetween(from, to).flatMap((stretch) => {
      const start = stretch.group?.start ?? 0
      const parts: { offset: number; limit: number }[] = []
      for (let at = stretch.from; at <= stretch.to; at += ANSWER_ROWS_MAX)
        parts.push({ offset: start + at, limit: Math.min(ANSWER_ROWS_MAX, stretch.to - at + 1) })
      return parts
    })
    const input = pageInput({ ...question, fields: [] }, 0)
    const answers = await Promise.all(
      asked.map((part) => client.fetchQuery(trpc.runs.table.queryOptions({ ...input, ...part }))),
    )
    return answers.flatMap((answer) => answer.rows.map(({ number }) => number))
  }
  const refetch = useCallback(
    () => Promise.all([refresh.current(), ...(hasCharts ? [refetchDrawn({ cancelRefetch: false })] : [])]),
    [refetchDrawn, hasCharts],
  )

  return {
    question,
    columns,
    chosen,
    plan,
    rows,
    total: view.group.length > 0 && !groups.data && !groups.error ? null : total,
    all: within?.all ?? head.data?.all ?? 0,
    whole: within?.whole ?? 'this project',
    groupsBeyond: view.group.length > 0 ? (groups.data?.more ?? 0) : 0,
    pinned,
    baseline,
    currency: head.data?.currency ?? groups.data?.currency ?? 'USD',
    runSet,
    drawn,
    waiting,
    showWaiting: show,
    isStale: head.isPlaceholderData,
    isUnderWay: head.data?.rows.some(({ state }) => UNDER_WAY.has(state)) ?? false,
    error: head.error ?? groups.error ?? rows.error,
    refetch,
    onRange,
    numbersBetween,
  }
}

/** Rows that the place of the table moves by. */
const RANGE_STEP = 25
/** Runs that stay on top at most; more would leave no room below. */
const PINNED_MAX = 8
const NO_ORIENTATIONS: ReadonlyMap<string, Orientation> = new Map()
const UNDER_WAY: ReadonlySet<RunState> = new Set(['running', 'queued', 'lost'])
