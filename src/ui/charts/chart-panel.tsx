'use client'
import { Skeleton } from '@mantine/core'
import { Download, Maximize2, RotateCcw, Table2 } from 'lucide-react'
import { type ReactNode, useId, useMemo, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { ChartGrouping } from '#src/protocol/chart.ts'
import type { ChartData } from '#src/protocol/chart-body.ts'
import { saveFile } from '#src/ui/kit/save-file.ts'
import { ChartMenu } from './chart-menu.tsx'
import { ChartProblem, Corner, Tool } from './chart-parts.tsx'
import { chartSummary } from './chart-summary.ts'
import { beyondWords, emptyWords, leftOutWords, pictureNotes } from './chart-words.ts'
import styles from './charts.module.css'
import type { RequestAsked } from './copy-items.tsx'
import { hasDirectLabels, LABEL_ROOM } from './direct-labels.ts'
import { useChartGroup } from './group-state.tsx'
import { LineCanvas, type LinePaint } from './line-canvas.tsx'
import { linesCsv } from './lines-csv.ts'
import { LinesTable } from './lines-table.tsx'
import type { CheckpointAt } from './pinned-checkpoint.tsx'
import { plotBox } from './plot-box.ts'
import { DirectLabels, type Flag, LitLines, PlotCursor, PlotMarks, StageBands } from './plot-overlay.tsx'
import { PlotReading } from './plot-reading.tsx'
import { PlotSurface } from './plot-surface.tsx'
import type { PreparedLine } from './prepared-chart.ts'
import { RangeDialog } from './range-dialog.tsx'
import { shapeLines } from './shape-lines.ts'
import { type StageBand, stageBands } from './stage-bands.ts'
import { viewLines } from './view-lines.ts'

export interface ChartPanelProps {
  /** Unique among the charts of its group; absent: made for it. */
  id?: string | undefined
  title: string
  /** Over what and against what. */
  subtitle?: ReactNode
  /** Undefined until the first answer. */
  answer: ChartData | undefined
  error: unknown
  retry: () => void
  /** Of the plot, CSS px; 0: not known yet. */
  width: number
  height: number
  smoothing: Smoothing | null
  logY: boolean
  logX?: boolean | undefined
  /** False: y reaches over the middle of the values, and what lies beyond is counted. */
  outliers?: boolean | undefined
  /** Bounds of y; null at an end: as the data reach. */
  bounds?: readonly [number | null, number | null] | undefined
  /** The metric on the x axis `metric`. */
  xMetric?: string | null
  /** How runs were drawn together; null: each is a line of its own. */
  group?: ChartGrouping | null
  /** Draws the runs of a group faintly behind its line. */
  members?: boolean | undefined
  paintOf: (line: PreparedLine) => LinePaint
  labelOf: (line: PreparedLine) => string
  /** What a run is called in sentences and files, where its number does not tell it: of several projects. */
  runName?: ((run: number) => string) | undefined
  /** The kind of the stage of a run, for bands on an axis of the lineage. */
  kindOf?: ((run: number) => string | undefined) | undefined
  /** How many runs were asked for: those without a line are counted. */
  runsAsked?: number | undefined
  flags?: readonly Flag[]
  /** Said when there is no point. */
  none?: string
  /** More room: the tools always show and the corner says more. */
  large?: boolean
  /** The caption says the last value already: the corner tells only what is left out. */
  quietCorner?: boolean
  /** Where a pinned reading leads. */
  checkpoint?: CheckpointAt | undefined
  /** What a program asks for the same points. */
  request?: RequestAsked | undefined
  /** What the page says and offers of its own. */
  own?: ChartPanelOwn | undefined
}

/** What a page adds to a chart. */
export interface ChartPanelOwn {
  /** Before the title: something to take hold of. */
  handle?: ReactNode
  /** Behind the title: that something is set for this chart alone. */
  marks?: ReactNode
  /** Items of the chart's menu. */
  items?: ReactNode
  /** Below the chart, such as what was left out of it before it was asked for. */
  note?: ReactNode
  /** Opens it over the whole window. */
  onFull?: (() => void) | undefined
  /** Where the link to this chart leads. */
  link?: () => string
  /** Sentences for what is saved: filter, baseline, what was left out. */
  notes?: readonly string[]
}

/** One chart with its caption, tools, cursor, zoom, table, pictures and states. */
export function ChartPanel(props: ChartPanelProps) {
  const { title, answer, width, height, paintOf, labelOf, xMetric = null, group = null, own } = props
  const madeId = useId()
  const id = props.id ?? madeId
  const { zoom, setZoom, yZooms, setYZoom } = useChartGroup()
  const zoomY = yZooms[id] ?? null
  const [asTable, setAsTable] = useState(false)
  const [active, setActive] = useState(false)
  const [setsRanges, setSetsRanges] = useState(false)
  const { smoothing, logY, logX = false, outliers = true, members = false, bounds } = props
  const named = group ? (answer?.groups.length ?? 0) : (answer?.series.filter((s) => !s.superseded).length ?? 0)
  const isNamed = hasDirectLabels(named, width, height)
  const right = isNamed ? LABEL_ROOM : undefined
  const [least = null, most = null] = bounds ?? []
  const shaped = useMemo(
    () =>
      answer && width > 0
        ? shapeLines(answer, { smoothing, width, height, group, members, ...(right !== undefined && { right }) })
        : null,
    [answer, width, height, smoothing, group, members, right],
  )
  const chart = useMemo(
    () =>
      shaped &&
      viewLines(shaped, {
        smoothing,
        logY,
        logX,
        outliers,
        bounds: [least, most],
        zoom,
        zoomY,
        width,
        height,
        xMetric,
      }),
    [shaped, width, height, zoom, zoomY, smoothing, logY, logX, outliers, least, most, xMetric],
  )
  const { runName } = props
  const summary = useMemo(() => (chart ? chartSummary(title, chart, runName) : ''), [chart, title, runName])
  const plot = useMemo(() => plotBox(width, height, right), [width, height, right])
  const { kindOf } = props
  const bands = useMemo(() => (chart && kindOf ? stageBands(chart, kindOf) : NO_BANDS), [chart, kindOf])
  const isEmpty = chart?.lines.every((line) => line.data.x.length === 0)
  const shared = { chart, box: plot, width, height, paintOf, flags: props.flags ?? [] }
  const notes = chart ? pictureNotes(chart, { smoothing, isGrouped: group !== null, runName, notes: own?.notes }) : []

  return (
    <figure className={styles.panel} data-large={props.large || undefined} aria-label={title}>
      <figcaption className={styles.head}>
        {own?.handle}
        <span className={styles.title} title={title}>
          {title}
        </span>
        {own?.marks}
        {props.subtitle ? <span className={styles.subtitle}>{props.subtitle}</span> : null}
        <span className={styles.corner}>
          {chart ? (
            <Corner
              chart={chart}
              runsAsked={props.runsAsked}
              lastWriteMs={answer?.last_write ?? null}
              isLarge={props.large ?? false}
              isQuiet={props.quietCorner ?? false}
            />
          ) : null}
        </span>
        <span className={styles.tools}>
          {zoom || zoomY ? (
            <Tool
              label="Reset zoom"
              onClick={() => {
                if (zoom) setZoom(null)
                if (zoomY) setYZoom(id, null)
              }}
            >
              <RotateCcw size={14} strokeWidth={1.75} aria-hidden />
            </Tool>
          ) : null}
          <Tool label={asTable ? 'Show as chart' : 'Show as table'} onClick={() => setAsTable(!asTable)}>
            <Table2 size={14} strokeWidth={1.75} aria-hidden />
          </Tool>
          <Tool
            label="Download CSV"
            onClick={() => {
              if (chart) saveFile(`${title.replaceAll('/', '-')}.csv`, 'text/csv', linesCsv(chart, runName))
            }}
          >
            <Download size={14} strokeWidth={1.75} aria-hidden />
          </Tool>
          {own?.onFull ? (
            <Tool label="Full screen" onClick={own.onFull}>
              <Maximize2 size={14} strokeWidth={1.75} aria-hidden />
            </Tool>
          ) : null}
          {chart ? (
            <ChartMenu
              picture={{
                chart,
                title,
                notes,
                bands,
                width: Math.max(640, width),
                height: PICTURE_PX,
                paintOf,
                labelOf,
              }}
              request={props.request}
              runName={runName}
              link={own?.link}
              items={own?.items}
              onRanges={() => setSetsRanges(true)}
            />
          ) : null}
        </span>
      </figcaption>
      {chart ? (
        <PlotReading
          id={id}
          chart={chart}
          box={plot}
          labelOf={labelOf}
          paintOf={paintOf}
          checkpoint={props.checkpoint}
        />
      ) : null}
      <div style={{ height }}>
        {chart === null ? (
          props.error ? (
            <ChartProblem title={title} error={props.error} retry={props.retry} height={height} />
          ) : (
            <Skeleton height={height - 8} />
          )
        ) : isEmpty ? (
          <div className={styles.message} style={{ height }}>
            {emptyWords(chart, zoom !== null, props.none)}
          </div>
        ) : asTable ? (
          <div className={styles.table} style={{ height }}>
            <LinesTable title={title} chart={chart} labelOf={labelOf} />
          </div>
        ) : (
          <PlotSurface
            id={id}
            chart={chart}
            box={plot}
            width={width}
            height={height}
            summary={summary}
            onActive={setActive}
          >
            <StageBands {...shared} chart={chart} bands={bands} />
            <LineCanvas chart={chart} box={plot} width={width} height={height} paintOf={paintOf} summary={summary} />
            <PlotMarks {...shared} chart={chart} />
            {isNamed ? <DirectLabels {...shared} chart={chart} labelOf={labelOf} /> : null}
            <LitLines {...shared} chart={chart} />
            <PlotCursor
              {...shared}
              id={id}
              chart={chart}
              active={active}
              labelOf={labelOf}
              checkpoint={props.checkpoint}
            />
          </PlotSurface>
        )}
      </div>
      {chart && chart.leftOutOfLog > 0 ? (
        <p className={styles.note}>
          {formatExactCount(chart.leftOutOfLog)} values at or below 0 have no place on a log scale.
        </p>
      ) : null}
      {chart && chart.beyondY > 0 ? <p className={styles.note}>{beyondWords(chart.beyondY)}</p> : null}
      {props.large && answer?.series.some((line) => line.thinned) ? (
        <p className={styles.note}>Raw points were thinned out: the finest that is left are buckets of 8 points.</p>
      ) : null}
      {chart && chart.leftOut.length > 0 ? (
        <p className={styles.note}>
          {leftOutWords(chart.leftOut, runName, props.own === undefined || (props.large ?? false))}
        </p>
      ) : null}
      {own?.note ? <p className={styles.note}>{own.note}</p> : null}
      {chart && props.error ? (
        <p className={styles.note} role="status">
          The last update failed; what is shown is older.{' '}
          <button type="button" className="link" onClick={props.retry}>
            Try again
          </button>
        </p>
      ) : null}
      {setsRanges && chart ? (
        <RangeDialog
          chart={chart}
          title={title}
          zoom={zoom}
          yZoom={zoomY}
          onRanges={(x, y) => {
            if (x !== zoom) setZoom(x)
            if (y !== zoomY) setYZoom(id, y)
          }}
          onClose={() => setSetsRanges(false)}
        />
      ) : null}
    </figure>
  )
}

const NO_BANDS: readonly StageBand[] = []
/** The height of a saved picture's plot, CSS px. */
const PICTURE_PX = 320
