'use client'
import type { KeyboardEvent } from 'react'
import { yMark } from '#src/ui/charts/axis-words.ts'
import { barBoxes, placeNames, wordWidth } from '#src/ui/charts/place-names.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './cost.module.css'
import { type AxisScale, axisOf, frontSteps, logAxisOf, type Panel, type Reach } from './prepare-pareto.ts'

const TOP = 24
const FOOT = 42
const LEFT = 36
const GAP = 22
/** A mark is hit by fingers: 24 px across. */
const TARGET_RADIUS = 12

export interface PanelView {
  panel: Panel
  /** What lies on x: "path cost". */
  xName: string
  /** With its arrow: "cost of the path, $ →". */
  xWord: string
  lessX: boolean
  lessY: boolean
  xText: (value: number) => string
  /** A value of y with its interval, where it has one. */
  yText: (reach: Reach) => string
  /** A level to be marked on y, such as chance. */
  yLine: { value: number; word: string } | null
  /** How x lies; linear where nobody says. */
  xScale?: AxisScale
  /** A value to be marked on x, such as a budget: all costs on it are equal. */
  xLine?: { value: number; word: string } | null
  /** The stage from which the chosen one started, as a crosshair. */
  cross?: { x: number; y: number; word: string } | null
}

export interface ParetoProps {
  panels: readonly PanelView[]
  /** With its arrow: "↑ Task accuracy". One for both panels, unless they have their own. */
  yWords: readonly string[]
  /** The panels share one y axis, so that a checkpoint lies at one height in all. */
  isShared: boolean
  width: number
  height: number
  lit: string | null
  onLight: (key: string | null) => void
  onPick: (experiment: number) => void
}

/** Panels side by side of what stages cost or lost against what they gained: points joined by lineage, the front in dashes. */
export function ParetoDrawing(props: ParetoProps) {
  const { panels, width, height } = props
  const each =
    (width - LEFT - GAP * (panels.length - 1) - (props.isShared ? 0 : LEFT * (panels.length - 1))) / panels.length
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>What it bought: points of stages; the table holds the same numbers</title>
      {panels.map((view, i) => (
        <PanelMark
          key={view.xWord}
          {...props}
          view={view}
          left={LEFT + i * (each + GAP + (props.isShared ? 0 : LEFT))}
          each={each}
          yWord={props.yWords[i] ?? ''}
          hasMarks={i === 0 || !props.isShared}
          all={props.isShared ? panels : [view]}
          hasStop={i === 0}
        />
      ))}
    </svg>
  )
}

interface PanelMarkProps extends ParetoProps {
  view: PanelView
  left: number
  each: number
  yWord: string
  hasMarks: boolean
  all: readonly PanelView[]
  hasStop: boolean
}

function PanelMark(props: PanelMarkProps) {
  const { view, left, each, height, all } = props
  const { panel } = view
  const bottom = height - FOOT
  const lines = all.flatMap((v) => (v.yLine ? [v.yLine.value] : []))
  const ys = axisOf(
    all.flatMap((v) => v.panel.points.map((p) => p.y)),
    lines,
    4,
  )
  const isLog = view.xScale === 'log'
  const also = view.xLine ? [view.xLine.value] : []
  const marks = each < 170 ? 2 : 3
  const xs = isLog
    ? logAxisOf([...panel.points.map((p) => p.x.value), ...also], marks)
    : axisOf(
        panel.points.map((p) => p.x),
        also,
        marks,
      )
  const inAxis = (value: number) => (isLog ? Math.log10(value) : value)
  const x = (value: number) => left + ((inAxis(value) - xs.min) / (xs.max - xs.min || 1)) * each
  const y = (value: number) => TOP + ((ys.max - value) / (ys.max - ys.min || 1)) * (bottom - TOP)
  const places = panel.points.map((point) => ({
    name: point.stage.experiment.name,
    x: x(point.x.value),
    y: y(point.y.value),
    rank: point.isOnPath && point.isLeaf ? 0 : point.isLeaf ? 1 : point.stage.parent === null ? 2 : 3,
    isStrong: point.isOnPath && point.isLeaf,
  }))
  const yWord = props.hasMarks ? props.yWord : ''
  const budget = view.xLine ? budgetPlace(x(view.xLine.value), view.xLine.word, left) : null
  const room = { left: left - 2, right: Math.min(left + each + 8, props.width), top: 0, bottom: bottom + 4 }
  const words = [
    { left, right: left + wordWidth(yWord, false), top: 2, bottom: 16 },
    ...(budget ? [{ left: budget.left, right: budget.right, top: bottom - 16, bottom: bottom - 3 }] : []),
  ]
  const bars = panel.points.flatMap((point, i) => {
    const at = places[i]
    if (!at || !point.isLeaf) return []
    return barBoxes(at, endsOf(point.x, x), endsOf(point.y, y))
  })
  const labels = placeNames(places, room, words, bars)
  const steps = frontSteps(panel, view.lessX)
  const keys = (event: KeyboardEvent<SVGGElement>, i: number) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      props.onPick(panel.points[i]?.stage.experiment.number ?? 0)
    }
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const marks = [...(event.currentTarget.ownerSVGElement?.querySelectorAll<SVGGElement>('[data-point]') ?? [])]
    marks[marks.indexOf(event.currentTarget) + by]?.focus()
  }
  return (
    <g>
      {ys.at.map((value) => (
        <g key={value}>
          <path d={`M${left} ${y(value)}H${left + each}`} stroke="var(--grid)" />
          {props.hasMarks ? (
            <text className={styles.quiet} x={left - 8} y={y(value) + 4} textAnchor="end">
              {yMark(value)}
            </text>
          ) : null}
        </g>
      ))}
      <path d={`M${left} ${bottom}H${left + each}`} stroke="var(--line-2)" />
      {xs.at
        .map((value) => (isLog ? Number((10 ** value).toPrecision(12)) : value))
        .map((value) => (
          <text key={value} className={styles.quiet} x={x(value)} y={bottom + 17} textAnchor="middle">
            {view.xText(value)}
          </text>
        ))}
      <Crosshair view={view} x={x} y={y} box={{ left, right: left + each, top: TOP, bottom }} />
      <text className={styles.quiet} x={left + each / 2} y={bottom + 35} textAnchor="middle">
        {view.xWord}
      </text>
      <text className={styles.second} x={left} y={12}>
        {yWord}
      </text>
      {view.yLine ? (
        <path d={`M${left} ${y(view.yLine.value)}H${left + each}`} stroke="var(--ctl)" strokeDasharray="1.5 3">
          <title>{`${view.yLine.word} ${view.yText({ value: view.yLine.value, low: null, high: null })}`}</title>
        </path>
      ) : null}
      {steps.length > 1 ? (
        <polyline
          points={steps.map(([sx, sy]) => `${x(sx)},${y(sy)}`).join(' ')}
          fill="none"
          stroke="var(--ctl)"
          strokeDasharray="4 3"
        />
      ) : null}
      {[...panel.edges]
        .sort((a, b) => Number(a.isOnPath) - Number(b.isOnPath))
        .map(({ from, to, isOnPath }) => {
          const [a, b] = [places[from], places[to]]
          return a && b ? (
            <path
              key={`${from} ${to}`}
              d={`M${a.x} ${a.y}L${b.x} ${b.y}`}
              stroke={isOnPath ? 'var(--text)' : 'var(--line-2)'}
              strokeWidth={isOnPath ? 1.5 : 1}
            />
          ) : null
        })}
      {panel.points.map((point, i) => {
        const at = places[i]
        if (!at) return null
        const { experiment } = point.stage
        const colour = STAGE_LOOKS[experiment.stage_kind].colour
        const key = `stage ${experiment.number}`
        return (
          // biome-ignore lint/a11y/useSemanticElements: HTML buttons cannot stand inside a drawing
          <g
            key={experiment.number}
            className={styles.point}
            data-point={experiment.name}
            data-lit={props.lit === key || undefined}
            role="button"
            aria-label={pointLabel(point.stage.experiment.name, point.x, point.y, view, point.isCertain)}
            tabIndex={props.hasStop && i === 0 ? 0 : -1}
            onClick={() => props.onPick(experiment.number)}
            onKeyDown={(event) => keys(event, i)}
            onPointerEnter={() => props.onLight(key)}
            onPointerLeave={() => props.onLight(null)}
            onFocus={() => props.onLight(key)}
            onBlur={() => props.onLight(null)}
          >
            {point.isLeaf ? <Whiskers point={point} x={x} y={y} at={at} colour={colour} /> : null}
            <circle cx={at.x} cy={at.y} r={TARGET_RADIUS} fill="transparent" />
            <circle
              cx={at.x}
              cy={at.y}
              r={4.5}
              fill={point.isCertain ? colour : 'var(--bg)'}
              stroke={colour}
              strokeWidth={1.5}
            />
            <title>{pointLabel(experiment.name, point.x, point.y, view, point.isCertain)}</title>
          </g>
        )
      })}
      {labels.map((label) => (
        <text
          key={label.point}
          className={styles.halo}
          data-strong={places[label.point]?.isStrong || undefined}
          x={label.x}
          y={label.y}
          textAnchor={label.anchor}
          pointerEvents="none"
        >
          {places[label.point]?.name}
        </text>
      ))}
    </g>
  )
}

/** Where the word of a budget stands: before its line, or behind it where there is no room before. */
function budgetPlace(at: number, word: string, edge: number): { left: number; right: number } {
  const width = wordWidth(word, false)
  const left = at - 4 - width < edge ? at + 4 : at - 4 - width
  return { left, right: left + width }
}

const endsOf = ({ low, high }: Reach, place: (value: number) => number): [number, number] | null =>
  low === null || high === null ? null : [place(low), place(high)]

/** Lines through the stage that the chosen one started from, and along a budget. */
function Crosshair(props: {
  view: PanelView
  x: (v: number) => number
  y: (v: number) => number
  box: { left: number; right: number; top: number; bottom: number }
}) {
  const { view, x, y, box } = props
  const { cross, xLine } = view
  return (
    <g>
      {cross ? (
        <g data-crosshair={cross.word} stroke="var(--ctl)" strokeWidth={1} opacity={0.7}>
          <path d={`M${x(cross.x)} ${box.top}V${box.bottom}`} />
          <path d={`M${box.left} ${y(cross.y)}H${box.right}`} />
          <title>{cross.word}</title>
        </g>
      ) : null}
      {xLine ? (
        <g data-budget>
          <path d={`M${x(xLine.value)} ${box.top}V${box.bottom}`} stroke="var(--text)" strokeDasharray="6 3" />
          <text className={styles.halo} x={budgetPlace(x(xLine.value), xLine.word, box.left).left} y={box.bottom - 6}>
            {xLine.word}
          </text>
          <title>{xLine.word}</title>
        </g>
      ) : null}
    </g>
  )
}

function Whiskers(props: {
  point: { x: Reach; y: Reach }
  x: (v: number) => number
  y: (v: number) => number
  at: { x: number; y: number }
  colour: string
}) {
  const { point, x, y, at, colour } = props
  return (
    <g stroke={colour} opacity={0.6}>
      {point.y.low !== null && point.y.high !== null ? (
        <path d={`M${at.x} ${y(point.y.low)}V${y(point.y.high)}`} />
      ) : null}
      {point.x.low !== null && point.x.high !== null ? (
        <path d={`M${x(point.x.low)} ${at.y}H${x(point.x.high)}`} />
      ) : null}
    </g>
  )
}

function pointLabel(name: string, x: Reach, y: Reach, view: PanelView, isCertain: boolean): string {
  const gain = isCertain ? 'gain is certain' : 'gain is not certain'
  return `${name}: ${view.xText(x.value)}, ${view.yText(y)}; ${gain}`
}
