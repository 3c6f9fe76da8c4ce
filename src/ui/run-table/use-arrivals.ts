'use client'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { newestInput, type TableQuestion } from './page-input.ts'
import { numberAbove, withTests } from './value-filter.ts'

/** How often the table is asked again at most while runs are written to, ms. */
const REFRESH_MS = 1_000

export interface Arrivals {
  /** What the table is asked for: while runs wait, those that were there before. */
  q: string
  /** How many new runs match and wait; 0: none. */
  waiting: number
  show: () => void
}

/**
 * Runs that arrive while somebody reads do not push the rows away: from then on the table is asked for those up to the newest number it
 * knew, and says how many wait. Where nobody would notice, they come in by themselves.
 *
 * @param mayFlow whether rows may move now: nothing is pointed at, focused, scrolled or open
 * @param refresh reads what is shown again
 */
export function useArrivals(
  question: TableQuestion,
  mayFlow: () => boolean,
  refresh: () => Promise<unknown>,
): Arrivals {
  const trpc = useTRPC()
  const [bound, setBound] = useState<number | null>(null)
  const known = useRef<number | null>(null)
  const first = useQuery({
    ...trpc.runs.table.queryOptions(newestInput({ ...question, q: '' })),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const counted = useQuery({
    ...trpc.runs.table.queryOptions(
      newestInput({ ...question, q: withTests(question.q, [numberAbove(bound ?? 0, true)]) }),
    ),
    enabled: bound !== null,
  })
  const { refetch } = first
  known.current ??= first.data?.rows[0]?.number ?? null
  const look = useCallback(async () => {
    const answer = await refetch({ cancelRefetch: false })
    const number = answer.data?.rows[0]?.number ?? null
    const isNew = number !== null && known.current !== null && number > known.current
    if (isNew && bound === null && !mayFlow()) {
      setBound(known.current)
      return
    }
    if (bound === null && number !== null) known.current = number
    await Promise.all([refresh(), bound === null ? null : counted.refetch({ cancelRefetch: false })])
  }, [refetch, bound, mayFlow, refresh, counted.refetch])
  useRefreshOnNews(
    {
      workspace: question.workspace,
      project: question.project,
      runs: 'all',
      what: ['state', 'progress'],
      enabled: true,
      everyMs: REFRESH_MS,
    },
    look,
  )
  const show = useCallback(() => {
    known.current = first.data?.rows[0]?.number ?? known.current
    setBound(null)
  }, [first.data])
  // What was read before they came still counts as fresh, and lacks them.
  const wasBound = useRef(false)
  useEffect(() => {
    if (bound === null && wasBound.current) void refresh()
    wasBound.current = bound !== null
  }, [bound, refresh])
  return {
    q: bound === null ? question.q : withTests(question.q, [numberAbove(bound, false)]),
    waiting: bound === null ? 0 : (counted.data?.total ?? 0),
    show,
  }
}
