'use client'
import { Select } from '@mantine/core'
import { firstOf, LOSS_KEYS } from '#src/core/lineage/loss-keys.ts'
import { isTelemetryKey } from '#src/core/metrics/metric-key.ts'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import { useChartLook } from '#src/ui/charts/chart-look.ts'
import { ChartControls, ChartToolbar } from '#src/ui/charts/chart-toolbar.tsx'
import { ChartGroup } from '#src/ui/charts/group-state.tsx'
import { MetricChart } from '#src/ui/charts/metric-chart.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import styles from './compare.module.css'

const CHART_HEIGHT = 190

/** The curves of the runs behind the entries; of several projects one picture each, with one cursor. */
export function Curves(props: {
  workspace: string
  sides: SideBySide
  metric: string | null
  frozenAt: string | null
  onMetric: (metric: string | null) => void
}) {
  const { workspace, sides, metric, frozenAt, onMetric } = props
  const keys = sides.metrics.map(({ key }) => key)
  const usual =
    firstOf(LOSS_KEYS, (key) => (keys.includes(key) ? key : undefined)) ?? keys.find((key) => !isTelemetryKey(key))
  const shown = metric !== null && keys.includes(metric) ? metric : usual
  const projects = runsByProject(sides)
  if (shown === undefined || projects.length === 0)
    return (
      <Section title="Curves">
        <p className={styles.quietLine}>No run of these has logged a metric yet; run.log(…) does.</p>
      </Section>
    )
  return (
    <Section
      title="Curves"
      note={frozenAt === null ? null : 'of the runs as they are now; the numbers beside are frozen'}
    >
      <ChartGroup>
        <CurvesOf
          workspace={workspace}
          projects={projects}
          metric={shown}
          keys={keys}
          hasTokens={keys.includes('tokens')}
          isLive={sides.entries.some(({ run }) => run?.state === 'running')}
          onMetric={(key) => onMetric(key === usual ? null : key)}
        />
      </ChartGroup>
    </Section>
  )
}

interface ProjectRuns {
  project: string
  runs: number[]
}

function CurvesOf(props: {
  workspace: string
  projects: readonly ProjectRuns[]
  metric: string
  keys: readonly string[]
  hasTokens: boolean
  isLive: boolean
  onMetric: (metric: string | null) => void
}) {
  const { workspace, projects, metric, keys, hasTokens } = props
  const state = useChartLook({ tokens: hasTokens, groups: false })
  const { look } = state
  return (
    <>
      <ChartControls>
        <Select aria-label="Metric" w={170} searchable value={metric} data={[...keys]} onChange={props.onMetric} />
        <ChartToolbar state={state} metrics={[...keys]} hasTokens={hasTokens} />
      </ChartControls>
      {projects.map(({ project, runs }) => (
        <MetricChart
          key={project}
          workspace={workspace}
          project={project}
          runs={runs}
          metrics={[metric]}
          title={projects.length > 1 ? `${metric}, ${project}` : metric}
          subtitle=""
          height={CHART_HEIGHT}
          x={look.x}
          xMetric={look.xMetric}
          smoothing={look.smoothing}
          logY={false}
          superseded={false}
          live={props.isLive}
        />
      ))}
    </>
  )
}

function runsByProject({ entries }: SideBySide): ProjectRuns[] {
  const found = new Map<string, Set<number>>()
  for (const { run, stage } of entries)
    if (run) found.set(stage.project, (found.get(stage.project) ?? new Set()).add(run.number))
  return [...found].map(([project, runs]) => ({ project, runs: [...runs] }))
}
