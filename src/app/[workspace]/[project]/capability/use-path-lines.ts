'use client'
import { useQueries } from '@tanstack/react-query'
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { ChartData } from '#src/protocol/chart-body.ts'
import { fetchChart } from '#src/ui/charts/fetch-chart.ts'
import type { StageBand } from './capability-axes.ts'
import { CHART_AXES, placesOn } from './chart-axis.ts'
import { linesOf, type StageLines, stepsOfCounter } from './stage-lines.ts'

/**
 * Loss, learning rate and token counter of each stage of the path that is drawn, at most a point per px of its band. `isWaiting`
 * until all have answered.
 */
export function usePathLines(input: {
  workspace: string
  project: string
  bands: readonly StageBand[]
  axis: PathAxis
  isZoomed: boolean
}): { lines: StageLines[]; isWaiting: boolean } {
  const { workspace, project, axis } = input
  const asked = input.bands.flatMap((band) => {
    const { run, loss, learning_rate, token_counter } = band.card
    const places = placesOn(band.card, axis)
    const metrics = [loss, learning_rate, token_counter].filter((metric) => metric !== null)
    if (run === null || places === null || loss === null) return []
    // In steps, so that resizing asks rarely.
    const px = Math.max(50, Math.ceil(band.width / 50) * 50)
    const part =
      input.isZoomed && band.span
        ? { from: places.toChart(band.span.from), to: places.toChart(band.span.to) }
        : undefined
    return [{ band, run, metrics, px, places, part }]
  })
  const query = (question: Parameters<typeof fetchChart>[0]) => ({
    queryKey: ['capability', 'line', question],
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      (await fetchChart(question, undefined, new Set(), signal)).chart,
    staleTime: 60_000,
    structuralSharing: false,
  })
  const onAxis = useQueries({
    queries: asked.map(({ run, metrics, px, part }) =>
      query({ workspace, project, runs: [run], metrics, x: CHART_AXES[axis], px, superseded: true, ...part }),
    ),
  })
  // Which step a point has is told by the counter of tokens, over steps.
  const counted = axis === 'steps' ? [] : asked.filter(({ band }) => band.card.token_counter !== null)
  const overSteps = useQueries({
    queries: counted.map(({ run, band, px }) =>
      query({
        workspace,
        project,
        runs: [run],
        metrics: [band.card.token_counter as string],
        x: 'step',
        px,
        superseded: false,
      }),
    ),
  })
  return {
    lines: onAxis.flatMap((answer, i) => {
      const at = asked[i]
      const chart: ChartData | undefined = answer.data
      if (!at || !chart) return []
      const steps = overSteps[counted.indexOf(at)]?.data
      return [linesOf(at.band, axis, at.places.toPath, chart, steps ? stepsOfCounter(steps) : null)]
    }),
    isWaiting: onAxis.some((answer) => answer.isLoading),
  }
}
