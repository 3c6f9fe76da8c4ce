'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ChartData } from '#src/protocol/chart-body.ts'
import { FALLBACK_POLL_MS } from '#src/ui/live/use-refresh-on-news.ts'
import { useRunNews } from '#src/ui/live/use-run-news.ts'
import { type ChartInput, fetchChart, type HeldChart } from './fetch-chart.ts'

/** A chart of runs that are written to asks for what is new at most this often, in ms. */
const REFRESH_MS = 1_000
/** Charts of runs of several projects ask so often; where nothing is new they are told so. */
const ACROSS_POLL_MS = 5_000
/** Each zoom and each width has points of its own: they are kept for as long as one goes back and forth. */
const KEPT_MS = 30_000

/** Under the name that it has among the screen's queries, so that what refreshes a run's page refreshes its charts. */
const keyOf = (input: ChartInput) => [['runs', 'chart'], { input, type: 'query' }] as const

/**
 * The points of a chart. While it is live, news of its runs brings what is new of them, and nothing else; what was drawn last stays
 * until the first answer for another range or width.
 */
export function useChart(
  input: ChartInput,
  { enabled, live }: { enabled: boolean; live: boolean },
): { chart: ChartData | undefined; error: unknown; retry: () => void } {
  const client = useQueryClient()
  const queryKey = keyOf(input)
  const { workspace, project, runs } = input
  // News is told of one project: runs of several are asked for by the clock.
  const isAcross = input.uids !== undefined
  const news = useRunNews({ workspace, project, runs, enabled: enabled && live && !isAcross })
  const newest = useRef(news)
  newest.current = news
  /** Per question and run the news that the points that are held have. */
  const seen = useRef(new Map<string, ReadonlyMap<number, number>>())
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const question = JSON.stringify(input)
      const known = seen.current.get(question)
      const told = new Map([...newest.current].map(([run, { seq }]) => [run, seq]))
      const behind = new Set([...told].flatMap(([run, seq]) => (seq > (known?.get(run) ?? 0) ? [run] : [])))
      const held = await fetchChart(input, client.getQueryData<HeldChart>(queryKey), behind, signal)
      // Only what was told before the question is in its answer.
      seen.current = new Map([[question, told]])
      return held
    },
    enabled,
    gcTime: KEPT_MS,
    placeholderData: (previous, before) => (isShapedAlike(before?.queryKey[1].input, input) ? previous : undefined),
    refetchInterval: live ? (isAcross ? ACROSS_POLL_MS : FALLBACK_POLL_MS) : false,
    staleTime: 60_000,
    // Numbers are compared by nobody: an answer is new.
    structuralSharing: false,
  })

  const { refetch, data, dataUpdatedAt, error, isFetching } = query
  // A request under way is left to end, however fast news comes; what it lacks is asked for behind it. A failure waits for the clock.
  const question = JSON.stringify(input)
  const lacks = [...news].some(([run, { seq }]) => seq > (seen.current.get(question)?.get(run) ?? 0))
  const asks = enabled && live && lacks && !isFetching && error === null
  useEffect(() => {
    if (!asks) return
    const wait = Math.max(0, dataUpdatedAt + REFRESH_MS - Date.now())
    const timer = setTimeout(() => void refetch({ cancelRefetch: false }), wait)
    return () => clearTimeout(timer)
  }, [asks, dataUpdatedAt, refetch])
  // What happened while the chart was held still was told to nobody.
  const wasLive = useRef(live)
  useEffect(() => {
    if (live && !wasLive.current && enabled) void refetch({ cancelRefetch: false })
    wasLive.current = live
  }, [live, enabled, refetch])
  return { chart: data?.chart, error, retry: () => void refetch() }
}

/** Points of another grouping or another metric on x are not these points at another width: they are not shown meanwhile. */
const isShapedAlike = (before: ChartInput | undefined, now: ChartInput): boolean =>
  before?.x_metric === now.x_metric && JSON.stringify(before?.group ?? null) === JSON.stringify(now.group ?? null)
