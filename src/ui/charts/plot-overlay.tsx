'use client'
import { Fragment } from 'react'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { readingValue, xReading } from './axis-words.ts'
import styles from './charts.module.css'
import { directLabels } from './direct-labels.ts'
import { useCursor } from './group-state.tsx'
import { bandWords } from './group-words.ts'
import type { LinePaint } from './line-canvas.tsx'
import { LineSwatch } from './line-swatch.tsx'
import { useLitRun } from './lit-run.tsx'
import { drawnMarks } from './non-finite-marks.ts'
import { type CheckpointAt, PinnedCheckpoint } from './pinned-checkpoint.tsx'
import { type PlotBox, placeOn, xToPx, yToPx } from './plot-box.ts'
import type { PreparedChart, PreparedLine } from './prepared-chart.ts'
import { heightOf, type LineReading, nearestTo, readingsAt } from './readings.ts'
import type { StageBand } from './stage-bands.ts'

/** A flag on the x axis, such as a checkpoint. */
export interface Flag {
  x: number
  label: string
}

interface Props {
  chart: PreparedChart
  box: PlotBox
  width: number
  height: number
  paintOf: (line: PreparedLine) => LinePaint
  flags: readonly Flag[]
}

/** Which stage trains where, behind the lines, with its name above where there is room. */
export function StageBands({
  chart,
  box,
  width,
  height,
  bands,
}: Omit<Props, 'paintOf' | 'flags'> & { bands: readonly StageBand[] }) {
  if (bands.length === 0) return null
  return (
    <svg className={styles.marks} width={width} height={height} aria-hidden>
      {bands.map(({ kind, from, to }) => {
        const left = Math.max(box.left, xToPx(box, chart.x, Math.max(from, chart.x.min)))
        const right = Math.min(box.left + box.width, xToPx(box, chart.x, Math.min(to, chart.x.max)))
        const look = STAGE_LOOKS[kind as StageKind]
        if (!(right > left) || !look) return null
        return (
          <g key={`${kind}-${from}`} style={{ color: look.colour }}>
            <rect className={styles.band} x={left} y={box.top} width={right - left} height={box.height} />
            {right - left >= look.short.length * LETTER_PX + 8 ? (
              <text className={styles.bandWord} x={(left + right) / 2} y={box.top + 11}>
                {look.short}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}

/** About as wide as a letter of 11 px. */
const LETTER_PX = 6.5

/** Names beside the ends of few lines. */
export function DirectLabels({
  chart,
  box,
  width,
  height,
  paintOf,
  labelOf,
}: Omit<Props, 'flags'> & { labelOf: (line: PreparedLine) => string }) {
  const lit = useLitRun()
  return (
    <svg className={styles.marks} width={width} height={height} aria-hidden>
      {directLabels(chart, box).map(({ line, y }) => (
        <text
          key={line.id}
          className={styles.directLabel}
          data-lit={isOf(line, lit) || undefined}
          x={box.left + box.width + 6}
          y={y + 4}
          style={{ color: paintOf(line).colour }}
        >
          {shortened(labelOf(line))}
        </text>
      ))}
    </svg>
  )
}

const LABEL_LETTERS = 13

const shortened = (label: string): string =>
  label.length > LABEL_LETTERS ? `${label.slice(0, LABEL_LETTERS - 1)}…` : label

const isOf = (line: PreparedLine, run: number | null): boolean =>
  run !== null &&
  !line.isSuperseded &&
  (line.group && !line.isMember ? line.group.runs.includes(run) : line.run === run)

/** The lines of the run that is lit somewhere on the page, whole and bold above the others. */
export function LitLines(props: Props) {
  const { chart, box, width, height, paintOf } = props
  const lit = useLitRun()
  const lines = lit === null || chart.lines.length < 2 ? [] : chart.lines.filter((line) => isOf(line, lit))
  if (lines.length === 0) return null
  return (
    <svg className={styles.marks} width={width} height={height} aria-hidden data-lit-run={lit}>
      <svg x={box.left} y={box.top} width={box.width} height={box.height} viewBox={viewBoxOf(box)} aria-hidden>
        {lines.map((line) => {
          const path = pathOf(line, props)
          return (
            <g key={line.id}>
              <path className={styles.nearestHalo} d={path} />
              <path className={styles.lit} d={path} stroke={paintOf(line).colour} />
            </g>
          )
        })}
      </svg>
    </svg>
  )
}

/** What lies above the canvas and does not move: superseded zones, resume marks, checkpoint flags, marks of NaN and infinities. */
export function PlotMarks({ chart, box, width, height, paintOf, flags }: Props) {
  const inView = (x: number) => x >= chart.x.min && x <= chart.x.max
  const foot = box.top + box.height
  return (
    <svg className={styles.marks} width={width} height={height} aria-hidden>
      {chart.zones.map((zone) => {
        const from = Math.max(box.left, xToPx(box, chart.x, zone.from))
        const to = Math.min(box.left + box.width, xToPx(box, chart.x, zone.to))
        return to > from ? (
          <rect
            key={`${zone.from}-${zone.to}`}
            className={styles.zone}
            x={from}
            y={box.top}
            width={to - from}
            height={box.height}
          />
        ) : null
      })}
      {chart.resumes
        .filter((mark) => inView(mark.x))
        .map((mark) => {
          const x = Math.round(xToPx(box, chart.x, mark.x)) + 0.5
          return (
            <Fragment key={`${mark.run}-${mark.attempt}`}>
              <path className={styles.resume} d={`M${x} ${box.top}V${foot}`} />
              {box.width > 360 ? (
                <text className={styles.markWord} x={x + 5} y={box.top + 9}>
                  attempt {mark.attempt}
                </text>
              ) : null}
            </Fragment>
          )
        })}
      {flags
        .filter((flag) => inView(flag.x))
        .map((flag) => {
          const x = xToPx(box, chart.x, flag.x)
          return (
            <path key={`${flag.x}-${flag.label}`} className={styles.flag} d={`M${x} ${foot}v-7l6 3.5l-6 3.5`}>
              <title>{flag.label}</title>
            </path>
          )
        })}
      {chart.lines.flatMap((line) =>
        drawnMarks(
          line.nonFinite.filter((mark) => inView(mark.x)),
          (x) => xToPx(box, chart.x, x),
        )
          .slice(0, 200)
          .map(({ mark, px: x, hasStem }) => {
            const low = mark.value === '-Infinity'
            const shape = low
              ? `M${x} ${foot - 1}l-4 -7h8z`
              : mark.value === 'NaN'
                ? `M${x} ${box.top + 8}l-4 -7h8z`
                : `M${x} ${box.top + 1}l-4 7h8z`
            return (
              <g key={`${line.id}-${mark.x}`} style={{ color: paintOf(line).colour }}>
                {hasStem ? <path className={styles.nonFiniteLine} d={`M${x} ${box.top}V${foot}`} /> : null}
                <path fill="currentColor" d={shape}>
                  <title>{`${mark.value} at ${xReading(chart, mark.x)}`}</title>
                </path>
              </g>
            )
          }),
      )}
    </svg>
  )
}

const runsOf = (readings: readonly LineReading[]): number => new Set(readings.map(({ line }) => line.run)).size

const SUPERSEDED: LinePaint = { colour: 'var(--text-3)', dash: [3, 3] }
const TOOLTIP_WIDTH = 216
/** Cuts what lies outside of the plot, in the coordinates of the whole picture. */
const viewBoxOf = (box: PlotBox): string => `${box.left} ${box.top} ${box.width} ${box.height}`

/** A line as a path over the canvas: what is nearest to the pointer in a thicket is seen whole. */
function pathOf({ drawn }: PreparedLine, { chart, box }: Props): string {
  const { y } = chart
  const [from, to] = [placeOn(chart.x, chart.x.min), placeOn(chart.x, chart.x.max)]
  let path = ''
  let isBroken = true
  for (let i = 0; i < drawn.length; i += 2) {
    const value = drawn[i + 1] as number
    if (Number.isNaN(value)) {
      isBroken = true
      continue
    }
    const at = box.top + (1 - (value - y.min) / (y.max - y.min)) * box.height
    const left = box.left + (((drawn[i] as number) - from) / (to - from)) * box.width
    path += `${isBroken ? 'M' : 'L'}${left.toFixed(1)} ${at.toFixed(1)}`
    isBroken = false
  }
  return path
}

/** The crosshair at the group's cursor, dots on the lines, and — in the chart under the pointer — the reading beside it. */
export function PlotCursor(
  props: Props & {
    id: string
    active: boolean
    labelOf: (line: PreparedLine) => string
    checkpoint: CheckpointAt | undefined
  },
) {
  const { chart, box, width, height, paintOf, labelOf } = props
  const cursor = useCursor()
  if (!cursor || cursor.x < chart.x.min || cursor.x > chart.x.max) return null
  const readings = readingsAt(chart, cursor.x)
  const named = nearestTo(readings, heightOf(cursor), chart, box)
  const first = named[0]
  const unnamed = readings.length - named.length
  const isTold = props.active || (cursor.pinned && cursor.owner === props.id)
  const at = first ? first.reading.x : cursor.x
  const x = xToPx(box, chart.x, at)
  const toLeft = x > box.left + box.width - TOOLTIP_WIDTH - 12
  const hasSmooth = readings.some((r) => r.reading.smoothed !== null)
  return (
    <>
      <svg className={styles.marks} width={width} height={height} aria-hidden>
        <path className={styles.crosshair} d={`M${Math.round(x) + 0.5} ${box.top}V${box.top + box.height}`} />
        {named.toReversed().map(({ line, reading }) => {
          const y = yToPx(box, chart.y, chart.isLog, reading.smoothed ?? reading.y)
          const isInPlot =
            y !== null &&
            y >= box.top &&
            y <= box.top + box.height &&
            reading.x >= chart.x.min &&
            reading.x <= chart.x.max
          return !isInPlot ? null : (
            <circle
              key={line.id}
              className={styles.cursorDot}
              cx={xToPx(box, chart.x, reading.x)}
              cy={y}
              r={4}
              fill={line.isSuperseded ? 'var(--text-3)' : paintOf(line).colour}
            />
          )
        })}
      </svg>
      {isTold && readings.length > 0 ? (
        <div
          className={styles.tooltip}
          style={toLeft ? { right: width - x + 12, top: box.top } : { left: x + 12, top: box.top }}
        >
          <p className={styles.tooltipHead}>
            <strong>{xReading(chart, at)}</strong>
            <span>{cursor.pinned ? 'pinned' : hasSmooth ? 'smoothed · raw' : ''}</span>
          </p>
          {named.map(({ line, reading }) => (
            <p
              key={line.id}
              className={styles.tooltipRow}
              data-nearest={(line === first?.line && named.length > 1) || undefined}
            >
              <LineSwatch paint={line.isSuperseded ? SUPERSEDED : paintOf(line)} />
              <span>{labelOf(line)}</span>
              {reading.smoothed === null ? null : <strong>{readingValue(reading.smoothed)}</strong>}
              <b data-quiet={reading.smoothed === null ? undefined : ''}>{readingValue(reading.y)}</b>
            </p>
          ))}
          {unnamed > 0 ? (
            <p className={styles.tooltipRow}>
              <span>and {unnamed} more</span>
            </p>
          ) : null}
          {unnamed === 0 && first && first.reading.low !== null && first.reading.high !== null ? (
            <p className={styles.tooltipRow}>
              <span>{first.line.group ? bandWords(first.line.group.shape) : 'range in this pixel'}</span>
              <b data-quiet="">
                {Number.isNaN(first.reading.low)
                  ? 'not defined'
                  : `${readingValue(first.reading.low)} to ${readingValue(first.reading.high)}`}
              </b>
            </p>
          ) : null}
          {first?.line.group ? (
            <p className={styles.tooltipRow}>
              <span>runs with a value</span>
              <b data-quiet="">
                {first.reading.nRuns} of {first.line.group.runs.length}
              </b>
            </p>
          ) : null}
          {cursor.pinned && first && props.checkpoint ? (
            <PinnedCheckpoint at={props.checkpoint} axis={chart.axis} reading={first} among={runsOf(readings)} />
          ) : null}
        </div>
      ) : null}
    </>
  )
}
