'use client'
import { useQuery } from '@tanstack/react-query'
import { useChartLook } from '#src/ui/charts/chart-look.ts'
import { ChartControls, ChartToolbar, GroupingControls } from '#src/ui/charts/chart-toolbar.tsx'
import type { MetricChartProps } from '#src/ui/charts/metric-chart.tsx'
import { MetricChartLater } from '#src/ui/charts/metric-chart-later.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'

/** Runs that one chart asks for at most. */
const RUNS_MAX = 500

interface Props extends Pick<MetricChartProps, 'workspace' | 'project' | 'height' | 'live' | 'colour' | 'large'> {
  title: string
  /** Numbers, newest first. */
  runs: readonly number[]
  /** The metric that is drawn. */
  metric: string
  /** More lines than this are not told apart; grouped runs are all drawn. */
  linesMax: number
  /** Whether values are drawn on a log scale. */
  logY?: boolean
}

/** One metric of several runs in one chart: each a line, or drawn together by stage or by a value of their config. Below a `ChartGroup`. */
export function ComparedRuns(props: Props) {
  const { workspace, project, runs } = props
  const trpc = useTRPC()
  const [first] = runs
  const summaries = useQuery({
    ...trpc.runs.metrics.queryOptions({ workspace, project, run: first ?? 1 }),
    enabled: first !== undefined,
    staleTime: 60_000,
  })
  const keys = (summaries.data ?? []).map((summary) => summary.key).filter((key) => !key.startsWith('system/'))
  const hasTokens = keys.includes('tokens')
  const state = useChartLook({ tokens: hasTokens || summaries.data === undefined, groups: runs.length > 1 })
  const { metric } = props
  const { look } = state
  const shown = runs.slice(0, look.group ? RUNS_MAX : props.linesMax)
  return (
    <>
      <ChartControls>
        <ChartToolbar state={state} metrics={keys} hasTokens={hasTokens} />
        {runs.length > 1 ? <GroupingControls state={state} /> : null}
      </ChartControls>
      <MetricChartLater
        workspace={workspace}
        project={project}
        runs={shown}
        metrics={[metric]}
        title={props.title}
        subtitle={`${metric}${runs.length > shown.length ? `, newest ${shown.length} of ${runs.length} runs` : ''}`}
        height={props.height}
        x={look.x}
        xMetric={look.xMetric}
        group={look.group}
        smoothing={look.smoothing}
        logY={props.logY ?? false}
        superseded={false}
        live={props.live}
        large={props.large}
        {...(props.colour !== undefined && look.group === null ? { colour: props.colour } : {})}
      />
    </>
  )
}
