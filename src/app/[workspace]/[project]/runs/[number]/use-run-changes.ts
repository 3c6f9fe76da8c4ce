'use client'
import { useQuery } from '@tanstack/react-query'
import type { Checkpoint } from '#src/protocol/checkpoints.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { RunPlace } from './run-place.ts'

export interface RunChanges {
  /** All checkpoints of the run, newest first; undefined until they are known. */
  checkpoints: Checkpoint[] | undefined
  /** The one whose changes are shown: the chosen one, else the newest that was evaluated. */
  checkpoint: Checkpoint | null
  changes: Change[]
  isLoading: boolean
  error: unknown
  retry: () => void
}

const NONE: Change[] = []

/** Evaluations of a checkpoint of the run against the parent's. */
export function useRunChanges(place: RunPlace, live: boolean, chosen: string | null = null): RunChanges {
  const { workspace, project, number } = place
  const trpc = useTRPC()
  const refetchInterval = live ? FALLBACK_POLL_MS : false
  const list = useQuery(trpc.runs.checkpoints.queryOptions({ workspace, project, run: number }, { refetchInterval }))
  const checkpoints = list.data ? [...list.data].sort((a, b) => b.step - a.step) : undefined
  const checkpoint = checkpoints?.find((c) => c.id === chosen) ?? checkpoints?.find((c) => c.evaluated > 0) ?? null
  const changes = useQuery(
    trpc.evaluations.changes.queryOptions(
      { workspace, project, checkpoint: checkpoint?.id ?? '', baseline: 'parent' },
      { enabled: checkpoint !== null && checkpoint.evaluated > 0, refetchInterval },
    ),
  )
  // Evaluations of a run's checkpoints come after its end too.
  useRefreshOnNews({ workspace, project, runs: [number], what: ['state'], enabled: true }, () =>
    Promise.all([
      list.refetch({ cancelRefetch: false }),
      checkpoint && checkpoint.evaluated > 0 ? changes.refetch({ cancelRefetch: false }) : null,
    ]),
  )
  return {
    checkpoints,
    checkpoint,
    changes: checkpoint?.evaluated ? (changes.data ?? NONE) : NONE,
    isLoading: list.isLoading || changes.isLoading,
    error: list.error ?? changes.error,
    retry: () => {
      if (list.isError) void list.refetch()
      if (changes.isError) void changes.refetch()
    },
  }
}
