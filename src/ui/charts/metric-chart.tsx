'use client'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { RunOrigin } from '#src/core/layouts/layout.ts'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import { writeRunList } from '#src/core/runs/run-list.ts'
import type { ChartGrouping } from '#src/protocol/chart.ts'
import { useNearViewport } from '#src/ui/kit/near-viewport.ts'
import { paths } from '#src/ui/paths.ts'
import { useWidth } from './box-size.ts'
import { ChartPanel, type ChartPanelProps } from './chart-panel.tsx'
import type { RequestAsked } from './copy-items.tsx'
import { useChartGroup } from './group-state.tsx'
import type { LinePaint } from './line-canvas.tsx'
import { MARKERS } from './markers.ts'
import type { CheckpointAt } from './pinned-checkpoint.tsx'
import { ofRuns } from './prepare-lines.ts'
import { MANY_LINES, type PreparedLine } from './prepared-chart.ts'
import { type RunLook, runLook } from './run-colour.ts'
import { useChart } from './use-chart.ts'

/** A zoom shows the old points scaled at once and asks for finer ones when the hand rests. */
const ZOOM_REST_MS = 80

export interface MetricChartProps
  extends Pick<
    ChartPanelProps,
    | 'id'
    | 'title'
    | 'subtitle'
    | 'height'
    | 'smoothing'
    | 'logY'
    | 'logX'
    | 'outliers'
    | 'bounds'
    | 'flags'
    | 'none'
    | 'large'
    | 'quietCorner'
    | 'kindOf'
    | 'members'
    | 'own'
  > {
  workspace: string
  project: string
  /** Runs whose points are asked for. */
  runs: readonly number[]
  /** Those of them that are drawn; absent: all. Others come and go without a question. */
  shown?: ReadonlySet<number> | undefined
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
  /** The look of a run, where colours mean something else than the run. */
  lookOf?: ((run: number) => RunLook) | undefined
  /** What a run is called; absent: by its number. */
  nameOf?: ((run: number) => string) | undefined
  /** Where each run lies, where they are of several projects. */
  origins?: ReadonlyMap<number, RunOrigin> | undefined
}

const METRIC_DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2.5], [8, 3, 2, 3]]

/** A chart of metrics of runs that loads its own points: when it is near the visible part, at the width it has, in the range in view. */
export function MetricChart(props: MetricChartProps) {
  const { runs, shown, metrics, colour, xMetric = null, group = null, lookOf = runLook, nameOf = numberOf } = props
  const box = useRef<HTMLDivElement>(null)
  const near = useNearViewport(box)
  const width = useWidth(box)
  const zoom = useSettledZoom()
  const uids = useMemo(
    () => props.origins && runs.map((run) => props.origins?.get(run)?.uid ?? ''),
    [props.origins, runs],
  )
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
      ...(uids ? { uids } : {}),
      ...(zoom ? { from: zoom[0], to: zoom[1] } : {}),
    },
    { enabled: near && width > 0, live: props.live },
  )

  const answer = useMemo(
    () => (query.chart && shown && !group ? ofRuns(query.chart, shown) : query.chart),
    [query.chart, shown, group],
  )
  const metricKey = metrics.join('\n')
  const runsCount = shown?.size ?? runs.length
  const metricsCount = metrics.length
  const paintOf = useCallback(
    (line: PreparedLine): LinePaint => {
      const look = line.group ? runLook(line.group.order + 1) : lookOf(line.run)
      const order = metricKey.split('\n').indexOf(line.metric)
      if (runsCount > 1) return { ...look, colour: colour ?? look.colour }
      const dash = METRIC_DASHES[order % METRIC_DASHES.length] ?? []
      const marker = MARKERS[Math.floor(order / METRIC_DASHES.length) - 1] ?? null
      return { colour: colour ?? look.colour, dash, marker }
    },
    [metricKey, runsCount, colour, lookOf],
  )
  const labelOf = useCallback(
    (line: PreparedLine) => {
      if (line.group) return metricsCount === 1 ? line.group.name : `${line.group.name} ${line.metric}`
      if (runsCount === 1) return line.metric
      // One metric is named by the chart's title.
      return metricsCount === 1 ? nameOf(line.run) : `${nameOf(line.run)} ${line.metric}`
    },
    [runsCount, metricsCount, nameOf],
  )

  const { workspace, project, origins } = props
  const checkpoint = useMemo(
    (): CheckpointAt => ({
      hrefOf: (run, place) => {
        const at = origins?.get(run)
        return paths.nearestCheckpoint(workspace, at?.project ?? project, at?.number ?? run, place)
      },
      nameOf,
    }),
    [workspace, project, origins, nameOf],
  )

  const request = requestOf({ ...props, runs: shown ? runs.filter((run) => shown.has(run)) : runs }, zoom)
  return (
    <div ref={box}>
      <ChartPanel
        id={props.id}
        title={props.title}
        subtitle={props.subtitle}
        width={width}
        height={props.height}
        smoothing={props.smoothing}
        logY={props.logY}
        logX={props.logX}
        outliers={props.outliers}
        bounds={props.bounds}
        kindOf={props.kindOf}
        members={props.members}
        runsAsked={runsCount}
        request={request}
        checkpoint={checkpoint}
        own={props.own}
        xMetric={props.x === 'metric' ? xMetric : null}
        runName={props.origins && nameOf}
        group={group}
        flags={props.flags}
        none={props.none}
        large={props.large}
        quietCorner={props.quietCorner}
        answer={answer}
        error={query.error}
        retry={query.retry}
        paintOf={paintOf}
        labelOf={labelOf}
      />
    </div>
  )
}

const numberOf = (run: number): string => `#${run}`

/** Above this many letters an address is cut by some proxies. */
const RUNS_TEXT_MAX = 6_000

/** What a program asks for the same points; undefined where the question does not fit into an address. */
function requestOf(props: MetricChartProps, zoom: readonly [number, number] | null): RequestAsked | undefined {
  const { project, runs, metrics, x, xMetric = null, group = null, origins } = props
  const list = origins
    ? runs.map((run) => origins.get(run)?.uid).join(',')
    : writeRunList(
        runs.toSorted((a, b) => a - b),
        runs.length,
      )
  if (list.length > RUNS_TEXT_MAX || metrics.some((metric) => metric.includes(','))) return undefined
  return {
    path: '/chart',
    query: {
      project,
      runs: list,
      metrics: metrics.join(','),
      x,
      ...(x === 'metric' && xMetric !== null && { x_metric: xMetric }),
      ...(zoom && { from: String(zoom[0]), to: String(zoom[1]) }),
      ...(props.superseded && { superseded: 'true' }),
      ...(origins && { across: 'true' }),
      ...(group && { group: group.by, center: group.center, band: group.band }),
      ...(group?.key !== undefined && { group_key: group.key }),
    },
  }
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
