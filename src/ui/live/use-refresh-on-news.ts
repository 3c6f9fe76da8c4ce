'use client'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { NewsKind } from '#src/core/live/news-digest.ts'
import { hasKind, type LivePlace, liveSource, type StreamState, type WantedRuns } from './live-source.ts'
import { paceCalls } from './pace-calls.ts'

/** How often a query is asked again at most while news comes, ms. */
const REFRESH_MS = 1_000

/**
 * How often a screen asks again by itself, in ms: for what no news tells of, and while the stream is down. Paused by itself while the
 * tab is hidden.
 */
export const FALLBACK_POLL_MS = 30_000

export interface RefreshOptions extends LivePlace {
  runs: WantedRuns
  /** Which news count; without it all but console lines. */
  what?: readonly NewsKind[]
  enabled: boolean
  everyMs?: number
}

const SHOWN: readonly NewsKind[] = ['points', 'state', 'progress']

/**
 * Calls `refresh`, such as a query's refetch, when there is news of these runs or some may have been missed: at once, and then at most
 * once per `everyMs`.
 */
export function useRefreshOnNews(options: RefreshOptions, refresh: () => unknown): void {
  const { workspace, project, enabled, everyMs = REFRESH_MS } = options
  const latest = useRef(refresh)
  latest.current = refresh
  const wanted = options.runs === 'all' ? 'all' : options.runs.join(',')
  const kinds = (options.what ?? SHOWN).join(',')
  useEffect(() => {
    if (!enabled || wanted === '') return
    const what = kinds.split(',')
    const pace = paceCalls(() => latest.current(), everyMs)
    const leave = liveSource.read({
      place: { workspace, project },
      runs: wanted === 'all' ? 'all' : wanted.split(',').map(Number),
      take: (told) => {
        if (told.some((run) => hasKind(run, what as NewsKind[]))) pace.ask()
      },
      gap: (why) => {
        // Points go on; a change of state may have been the last word.
        if (why === 'missed' || what.includes('state')) pace.ask()
      },
    })
    return () => {
      leave()
      pace.end()
    }
  }, [workspace, project, wanted, kinds, enabled, everyMs])
}

/** Whether news reaches this tab. */
export const useStreamState = (): StreamState =>
  useSyncExternalStore(
    liveSource.watch,
    () => liveSource.state,
    () => 'idle',
  )
