'use client'
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useMemo } from 'react'
import { litRun, useLitRun } from '#src/ui/charts/lit-run.tsx'
import { dotPath } from './dot-path.ts'
import { fieldName } from './field-format.ts'
import type { PanelValues } from './panel-values.ts'
import styles from './panels.module.css'
import { FootAxis, type PlotArea, SideAxis, sideRoom } from './plot-frame.tsx'
import { nearestDot, type Scatter, type ScatterDot } from './prepare-scatter.ts'

const RADIUS = 3.5
const RADIUS_OF_MANY = 2.25
const MANY = 1_500
const REACH = 24

export interface ScatterDrawingProps {
  scatter: Scatter
  values: PanelValues
  width: number
  height: number
  /** The place of the run that is read, among the runs. */
  read: number | null
  onRead: (run: number | null) => void
  onOpen: (run: number) => void
}

/** Dots over two axes. Arrows go from dot to dot by x, with Shift by y; Enter opens the run. */
export function ScatterDrawing({ scatter, values, width, height, read, onRead, onOpen }: ScatterDrawingProps) {
  const left = sideRoom(scatter.y, width * 0.3)
  const plot = { left, top: 20, width: Math.max(40, width - left - 12), height: Math.max(40, height - 20 - 36) }
  const lit = useLitRun()
  const at = (event: MouseEvent<SVGSVGElement> | PointerEvent<SVGSVGElement>): ScatterDot | null => {
    const box = event.currentTarget.getBoundingClientRect()
    const place = { x: event.clientX - box.left - plot.left, y: event.clientY - box.top - plot.top }
    return nearestDot(scatter.dots, place, plot, REACH)
  }
  const show = (dot: ScatterDot | null) => {
    onRead(dot?.run ?? null)
    litRun.set(dot === null ? null : (values.runs[dot.run]?.number ?? null))
  }
  const keys = (event: KeyboardEvent<SVGSVGElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const found = keyTarget(event.key, event.shiftKey, scatter.dots, read)
    if (found === 'open' && read !== null) onOpen(read)
    else if (found === 'leave') show(null)
    else if (typeof found === 'object') show(found)
    else return
    event.preventDefault()
  }
  const litDot = scatter.dots.find(({ run }) => run === read || values.runs[run]?.number === lit)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <svg
      className={styles.svg}
      data-drawing
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-roledescription="chart"
      aria-label={`${fieldName(scatter.y.field)} over ${fieldName(scatter.x.field)}, ${scatter.dots.length} runs. Arrow keys read runs from left to right, with Shift upwards, Enter opens.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is read by keys
      tabIndex={0}
      onKeyDown={keys}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse') show(at(event))
      }}
      onPointerLeave={(event) => {
        if (event.pointerType === 'mouse') show(null)
      }}
      onClick={(event) => {
        const dot = at(event)
        // The first touch reads, the second opens; a mouse has read already.
        if (dot !== null && dot.run === read) onOpen(dot.run)
        else show(dot)
      }}
    >
      <SideAxis axis={scatter.y} plot={plot} name={fieldName(scatter.y.field)} />
      <FootAxis axis={scatter.x} plot={plot} name={fieldName(scatter.x.field)} />
      <Dots scatter={scatter} plot={plot} />
      {litDot ? <LitDot dot={litDot} plot={plot} /> : null}
      <BaselineDot scatter={scatter} values={values} plot={plot} />
    </svg>
  )
}

/** Kept from being drawn anew while the pointer moves. */
function Dots({ scatter, plot }: { scatter: Scatter; plot: PlotArea }) {
  const { left, top, width, height } = plot
  const r = scatter.dots.length > MANY ? RADIUS_OF_MANY : RADIUS
  const paths = useMemo(
    () =>
      scatter.groups.map(({ colour, shape, dots }) => ({
        colour,
        key: `${colour} ${shape}`,
        d: dots.map(({ x, y }) => dotPath(shape, left + x * width, top + (1 - y) * height, r)).join(''),
      })),
    [scatter.groups, left, top, width, height, r],
  )
  return paths.map(({ key, colour, d }) => (
    <path key={key} d={d} fill={colour} fillOpacity={0.85} stroke="var(--bg)" strokeWidth={0.75} />
  ))
}

function LitDot({ dot, plot }: { dot: ScatterDot; plot: PlotArea }) {
  const [x, y] = [plot.left + dot.x * plot.width, plot.top + (1 - dot.y) * plot.height]
  return (
    <g data-screen-only>
      <path
        d={`M${plot.left} ${y}H${x}M${x} ${y}V${plot.top + plot.height}`}
        stroke="var(--text-3)"
        strokeDasharray="2 3"
      />
      <circle cx={x} cy={y} r={6.5} fill="none" stroke="var(--text)" strokeWidth={2} />
    </g>
  )
}

function BaselineDot({ scatter, values, plot }: { scatter: Scatter; values: PanelValues; plot: PlotArea }) {
  const dot = scatter.dots.find(({ run }) => values.runs[run]?.number === values.baseline?.run.number)
  if (!dot) return null
  const [x, y] = [plot.left + dot.x * plot.width, plot.top + (1 - dot.y) * plot.height]
  return (
    <g>
      <circle cx={x} cy={y} r={6} fill="none" stroke="var(--text-2)" strokeWidth={1.5} strokeDasharray="2 2" />
      <text
        className={styles.halo}
        x={x + (dot.x > 0.8 ? -10 : 10)}
        y={y - 8}
        textAnchor={dot.x > 0.8 ? 'end' : 'start'}
      >
        baseline
      </text>
    </g>
  )
}

type Target = ScatterDot | 'open' | 'leave' | null

/** The dot that a key leads to. */
export function keyTarget(key: string, shift: boolean, dots: readonly ScatterDot[], read: number | null): Target {
  if (key === 'Enter') return 'open'
  if (key === 'Escape') return read === null ? null : 'leave'
  const isUp = shift || key === 'ArrowUp' || key === 'ArrowDown'
  const sorted = [...dots].sort((a, b) => (isUp ? a.y - b.y || a.x - b.x : a.x - b.x || a.y - b.y) || a.run - b.run)
  if (key === 'Home') return sorted[0] ?? null
  if (key === 'End') return sorted.at(-1) ?? null
  const step = key === 'ArrowRight' || key === 'ArrowUp' ? 1 : key === 'ArrowLeft' || key === 'ArrowDown' ? -1 : 0
  if (step === 0) return null
  const from = sorted.findIndex(({ run }) => run === read)
  if (from === -1) return (step > 0 ? sorted[0] : sorted.at(-1)) ?? null
  return sorted[Math.min(sorted.length - 1, Math.max(0, from + step))] ?? null
}
