'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import type { ChartGrouping } from '#src/protocol/chart.ts'
import { useWidth } from './box-size.ts'
import { ChartPanel, type ChartPanelProps } from './chart-panel.tsx'
import { useChartGroup } from './group-state.tsx'
import type { LinePaint } from './line-canvas.tsx'
import { useNearViewport } from './near-viewport.ts'
import { MANY_LINES, type PreparedLine } from './prepare-lines.ts'
import { runLook } from './run-colour.ts'
import { useChart } from './use-chart.ts'

/** A zoom shows the old points scaled at once and asks for finer ones when the hand rests. */
const ZOOM_REST_MS = 80

export interface MetricChartProps
  extends Pick<
    ChartPanelProps,
    'title' | 'subtitle' | 'height' | 'smoothing' | 'logY' | 'flags' | 'none' | 'large' | 'quietCorner'
  > {
  workspace: string
  project: string
  runs: readonly number[]
  metrics: readonly string[]
  x: XAxis
  /** The metric of the x axis `metric`. */
  xMetric?: string | null
  /** Draws runs together. */
  group?: ChartGrouping | null
  /** Points of superseded attempts too. */
  superseded: boolean
  /** Asks again while true. */
  live: boolean
  /** A CSS colour for all lines; without it each run has its own, and several metrics of one run are told apart by dashes. */
  colour?: string
}

const METRIC_DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2.5], [8, 3, 2, 3]]

/** A chart of metrics of runs that loads its own points: when it is near the visible part, at the width it has, in the range in view. */
export function MetricChart(props: MetricChartProps) {
  const { runs, metrics, colour, xMetric = null, group = null } = props
  const box = useRef<HTMLDivElement>(null)
  const near = useNearViewport(box)
  const width = useWidth(box)
  const zoom = useSettledZoom()
  const query = useChart(
    {
      workspace: props.workspace,
      project: props.project,
      runs,
      metrics,
      x: props.x,
      px: bucketsOf(width, runs.length * metrics.length),
      superseded: props.superseded,
      ...(props.x === 'metric' && xMetric !== null ? { x_metric: xMetric } : {}),
      ...(group ? { group } : {}),
      ...(zoom ? { from: zoom[0], to: zoom[1] } : {}),
    },
    { enabled: near && width > 0, live: props.live },
  )

  const metricKey = metrics.join('\n')
  const runsCount = runs.length
  const metricsCount = metrics.length
  const paintOf = useCallback(
    (line: PreparedLine): LinePaint => {
      const look = runLook(line.group ? line.group.order + 1 : line.run)
      const order = metricKey.split('\n').indexOf(line.metric)
      const dash = runsCount === 1 ? (METRIC_DASHES[order % METRIC_DASHES.length] ?? []) : look.dash
      return { colour: colour ?? look.colour, dash }
    },
    [metricKey, runsCount, colour],
  )
  const labelOf = useCallback(
    (line: PreparedLine) => {
      if (line.group) return metricsCount === 1 ? line.group.name : `${line.group.name} ${line.metric}`
      if (runsCount === 1) return line.metric
      // One metric is named by the chart's title.
      return metricsCount === 1 ? `#${line.run}` : `#${line.run} ${line.metric}`
    },
    [runsCount, metricsCount],
  )

  return (
    <div ref={box}>
      <ChartPanel
        title={props.title}
        subtitle={props.subtitle}
        height={props.height}
        smoothing={props.smoothing}
        logY={props.logY}
        xMetric={props.x === 'metric' ? xMetric : null}
        group={group}
        flags={props.flags}
        none={props.none}
        large={props.large}
        quietCorner={props.quietCorner}
        answer={query.chart}
        error={query.error}
        retry={query.retry}
        paintOf={paintOf}
        labelOf={labelOf}
      />
    </div>
  )
}

/**
 * A bucket per CSS px, of which up to two come where they lie ready in other widths. Where lines lie over each other, buckets of two
 * or three px tell the same for half of the work. In steps, so that resizing asks rarely.
 */
function bucketsOf(width: number, lines: number): number {
  const px = Math.max(100, Math.ceil(width / 50) * 50)
  return lines > MANY_LINES ? Math.round(px / 3) : px
}

/** The zoom of the group, once it has not changed for a moment. */
function useSettledZoom() {
  const { zoom } = useChartGroup()
  const [settled, setSettled] = useState(zoom)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(zoom), ZOOM_REST_MS)
    return () => clearTimeout(timer)
  }, [zoom])
  return settled
}
