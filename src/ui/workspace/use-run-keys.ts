'use client'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { RunOrigin } from '#src/core/layouts/layout.ts'
import { byProject } from '#src/core/layouts/origins.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'

/** A run that begins to log a new key shows it within this time. */
const KEYS_EVERY_MS = 30_000
/** The first one of all is waited for. */
const FIRST_KEY_MS = 2_000

export interface RunKeys {
  /** Metric keys; undefined until the first answer. */
  keys: readonly string[] | undefined
  error: unknown
  retry: () => void
}

/** The metric keys that runs logged, of one project or of several. */
export function useRunKeys(of: {
  workspace: string
  project: string
  runs: readonly number[]
  origins: ReadonlyMap<number, RunOrigin> | null
  live: boolean
}): RunKeys {
  const { workspace, project, runs, origins, live } = of
  const trpc = useTRPC()
  const here = useQuery({
    ...trpc.runs.keys.queryOptions({ workspace, project, runs: [...runs] }),
    enabled: runs.length > 0 && origins === null,
    placeholderData: keepPreviousData,
    staleTime: ({ state }) => (state.data?.length ? KEYS_EVERY_MS : 0),
    refetchInterval: ({ state }) => (live ? (state.data?.length ? KEYS_EVERY_MS : FIRST_KEY_MS) : false),
  })
  const across = useQueries({
    queries: (origins === null ? [] : byProject(runs, origins, project)).map((part) => ({
      ...trpc.runs.keys.queryOptions({ workspace, project: part.project, runs: part.numbers }),
      placeholderData: keepPreviousData,
      refetchInterval: live ? KEYS_EVERY_MS : (false as const),
    })),
    combine: (results): RunKeys => ({
      keys: results.every(({ isPending }) => isPending)
        ? undefined
        : [...new Set(results.flatMap(({ data }) => (data ?? []).map(({ key }) => key)))].sort(),
      error: results.find(({ isError }) => isError)?.error ?? null,
      retry: () => {
        for (const result of results) if (result.isError) void result.refetch()
      },
    }),
  })
  if (origins !== null) return across
  return {
    keys: here.data?.map(({ key }) => key),
    error: here.error,
    retry: () => void here.refetch(),
  }
}
