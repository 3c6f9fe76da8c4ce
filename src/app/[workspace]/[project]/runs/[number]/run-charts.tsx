'use client'
import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useState } from 'react'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { xWord } from '#src/ui/charts/axis-words.ts'
import { type ChartLook, useChartLook } from '#src/ui/charts/chart-look.ts'
import { ChartToolbar } from '#src/ui/charts/chart-toolbar.tsx'
import { ExportMenu } from '#src/ui/charts/export-menu.tsx'
import { MetricChartLater } from '#src/ui/charts/metric-chart-later.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { groupMetrics } from './metric-groups.ts'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'

const DASH_MARKS = ['', '╌ ', '┈ ', '╍ '] as const

interface Look extends ChartLook {
  superseded: boolean
}

/** Curves grouped by the prefix of their key under one set of controls, which is in the URL. */
export function RunCharts(
  props: RunPlace & {
    run: RunDetail
    metrics: MetricSummary[] | undefined
    error: unknown
    retry: () => void
    live: boolean
  },
) {
  const { run, metrics } = props
  const hasTokens = metrics?.some((s) => s.key === 'tokens') ?? false
  const state = useChartLook({ tokens: hasTokens, groups: false })
  const [superseded] = useQueryState('superseded', parseAsBoolean.withDefault(false))
  if (metrics === undefined)
    return props.error ? (
      <Problem what="The list of metrics" error={props.error} retry={props.retry} />
    ) : (
      <div className={styles.chartsLoading} />
    )
  const groups = groupMetrics(metrics)
  const look: Look = { ...state.look, superseded }
  const isEmpty = groups.main === null && groups.sections.length === 0
  if (isEmpty) return <NoMetrics run={run} />

  return (
    <div>
      <div className={styles.chartControls}>
        <ChartToolbar
          state={state}
          hasTokens={hasTokens}
          metrics={metrics.map((s) => s.key).filter((key) => !key.startsWith('system/'))}
        />
        <Checkbox
          size="xs"
          label="Loss on a log scale"
          checked={look.logY}
          onChange={(event) => void state.set({ log: event.currentTarget.checked })}
        />
        <span className={styles.export}>
          <ExportMenu
            workspace={props.workspace}
            project={props.project}
            runs={String(run.number)}
            what={`Run ${run.number}`}
            hasAttempts={run.attempts.length > 1}
          />
        </span>
      </div>
      {groups.main ? <MainChart {...props} look={look} main={groups.main} beside={groups.beside} /> : null}
      {groups.sections.map((section) => (
        <Section key={section.prefix} {...props} look={look} prefix={section.prefix} keys={section.keys} />
      ))}
    </div>
  )
}

function MainChart(props: RunPlace & { run: RunDetail; live: boolean; look: Look; main: string; beside: string[] }) {
  const { look } = props
  const trpc = useTRPC()
  const checkpoints = useQuery(
    trpc.runs.checkpoints.queryOptions({ workspace: props.workspace, project: props.project, run: props.number }),
  )
  const keys = [props.main, ...props.beside]
  const flags =
    look.x === 'step'
      ? (checkpoints.data ?? []).map((c) => ({ x: c.step, label: `Checkpoint at step ${c.step}` }))
      : look.x === 'tokens'
        ? (checkpoints.data ?? []).flatMap((c) =>
            c.tokens === null ? [] : [{ x: c.tokens, label: `Checkpoint at step ${c.step}` }],
          )
        : []
  return (
    <MetricChartLater
      workspace={props.workspace}
      project={props.project}
      runs={[props.number]}
      metrics={keys}
      title={props.main}
      subtitle={`${look.logY ? 'log, ' : ''}over ${xWord({ axis: look.x, xMetric: look.xMetric })}${
        keys.length > 1 ? ` · ${keys.map((key, i) => `${DASH_MARKS[i]}${key}`).join(', ')}` : ''
      }`}
      height={196}
      flags={flags}
      x={look.x}
      xMetric={look.xMetric}
      smoothing={look.smoothing}
      logY={look.logY}
      superseded={look.superseded}
      live={props.live}
      large
    />
  )
}

/** A section of small charts; those without a prefix stand right below the loss without a heading. */
function Section(props: RunPlace & { live: boolean; look: Look; prefix: string; keys: string[] }) {
  const [open, setOpen] = useState(true)
  const { look, prefix } = props
  return (
    <section className={styles.chartSection} aria-label={prefix === '' ? 'Metrics' : prefix}>
      {prefix === '' ? null : (
        <button type="button" className={styles.sectionToggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronRight size={14} strokeWidth={1.75} aria-hidden />
          {prefix}
          <span className="ink-3">
            {props.keys.length} {props.keys.length === 1 ? 'chart' : 'charts'}
          </span>
        </button>
      )}
      {open ? (
        <div className={styles.chartGrid} data-columns={props.keys.length % 3 === 1 && props.keys.length > 1 ? 4 : 3}>
          {props.keys.map((key) => (
            <MetricChartLater
              key={key}
              workspace={props.workspace}
              project={props.project}
              runs={[props.number]}
              metrics={[key]}
              title={prefix === '' ? key : key.slice(prefix.length + 1)}
              height={120}
              x={look.x}
              xMetric={look.xMetric}
              smoothing={look.smoothing}
              logY={look.logY && /loss/.test(key)}
              superseded={look.superseded}
              live={props.live}
            />
          ))}
        </div>
      ) : null}
    </section>
  )
}

/** A run without metrics yet: where it stands and what comes next. */
function NoMetrics({ run }: { run: RunDetail }) {
  const sentence =
    run.state === 'queued'
      ? (run.job_reason ?? 'It waits to be started.')
      : run.state === 'running'
        ? 'It runs and has logged nothing yet. The first point appears here by itself.'
        : run.kind === 'evaluate'
          ? 'An evaluation run logs no curves; its results stand with the checkpoint it measured.'
          : 'It ended without logging a point. The console below says what it did.'
  return (
    <div className={styles.noMetrics}>
      <strong>No metrics</strong>
      <p>{sentence}</p>
      {run.last_contact_at && run.ended_at === null ? (
        <p>
          Last contact <Ago at={run.last_contact_at} />.
        </p>
      ) : null}
    </div>
  )
}
