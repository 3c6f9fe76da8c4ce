'use client'
import type { KeyboardEvent } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { litRun, useLitRun } from '#src/ui/charts/lit-run.tsx'
import { fieldName, fieldValue } from './field-format.ts'
import styles from './panels.module.css'
import { clipped, FootAxis } from './plot-frame.tsx'
import type { Bar, Bars } from './prepare-bars.ts'

const ROW = 17
const LETTER = 7
/** More bars are in the table and the CSV. */
export const BARS_MAX = 200

export interface BarDrawingProps {
  bars: Bars
  width: number
  /** The least height: few bars stand at the head of it. */
  height: number
  read: string | null
  onRead: (key: string | null) => void
  onOpen: (bar: Bar) => void
}

/** Bars from zero, or boxes, one below the other with their names. Up and down go from bar to bar, Enter opens the run. */
export function BarDrawing({ bars, width, height, read, onRead, onOpen }: BarDrawingProps) {
  const lit = useLitRun()
  const shown = bars.bars.slice(0, BARS_MAX)
  const longest = Math.max(0, ...shown.map(({ name }) => name.length))
  const left = Math.min(width * 0.34, Math.max(48, longest * LETTER + 16))
  const [valueRoom, changeRoom] = roomForValues(shown, bars)
  const right = valueRoom + changeRoom
  const foot = 36
  const full = Math.max(height, shown.length * ROW + 22 + foot)
  const plot = { left, top: 22, width: Math.max(40, width - left - right), height: full - 22 - foot }
  const x = (at: number) => left + at * plot.width
  const step = Math.min(34, plot.height / Math.max(1, shown.length))
  const go = (at: number) => {
    const bar = shown[Math.min(shown.length - 1, Math.max(0, at))]
    onRead(bar?.key ?? null)
    litRun.set(bar?.run ?? null)
  }
  const keys = (event: KeyboardEvent<SVGSVGElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const from = shown.findIndex(({ key }) => key === read)
    if (event.key === 'ArrowDown') go(from + 1)
    else if (event.key === 'ArrowUp') go(from === -1 ? shown.length - 1 : from - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(shown.length - 1)
    else if (event.key === 'Enter' && shown[from]) onOpen(shown[from])
    else if (event.key === 'Escape' && from !== -1) {
      onRead(null)
      litRun.set(null)
    } else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <svg
      className={styles.svg}
      data-drawing
      width={width}
      height={full}
      viewBox={`0 0 ${width} ${full}`}
      role="group"
      aria-roledescription="chart"
      aria-label={`${fieldName(bars.field)} of ${shown.length} ${bars.by === null ? 'runs' : 'groups'}. Up and down read bars, Enter opens a run.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is read by keys
      tabIndex={0}
      onKeyDown={keys}
    >
      {bars.axis.marks.map(({ at }) => (
        <path key={`${at}`} d={`M${x(at)} ${plot.top}v${plot.height}`} stroke="var(--grid)" />
      ))}
      <FootAxis axis={bars.axis} plot={plot} name={bars.axisName} />
      {shown.map((bar, i) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys reach bars through the drawing itself
        <g
          key={bar.key}
          data-bar={bar.key}
          onPointerEnter={() => {
            onRead(bar.key)
            litRun.set(bar.run)
          }}
          onPointerLeave={() => {
            onRead(null)
            litRun.set(null)
          }}
          onClick={() => onOpen(bar)}
          style={bar.run === null ? undefined : { cursor: 'pointer' }}
        >
          <rect
            x={0}
            y={plot.top + i * step}
            width={width}
            height={step}
            fill={bar.key === read || (bar.run !== null && bar.run === lit) ? 'var(--bg-2)' : 'transparent'}
            data-screen-only
          />
          <OneBar bar={bar} bars={bars} x={x} y={plot.top + (i + 0.5) * step} thick={Math.min(14, step * 0.64)} />
          <text className={styles.name} x={left - 8} y={plot.top + (i + 0.5) * step + 4} textAnchor="end">
            <title>{bar.name}</title>
            {clipped(bar.name, Math.floor((left - 10) / LETTER))}
          </text>
          <text
            className={styles.value}
            x={width - changeRoom - 2}
            y={plot.top + (i + 0.5) * step + 4}
            textAnchor="end"
          >
            {valueText(bar, bars)}
          </text>
          {bar.change ? (
            <text className={styles.value} x={width - 2} y={plot.top + (i + 0.5) * step + 4} textAnchor="end">
              {changeText(bar)}
            </text>
          ) : null}
        </g>
      ))}
      {bars.zero === null ? null : <path d={`M${x(bars.zero) + 0.5} ${plot.top}v${plot.height}`} stroke="var(--ctl)" />}
      {bars.baseline ? (
        <g pointerEvents="none">
          <path
            d={`M${x(bars.baseline.at)} ${plot.top - 4}v${plot.height + 4}`}
            stroke="var(--text-2)"
            strokeDasharray="3 3"
          />
          <text
            className={styles.halo}
            x={x(bars.baseline.at)}
            y={12}
            textAnchor={bars.baseline.at > 0.7 ? 'end' : bars.baseline.at < 0.2 ? 'start' : 'middle'}
          >
            baseline {clipped(bars.baseline.name, 24)} {fieldValue(bars.field, bars.baseline.value)}
          </text>
        </g>
      ) : null}
    </svg>
  )
}

const valueText = (bar: Bar, bars: Bars): string =>
  bar.spread === null ? formatExactCount(bar.value) : fieldValue(bars.field, bar.value)

/** "▲ +0.120". */
const changeText = ({ change }: Bar): string => (change === null ? '' : `${change.arrow} ${change.text}`.trim())

/** Of the values, and of their changes against the baseline, in px. */
function roomForValues(bars: readonly Bar[], of: Bars): [number, number] {
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length)) * LETTER
  const change = longest(bars.map(changeText))
  return [Math.max(30, longest(bars.map((bar) => valueText(bar, of)))) + 12, change === 0 ? 0 : change + 12]
}

function OneBar(props: { bar: Bar; bars: Bars; x: (at: number) => number; y: number; thick: number }) {
  const { bar, bars, x, y, thick } = props
  const ink = bar.isBaseline ? 'var(--text-2)' : bar.colour
  if (bar.box) {
    const { q1, q3, outliers } = bar.box
    return (
      <g>
        {bar.whisker ? <Whisker ends={bar.whisker} x={x} y={y} cap={thick * 0.5} /> : null}
        <rect
          x={x(q1)}
          y={y - thick / 2}
          width={Math.max(1, x(q3) - x(q1))}
          height={thick}
          fill={ink}
          fillOpacity={0.35}
          stroke={ink}
        />
        <path d={`M${x(bar.at)} ${y - thick / 2}v${thick}`} stroke="var(--text)" strokeWidth={2} />
        {outliers.slice(0, 50).map((at, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: outliers have no other identity than their place
          <circle key={i} cx={x(at)} cy={y} r={2} fill="none" stroke={ink} />
        ))}
      </g>
    )
  }
  const zero = x(bars.zero ?? 0)
  const end = x(bar.at)
  return (
    <g>
      <rect
        x={Math.min(zero, end)}
        y={y - thick / 2}
        width={Math.max(1, Math.abs(end - zero))}
        height={thick}
        fill={ink}
        fillOpacity={0.8}
      />
      {bar.whisker ? <Whisker ends={bar.whisker} x={x} y={y} cap={thick * 0.5} /> : null}
    </g>
  )
}

function Whisker({
  ends,
  x,
  y,
  cap,
}: {
  ends: readonly [number, number]
  x: (at: number) => number
  y: number
  cap: number
}) {
  const [low, high] = [x(ends[0]), x(ends[1])]
  const half = cap / 2
  return (
    <path
      d={`M${low} ${y}H${high}M${low} ${y - half}v${cap}M${high} ${y - half}v${cap}`}
      stroke="var(--text)"
      strokeWidth={1.25}
      fill="none"
    />
  )
}
