'use client'
import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { Download, RotateCcw, Table2 } from 'lucide-react'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import type { Smoothing } from '#src/core/metrics/smooth-line.ts'
import type { ChartGrouping } from '#src/protocol/chart.ts'
import type { ChartData } from '#src/protocol/chart-body.ts'
import { saveFile } from '#src/ui/kit/save-file.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { readFailure } from '#src/ui/trpc-client.tsx'
import { useWidth } from './box-size.ts'
import { chartSummary } from './chart-summary.ts'
import styles from './charts.module.css'
import { useChartGroup } from './group-state.tsx'
import { groupWords } from './group-words.ts'
import type { LinePaint } from './line-canvas.tsx'
import { linesCsv } from './lines-csv.ts'
import { LinesTable } from './lines-table.tsx'
import { plotBox } from './plot-box.ts'
import { type Flag, PlotCursor, PlotMarks } from './plot-overlay.tsx'
import { CornerReading, PlotReading } from './plot-reading.tsx'
import { PlotSurface } from './plot-surface.tsx'
import { type PreparedChart, type PreparedLine, shapeLines, viewLines } from './prepare-lines.ts'
import { useCanvas } from './use-canvas.ts'

export interface ChartPanelProps {
  title: string
  /** Over what and against what. */
  subtitle?: ReactNode
  /** Undefined until the first answer. */
  answer: ChartData | undefined
  error: unknown
  retry: () => void
  height: number
  smoothing: Smoothing | null
  logY: boolean
  /** The metric on the x axis `metric`. */
  xMetric?: string | null
  /** How runs were drawn together; null: each is a line of its own. */
  group?: ChartGrouping | null
  paintOf: (line: PreparedLine) => LinePaint
  labelOf: (line: PreparedLine) => string
  flags?: readonly Flag[]
  /** Said when there is no point. */
  none?: string
  /** More room: the tools always show and the corner says more. */
  large?: boolean
  /** The caption says the last value already: the corner tells only what is left out. */
  quietCorner?: boolean
}

/** One chart with its caption, tools, cursor, zoom, table, CSV and states; the canvas comes with the first data. */
export function ChartPanel(props: ChartPanelProps) {
  const { title, answer, height, paintOf, labelOf, xMetric = null, group = null } = props
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const { zoom, setZoom } = useChartGroup()
  const LineCanvas = useCanvas()
  const [asTable, setAsTable] = useState(false)
  const [active, setActive] = useState(false)
  const { smoothing, logY } = props
  const shaped = useMemo(
    () => (answer && width > 0 ? shapeLines(answer, { smoothing, width, height, group }) : null),
    [answer, width, height, smoothing, group],
  )
  const chart = useMemo(
    () => shaped && viewLines(shaped, { smoothing, logY, zoom, width, height, xMetric }),
    [shaped, width, height, zoom, smoothing, logY, xMetric],
  )
  const summary = useMemo(() => (chart ? chartSummary(title, chart) : ''), [chart, title])
  const plot = plotBox(width, height)
  const isEmpty = chart?.lines.every((line) => line.data.x.length === 0)
  const shared = { chart, box: plot, width, height, paintOf, flags: props.flags ?? [] }

  return (
    <figure className={styles.panel} data-large={props.large || undefined} aria-label={title}>
      <figcaption className={styles.head}>
        <span className={styles.title} title={title}>
          {title}
        </span>
        {props.subtitle ? <span className={styles.subtitle}>{props.subtitle}</span> : null}
        <span className={styles.corner}>
          {chart ? (
            <Corner
              chart={chart}
              lastWriteMs={answer?.last_write ?? null}
              isLarge={props.large ?? false}
              isQuiet={props.quietCorner ?? false}
            />
          ) : null}
        </span>
        <span className={styles.tools}>
          {zoom ? (
            <Tool label="Reset zoom" onClick={() => setZoom(null)}>
              <RotateCcw size={14} strokeWidth={1.75} aria-hidden />
            </Tool>
          ) : null}
          <Tool label={asTable ? 'Show as chart' : 'Show as table'} onClick={() => setAsTable(!asTable)}>
            <Table2 size={14} strokeWidth={1.75} aria-hidden />
          </Tool>
          <Tool
            label="Download CSV"
            onClick={() => {
              if (chart) saveFile(`${title.replaceAll('/', '-')}.csv`, 'text/csv', linesCsv(chart))
            }}
          >
            <Download size={14} strokeWidth={1.75} aria-hidden />
          </Tool>
        </span>
      </figcaption>
      {chart ? <PlotReading chart={chart} box={plot} labelOf={labelOf} /> : null}
      <div ref={box} style={{ height }}>
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
          <PlotSurface chart={chart} box={plot} width={width} height={height} summary={summary} onActive={setActive}>
            {LineCanvas ? (
              <LineCanvas chart={chart} width={width} height={height} paintOf={paintOf} summary={summary} />
            ) : null}
            <PlotMarks {...shared} chart={chart} />
            <PlotCursor {...shared} chart={chart} active={active} labelOf={labelOf} />
          </PlotSurface>
        )}
      </div>
      {chart && chart.leftOutOfLog > 0 ? (
        <p className={styles.note}>
          {formatExactCount(chart.leftOutOfLog)} values at or below 0 have no place on a log scale.
        </p>
      ) : null}
      {props.large && answer?.series.some((line) => line.thinned) ? (
        <p className={styles.note}>Raw points were thinned out: the finest that is left are buckets of 8 points.</p>
      ) : null}
      {chart && chart.leftOut.length > 0 ? <p className={styles.note}>{leftOutWords(chart.leftOut)}</p> : null}
      {chart && props.error ? (
        <p className={styles.note} role="status">
          The last update failed; what is shown is older.{' '}
          <button type="button" className="link" onClick={props.retry}>
            Try again
          </button>
        </p>
      ) : null}
    </figure>
  )
}

function emptyWords(chart: PreparedChart | null, isZoomed: boolean, none?: string): string {
  if (chart && chart.leftOut.length > 0) return 'Nothing to draw over this axis.'
  if (isZoomed) return 'No points in this range.'
  return none ?? 'No points yet. The first one appears by itself.'
}

/** "Runs #3, #5 have no place on this axis: no tokens were logged." The reasons of the first two, each once. */
function leftOutWords(leftOut: PreparedChart['leftOut']): string {
  const runs = leftOut.slice(0, NAMED_MAX).map(({ run }) => `#${run}`)
  const more = leftOut.length > NAMED_MAX ? ` and ${leftOut.length - NAMED_MAX} more` : ''
  const whys = [...new Set(leftOut.map(({ why }) => why))].slice(0, 2)
  const have = leftOut.length === 1 ? `Run ${runs[0]} has` : `Runs ${runs.join(', ')}${more} have`
  return `${have} no place on this axis: ${whys.join('; ')}.`
}

const NAMED_MAX = 5

/** What is left out, and how old the newest of it is; where nothing is, the last value. */
function Corner(props: { chart: PreparedChart; lastWriteMs: number | null; isLarge: boolean; isQuiet: boolean }) {
  const words = cornerWords(props.chart, props.isLarge)
  if (words === '') return props.isQuiet ? null : <CornerReading chart={props.chart} />
  if (props.lastWriteMs === null) return words
  return (
    <>
      {words}, last write <Ago at={new Date(props.lastWriteMs).toISOString()} />
    </>
  )
}

/** "400 of 5,000 points" where something is left out, superseded ones named, NaN counted. */
function cornerWords(chart: PreparedChart, full: boolean): string {
  const kept = chart.lines.filter((line) => !line.isSuperseded)
  const buckets = kept.reduce((n, line) => n + line.data.x.length, 0)
  const parts: string[] = []
  const groups = chart.lines.flatMap((line) => line.group ?? [])
  const [first] = groups
  if (first) {
    const count = new Set(groups.map((group) => group.name)).size
    const sizes = groups.map((group) => group.runs.length)
    parts.push(`${count > 1 ? `${count} groups, ` : ''}${groupWords(first.shape, sizes)}`)
  } else if (chart.isReduced)
    parts.push(
      full
        ? `${formatExactCount(buckets)} buckets of ${formatExactCount(chart.n)} points`
        : `${formatExactCount(buckets)} of ${formatExactCount(chart.n)}`,
    )
  else if (full || chart.n !== chart.nTotal)
    parts.push(`${formatExactCount(chart.n)} of ${formatExactCount(chart.nTotal)}${full ? ' points' : ''}`)
  if (full && chart.nSuperseded > 0) parts.push(`${formatExactCount(chart.nSuperseded)} superseded`)
  if (chart.nonFiniteN > 0) parts.push(`${formatExactCount(chart.nonFiniteN)} not finite`)
  return parts.join(', ')
}

function Tool(props: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}

function ChartProblem(props: { title: string; error: unknown; retry: () => void; height: number }) {
  const failure = readFailure(props.error)
  return (
    <div className={styles.message} data-tone="problem" role="alert" style={{ minHeight: props.height }}>
      <span>
        {props.title} could not be loaded: {failure.sentence}
      </span>
      {failure.requestId ? (
        <span className={styles.note}>
          Request <code>{failure.requestId}</code>
        </span>
      ) : null}
      <span>
        <button type="button" className="link" onClick={props.retry}>
          Try again
        </button>
      </span>
    </div>
  )
}
