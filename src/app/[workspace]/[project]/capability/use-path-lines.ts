'use client'
import { useQueries } from '@tanstack/react-query'
import type { CapabilityStage } from '#src/protocol/capability.ts'
import type { ChartData } from '#src/protocol/chart-body.ts'
import { fetchChart } from '#src/ui/charts/fetch-chart.ts'
import type { CapabilityAxis, StageBand } from './prepare-capability.ts'

/** The points of a metric in one stage, over the axis of the path. */
export interface PathLine {
  stage: number
  x: Float64Array
  y: Float64Array
}

/** A metric of each stage of the path: at most a point per px of its band. `isWaiting` until all have answered. */
export function usePathLines(input: {
  workspace: string
  project: string
  bands: readonly StageBand[]
  axis: CapabilityAxis
  metricOf: (stage: CapabilityStage) => string | null
}): { lines: PathLine[]; isWaiting: boolean } {
  const asked = input.bands.flatMap((band, stage) => {
    const metric = input.metricOf(band.card)
    const { run } = band.card
    // In steps, so that resizing asks rarely.
    return metric === null || run === null
      ? []
      : [{ stage, run, metric, px: Math.max(50, Math.ceil(band.width / 50) * 50) }]
  })
  const answers = useQueries({
    queries: asked.map(({ run, metric, px }) => {
      const question = {
        workspace: input.workspace,
        project: input.project,
        runs: [run],
        metrics: [metric],
        x: input.axis === 'tokens' ? ('lineage_tokens' as const) : ('lineage_device_hours' as const),
        px,
        superseded: false,
      }
      return {
        queryKey: ['capability', 'line', question],
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await fetchChart(question, undefined, new Set(), signal)).chart,
        staleTime: 60_000,
        structuralSharing: false,
      }
    }),
  })
  return {
    lines: answers.flatMap((answer, i) => {
      const at = asked[i]
      return at && answer.data ? lineOf(at.stage, answer.data) : []
    }),
    isWaiting: answers.some((answer) => answer.isLoading),
  }
}

function lineOf(stage: number, chart: ChartData): PathLine[] {
  const series = chart.series.filter((line) => line.x.length > 0)
  const [only] = series
  if (!only) return []
  if (series.length === 1) return [{ stage, x: only.x, y: Float64Array.from(only.y) }]
  return [
    {
      stage,
      x: Float64Array.from(series.flatMap((line) => [...line.x])),
      y: Float64Array.from(series.flatMap((line) => [...line.y])),
    },
  ]
}
