'use client'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { LogPage } from '#src/protocol/metrics.ts'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'

export type ConsoleLine = LogPage['lines'][number]

/** Lines a request. Pages begin at multiples of it, counted from `firstLine`, so that a full page never changes. */
export const PAGE_LINES = 500
export interface ConsolePlace {
  workspace: string
  project: string
  run: number
}

/** What the console holds: its first line's number and how many there are. Asked again when lines come while `live`. */
export function useConsoleEnd(place: ConsolePlace, live: boolean, enabled: boolean) {
  const trpc = useTRPC()
  const end = useQuery({
    ...trpc.runs.console.queryOptions({ ...place, tail: true, limit: 1 }),
    enabled,
    refetchInterval: live ? FALLBACK_POLL_MS : false,
    placeholderData: keepPreviousData,
  })
  const { workspace, project, run } = place
  useRefreshOnNews({ workspace, project, runs: [run], what: ['console', 'state'], enabled: enabled && live }, () =>
    end.refetch({ cancelRefetch: false }),
  )
  return end
}

/** The lines of the given pages by their number. A page that is full is never asked for again. */
export function useConsolePages(place: ConsolePlace, first: number, total: number, pages: readonly number[]) {
  const trpc = useTRPC()
  return useQueries({
    queries: pages.map((page) => {
      const from = first + page * PAGE_LINES
      const isFull = from + PAGE_LINES <= first + total
      const limit = Math.min(PAGE_LINES, first + total - from)
      return {
        ...trpc.runs.console.queryOptions({ ...place, from, limit: isFull ? PAGE_LINES : limit }),
        enabled: limit > 0,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
        placeholderData: keepPreviousData,
      }
    }),
    combine: (results) => {
      const lines = new Map<number, ConsoleLine>()
      for (const result of results) for (const line of result.data?.lines ?? []) lines.set(line.n, line)
      return {
        lines,
        isLoading: results.some((result) => result.isLoading),
        error: results.find((result) => result.isError)?.error ?? null,
        retry: () => {
          for (const result of results) if (result.isError) void result.refetch()
        },
      }
    },
  })
}
