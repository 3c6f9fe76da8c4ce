'use client'
import { type PointerEvent, useMemo, useState } from 'react'
import { type AxisRange, categoryPlace, type ParallelAxis, valueAt } from '#src/core/panels/parallel-axes.ts'
import { litRun, useLitRun } from '#src/ui/charts/lit-run.tsx'
import { fieldMark, fieldName } from './field-format.ts'
import { RAMP } from './panel-colours.ts'
import type { PanelValues } from './panel-values.ts'
import styles from './panels.module.css'
import { clipped } from './plot-frame.tsx'
import type { Parallel, ParallelLine } from './prepare-parallel.ts'

const LETTER = 6.4
const HEAD = 30
const FOOT = 32
/** Half the width of an axis' hold for dragging a range. */
const HOLD = 12
/** A drag shorter than this is a click. */
const DRAG_LEAST = 0.02

export interface ParallelDrawingProps {
  parallel: Parallel
  values: PanelValues
  ranges: readonly AxisRange[]
  /** Absent fields are without a range. */
  onRanges: (ranges: AxisRange[]) => void
  /** The axis whose range is set below the drawing. */
  picked: string | null
  onPick: (field: string) => void
  width: number
  height: number
}

/** A line a run through all axes; a drag along an axis chooses a range, a press on its name sets one by numbers. */
export function ParallelDrawing(props: ParallelDrawingProps) {
  const { parallel, values, ranges, onRanges, width, height } = props
  const [drag, setDrag] = useState<AxisRange | null>(null)
  const lit = useLitRun()
  const { axes, lines } = parallel
  const pad = Math.min(64, width / 8)
  const inner = Math.max(1, width - 2 * pad)
  const x = (axis: number) => pad + (axes.length === 1 ? inner / 2 : (axis / (axes.length - 1)) * inner)
  const plotHeight = Math.max(40, height - HEAD - FOOT)
  const y = (place: number) => HEAD + (1 - place) * plotHeight
  const room = axes.length === 1 ? inner : inner / (axes.length - 1)
  const placeAt = (event: PointerEvent<SVGElement>): number => {
    const box = (event.currentTarget.ownerSVGElement ?? event.currentTarget).getBoundingClientRect()
    return Math.min(1, Math.max(0, 1 - (event.clientY - box.top - HEAD) / plotHeight))
  }
  const settle = () => {
    if (drag === null) return
    const rest = ranges.filter(({ field }) => field !== drag.field)
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    onRanges(to - from < DRAG_LEAST ? rest : [...rest, { field: drag.field, from, to }])
    setDrag(null)
  }
  const litLine = lines.find(({ run }) => values.runs[run]?.number === lit)
  const baseLine = lines.find(({ run }) => values.runs[run]?.number === values.baseline?.run.number)
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{`${values.runs.length} runs through ${axes.map(({ field }) => fieldName(field)).join(', ')}; the table holds the same numbers`}</title>
      <Lines lines={lines} isAll={parallel.chosen === lines.length} x={x} y={y} layout={`${width} ${height}`} />
      {baseLine ? (
        <path d={linePath(baseLine, x, y)} fill="none" stroke="var(--text)" strokeWidth={1.5} strokeDasharray="4 3" />
      ) : null}
      {litLine ? (
        <g data-screen-only pointerEvents="none">
          <path d={linePath(litLine, x, y)} fill="none" stroke="var(--bg)" strokeWidth={6} />
          <path d={linePath(litLine, x, y)} fill="none" stroke={litLine.colour} strokeWidth={2.5} />
        </g>
      ) : null}
      {axes.map((axis, i) => {
        const range = drag?.field === axis.field ? drag : ranges.find(({ field }) => field === axis.field)
        return (
          <g key={axis.field}>
            <path d={`M${x(i)} ${HEAD}v${plotHeight}`} stroke="var(--ctl)" />
            {parallel.ramp && i === axes.length - 1 ? <RampStrip x={x(i) + 3} y={y} /> : null}
            <AxisMarks axis={axis} x={x(i)} y={y} isLast={i === axes.length - 1 && i > 0} room={room} />
            <AxisName {...props} axis={axis} x={x(i)} room={room} isFirst={i === 0} isLast={i === axes.length - 1} />
            <text className={styles.mark} x={x(i)} y={height - 4} textAnchor={anchorOf(i, axes.length)}>
              {axis.missing > 0 ? `${axis.missing} missing` : ''}
            </text>
            {range?.only
              ? range.only.map((at) => (
                  <circle
                    key={at}
                    cx={x(i)}
                    cy={y(categoryPlace(axis, at))}
                    r={5}
                    fill="var(--accent)"
                    fillOpacity={0.5}
                  />
                ))
              : null}
            {range && !range.only ? (
              <rect
                x={x(i) - 5}
                y={y(Math.max(range.from, range.to))}
                width={10}
                height={Math.max(2, Math.abs(range.to - range.from) * plotHeight)}
                fill="var(--accent)"
                fillOpacity={0.22}
                stroke="var(--accent)"
              />
            ) : null}
            <rect
              data-screen-only
              x={x(i) - HOLD}
              y={HEAD}
              width={2 * HOLD}
              height={plotHeight}
              fill="transparent"
              style={{ cursor: 'ns-resize', touchAction: 'none' }}
              onPointerDown={(event) => {
                if (event.button !== 0) return
                event.currentTarget.setPointerCapture(event.pointerId)
                setDrag({ field: axis.field, from: placeAt(event), to: placeAt(event) })
              }}
              onPointerMove={(event) => {
                if (drag) setDrag({ ...drag, to: placeAt(event) })
                else litRun.set(nearestRun(lines, i, placeAt(event), values))
              }}
              onPointerUp={settle}
              onPointerCancel={() => setDrag(null)}
              onPointerLeave={() => litRun.set(null)}
            />
          </g>
        )
      })}
    </svg>
  )
}

const anchorOf = (i: number, count: number) => (i === 0 ? 'start' : i === count - 1 ? 'end' : 'middle')

function AxisName(
  props: ParallelDrawingProps & { axis: ParallelAxis; x: number; room: number; isFirst: boolean; isLast: boolean },
) {
  const { axis, x, room, picked, onPick, isFirst, isLast } = props
  const name = `${fieldName(axis.field)}${axis.isLog ? ', log' : ''}`
  const anchor = isFirst ? 'start' : isLast ? 'end' : 'middle'
  const from = isFirst ? Math.min(x, 40) : isLast ? -Math.min(x, 40) : 0
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button of SVG
    <g
      role="button"
      tabIndex={0}
      aria-pressed={picked === axis.field}
      aria-label={`Range of ${name}`}
      className={styles.axisButton}
      onClick={() => onPick(axis.field)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onPick(axis.field)
      }}
    >
      <rect
        data-screen-only
        x={x - from - (isFirst ? 0 : isLast ? room * 0.8 : room / 2)}
        y={0}
        width={isFirst || isLast ? room * 0.8 : room}
        height={24}
        fill="transparent"
      />
      <text
        className={styles.name}
        data-picked={picked === axis.field || undefined}
        x={x - from}
        y={15}
        textAnchor={anchor}
      >
        <title>{name}</title>
        {clipped(name, Math.max(3, Math.floor((room - 8) / LETTER)))}
      </text>
    </g>
  )
}

/** What the colours of the lines mean, along the axis of the target. */
function RampStrip({ x, y }: { x: number; y: (place: number) => number }) {
  return RAMP.map((colour, step) => (
    <rect
      key={colour}
      x={x}
      y={y((step + 1) / RAMP.length)}
      width={5}
      height={y(step / RAMP.length) - y((step + 1) / RAMP.length)}
      fill={colour}
    />
  ))
}

function AxisMarks(props: {
  axis: ParallelAxis
  x: number
  y: (place: number) => number
  isLast: boolean
  room: number
}) {
  const { axis, x, y, isLast, room } = props
  const most = Math.max(3, Math.floor((room - 24) / LETTER))
  const at = isLast ? -8 : 8
  return marksOf(axis).map(({ place, text }) => (
    <text
      key={place}
      className={styles.halo}
      x={x + at}
      y={y(place) + 4}
      textAnchor={isLast ? 'end' : 'start'}
      pointerEvents="none"
    >
      {clipped(text, most)}
    </text>
  ))
}

const NAMES_MAX = 12

function marksOf(axis: ParallelAxis): { place: number; text: string }[] {
  if (axis.kind === 'category') {
    const last = axis.names.length - 1
    const each = Math.ceil(axis.names.length / NAMES_MAX)
    return axis.names.flatMap((text, i) =>
      i % each === 0 || i === last ? [{ place: categoryPlace(axis, i), text }] : [],
    )
  }
  if (axis.ends === null) return []
  if (axis.ends[0] === axis.ends[1]) return [{ place: 0.5, text: fieldMark(axis.field, axis.ends[0]) }]
  return [0, 0.25, 0.5, 0.75, 1].map((place) => ({
    place,
    text: fieldMark(axis.field, Number((valueAt(axis, place) ?? 0).toPrecision(3))),
  }))
}

/** Kept from being drawn anew while the pointer moves; lines of one colour are one path. */
function Lines(props: {
  lines: readonly ParallelLine[]
  isAll: boolean
  x: (axis: number) => number
  y: (place: number) => number
  /** Changes when `x` and `y` do. */
  layout: string
}) {
  const { lines, isAll, x, y, layout } = props
  // biome-ignore lint/correctness/useExhaustiveDependencies: `layout` stands for the two functions
  const paths = useMemo(() => {
    const chosen = new Map<string, string>()
    let others = ''
    for (const line of lines) {
      const d = linePath(line, x, y)
      if (line.isChosen) chosen.set(line.colour, `${chosen.get(line.colour) ?? ''}${d}`)
      else others += d
    }
    return { chosen: [...chosen], others }
  }, [lines, layout])
  const opacity = lines.length > 200 ? 0.35 : isAll ? 0.7 : 0.9
  return (
    <g fill="none" pointerEvents="none">
      <path d={paths.others} stroke="var(--text-3)" strokeOpacity={0.16} />
      {paths.chosen.map(([colour, d]) => (
        <path key={colour} d={d} stroke={colour} strokeOpacity={opacity} strokeWidth={1.25} />
      ))}
    </g>
  )
}

/** Straight between neighbours that both have a value; a value between two gaps is a short stroke. */
function linePath({ places }: ParallelLine, x: (axis: number) => number, y: (place: number) => number): string {
  let d = ''
  places.forEach((place, i) => {
    if (place === null) return
    const isAlone = (places[i - 1] ?? null) === null && (places[i + 1] ?? null) === null
    const isFirst = (places[i - 1] ?? null) === null
    if (isAlone) d += `M${(x(i) - 4).toFixed(1)} ${y(place).toFixed(1)}h8`
    else d += `${isFirst ? 'M' : 'L'}${x(i).toFixed(1)} ${y(place).toFixed(1)}`
  })
  return d
}

/** The run that crosses an axis nearest to a place. */
function nearestRun(lines: readonly ParallelLine[], axis: number, at: number, values: PanelValues): number | null {
  let [best, least] = [null as number | null, 0.05]
  for (const { places, run, isChosen } of lines) {
    const place = places[axis] ?? null
    if (place === null || !isChosen || Math.abs(place - at) >= least) continue
    least = Math.abs(place - at)
    best = values.runs[run]?.number ?? null
  }
  return best
}
