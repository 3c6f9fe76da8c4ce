'use client'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { TableRow } from '#src/protocol/runs-table.ts'
import { FALLBACK_POLL_MS } from '#src/ui/live/use-refresh-on-news.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { PAGE_ROWS, pageInput, type TableQuestion } from './page-input.ts'
import type { PlannedRow, RowPlan } from './row-plan.ts'
import type { LoadedRow } from './table-row.ts'

/** News tells when rows are not as they were; scrolling back to a page is no reason to ask again within this, ms. */
export const FRESH_MS = 15_000
/** Rows above and below those in sight that are asked for before they are reached. */
const AHEAD_ROWS = 60

/** How many runs match, with the first page of them; what was known last stays until another answer is there. */
export function useTableHead(question: TableQuestion) {
  const trpc = useTRPC()
  return useQuery(
    trpc.runs.table.queryOptions(pageInput(question, 0), {
      placeholderData: keepPreviousData,
      refetchInterval: FALLBACK_POLL_MS,
      staleTime: FRESH_MS,
    }),
  )
}

export interface TableRows {
  /** The run of a planned row; null: not loaded yet. */
  rowOf: (planned: PlannedRow<GroupPlace>) => LoadedRow | null
  isFetching: boolean
  error: unknown
  refetch: () => Promise<unknown>
}

/** Where the runs of a group stand among all that match. */
export interface GroupPlace {
  start: number
}

/** The rows between two places of the screen, and some around them; pages that are left are kept for a while. */
export function useTableRows(
  question: TableQuestion,
  plan: RowPlan<GroupPlace>,
  range: { from: number; to: number },
): TableRows {
  const trpc = useTRPC()
  const pages = useMemo(() => wantedPages(plan, range.from, range.to), [plan, range.from, range.to])
  const answers = useQueries({
    queries: pages.map((page) =>
      trpc.runs.table.queryOptions(pageInput(question, page), {
        refetchInterval: FALLBACK_POLL_MS,
        staleTime: FRESH_MS,
      }),
    ),
  })
  const loaded = new Map<number, { rows: readonly TableRow[]; fields: readonly string[] }>()
  answers.forEach((answer, i) => {
    const page = pages[i]
    if (page !== undefined && answer.data) loaded.set(page, { rows: answer.data.rows, fields: question.fields })
  })
  // What was on screen stays there until the answer to another question is.
  const shown = useRef(loaded)
  const isComplete = answers.every((answer) => answer.data !== undefined)
  useEffect(() => {
    if (isComplete) shown.current = loaded
  })
  const rowOf = (planned: PlannedRow<GroupPlace>): LoadedRow | null => {
    if (planned.kind === 'group') return null
    const place = (planned.group?.start ?? 0) + planned.offset
    const page = Math.floor(place / PAGE_ROWS)
    for (const source of [loaded, shown.current]) {
      const found = source.get(page)
      const row = found?.rows[place % PAGE_ROWS]
      if (found && row) return loadedRow(row, found.fields)
    }
    return null
  }
  return {
    rowOf,
    isFetching: answers.some((answer) => answer.isFetching && !answer.data),
    error: answers.find((answer) => answer.error)?.error ?? null,
    refetch: () => Promise.all(answers.map((answer) => answer.refetch({ cancelRefetch: false }))),
  }
}

/** One object for each row that was answered: a row that did not change is not drawn anew. */
const known = new WeakMap<TableRow, LoadedRow>()

function loadedRow(row: TableRow, fields: readonly string[]): LoadedRow {
  const before = known.get(row)
  if (before?.fields === fields) return before
  const loaded = { row, fields }
  known.set(row, loaded)
  return loaded
}

/** Numbers of the pages that hold the runs between two places and near them. */
export function wantedPages(plan: RowPlan<GroupPlace>, from: number, to: number): number[] {
  const pages = new Set<number>()
  for (const stretch of plan.runsBetween(Math.max(0, from - AHEAD_ROWS), to + AHEAD_ROWS)) {
    const start = stretch.group?.start ?? 0
    const last = Math.floor((start + stretch.to) / PAGE_ROWS)
    for (let page = Math.floor((start + stretch.from) / PAGE_ROWS); page <= last; page++) pages.add(page)
  }
  return [...pages].sort((a, b) => a - b)
}
