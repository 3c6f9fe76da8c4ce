'use client'
import { Fragment } from 'react'
import { readingValue, xReading } from './axis-words.ts'
import styles from './charts.module.css'
import { useCursor } from './group-state.tsx'
import { bandWords } from './group-words.ts'
import type { LinePaint } from './line-canvas.tsx'
import { type PlotBox, xToPx, yToPx } from './plot-box.ts'
import type { PreparedChart, PreparedLine } from './prepare-lines.ts'
import { type Reading, readAt } from './read-at.ts'

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
        line.nonFinite
          .filter((mark) => inView(mark.x))
          .slice(0, 200)
          .map((mark) => {
            const x = xToPx(box, chart.x, mark.x)
            const low = mark.value === '-Infinity'
            const shape = low
              ? `M${x} ${foot - 1}l-4 -7h8z`
              : mark.value === 'NaN'
                ? `M${x} ${box.top + 8}l-4 -7h8z`
                : `M${x} ${box.top + 1}l-4 7h8z`
            return (
              <g key={`${line.id}-${mark.x}`} style={{ color: paintOf(line).colour }}>
                <path className={styles.nonFiniteLine} d={`M${x} ${box.top}V${foot}`} />
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

export interface LineReading {
  line: PreparedLine
  reading: Reading
}

/** Readings at a place of the x axis, nearest to the middle of the plot first is left to the caller; superseded lines last. */
export function readingsAt(chart: PreparedChart, x: number): LineReading[] {
  const reach = (chart.x.max - chart.x.min) / 20
  return chart.lines
    .flatMap((line) => {
      // A superseded line is read only where it is drawn: beside it the line that counts speaks alone.
      const reading = readAt(line.data, x, line.isSuperseded ? stepOf(line) / 2 : reach)
      return reading ? [{ line, reading }] : []
    })
    .sort((a, b) => Number(a.line.isSuperseded) - Number(b.line.isSuperseded))
}

/** The usual distance of two points. */
function stepOf({ data: { x } }: PreparedLine): number {
  return x.length > 1 ? ((x.at(-1) ?? 0) - (x[0] ?? 0)) / (x.length - 1) : 0
}

const TOOLTIP_WIDTH = 216

/** The crosshair at the group's cursor, dots on the lines, and — in the chart under the pointer — the reading beside it. */
export function PlotCursor(props: Props & { active: boolean; labelOf: (line: PreparedLine) => string }) {
  const { chart, box, width, height, paintOf, labelOf } = props
  const cursor = useCursor()
  if (!cursor || cursor.x < chart.x.min || cursor.x > chart.x.max) return null
  const readings = readingsAt(chart, cursor.x)
  const first = readings[0]
  const at = first ? first.reading.x : cursor.x
  const x = xToPx(box, chart.x, at)
  const toLeft = x > box.left + box.width - TOOLTIP_WIDTH - 12
  const hasSmooth = readings.some((r) => r.reading.smoothed !== null)
  return (
    <>
      <svg className={styles.marks} width={width} height={height} aria-hidden>
        <path className={styles.crosshair} d={`M${Math.round(x) + 0.5} ${box.top}V${box.top + box.height}`} />
        {readings.slice(0, 20).map(({ line, reading }) => {
          const y = yToPx(box, chart.y, chart.isLog, reading.smoothed ?? reading.y)
          return y === null ? null : (
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
      {props.active && readings.length > 0 ? (
        <div
          className={styles.tooltip}
          style={toLeft ? { right: width - x + 12, top: box.top } : { left: x + 12, top: box.top }}
        >
          <p className={styles.tooltipHead}>
            <strong>{xReading(chart, at)}</strong>
            <span>{cursor.pinned ? 'pinned' : hasSmooth ? 'smoothed · raw' : ''}</span>
          </p>
          {readings.slice(0, 8).map(({ line, reading }) => (
            <p key={line.id} className={styles.tooltipRow}>
              <i style={{ background: line.isSuperseded ? 'var(--text-3)' : paintOf(line).colour }} />
              <span>{labelOf(line)}</span>
              {reading.smoothed === null ? null : <strong>{readingValue(reading.smoothed)}</strong>}
              <b data-quiet={reading.smoothed === null ? undefined : ''}>{readingValue(reading.y)}</b>
            </p>
          ))}
          {first && first.reading.low !== null && first.reading.high !== null ? (
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
        </div>
      ) : null}
    </>
  )
}
