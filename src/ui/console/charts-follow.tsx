'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import { useCursor } from '#src/ui/charts/group-state.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { ConsolePlace } from './console-lines.ts'

/** The charts around a console. */
export interface ChartsAround {
  axis: XAxis
  /** When the run began, epoch ms; null: not yet. */
  startedAtMs: number | null
}

/** The hand rests this long before the line is looked for. */
const REST_MS = 120

/** Why the lines cannot follow the crosshair over this axis, in a sentence; null: they can. */
export const whyNotFollowing = ({ axis, startedAtMs }: ChartsAround): string | null => {
  if (axis === 'step' || axis === 'time') return null
  if (axis === 'relative')
    return startedAtMs === null ? 'The run has not begun: its lines have no time since then.' : null
  return 'Lines know their time: choose steps, clock time or time since start as the x axis of the charts.'
}

/** Tells which line was the last one printed at the step or time of the charts' crosshair. Must be used below a `ChartGroup`. */
export function ChartsFollow(props: {
  place: ConsolePlace
  charts: ChartsAround
  /** A line from 0. */
  onLine: (line: number) => void
}) {
  const { place, charts, onLine } = props
  const trpc = useTRPC()
  const cursor = useCursor()
  const x = useRested(cursor?.x ?? null)
  const at = x === null ? null : placeOf(charts, x)
  const query = useQuery({
    ...trpc.runs.consoleLine.queryOptions({ ...place, at: at ?? { step: 0 } }),
    enabled: at !== null,
    staleTime: 60_000,
    retry: false,
  })
  const line = at === null ? null : (query.data?.line ?? null)
  useEffect(() => {
    if (line !== null) onLine(line)
  }, [line, onLine])
  const isBefore = at !== null && query.data?.line === null
  return (
    <span role="status" className="ink-3">
      {query.isError ? 'The line could not be found' : isBefore ? 'Nothing was printed up to there' : ''}
    </span>
  )
}

function placeOf({ axis, startedAtMs }: ChartsAround, x: number): { step: number } | { time: number } | null {
  if (axis === 'step') return { step: Math.max(0, Math.floor(x)) }
  if (axis === 'time') return { time: Math.round(x) }
  return axis === 'relative' && startedAtMs !== null ? { time: Math.round(startedAtMs + x) } : null
}

function useRested(x: number | null): number | null {
  const [rested, setRested] = useState(x)
  useEffect(() => {
    const timer = setTimeout(() => setRested(x), REST_MS)
    return () => clearTimeout(timer)
  }, [x])
  return rested
}
