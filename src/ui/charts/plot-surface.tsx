'use client'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react'
import styles from './charts.module.css'
import { useChartGroup } from './group-state.tsx'
import { litRun } from './lit-run.tsx'
import { type PlotBox, placeOn, pxToX, pxToY, xToPx } from './plot-box.ts'
import { SpokenReading } from './plot-reading.tsx'
import type { PreparedChart } from './prepared-chart.ts'
import { nearestIndex } from './read-at.ts'
import { nearestTo, readingsAt } from './readings.ts'

/** A drag narrower than this is a click. */
const DRAG_PX = 5
/** A drag lower than this zooms x alone, one narrower y alone. */
const BOX_PX = 18
const ZOOM_STEP = 0.6

interface Point {
  x: number
  y: number
}

interface Drag {
  from: Point
  to: Point
}

/**
 * Takes pointer, touch and keys for a chart. Moving reads and lights up the nearest run; a click or tap pins; a drag zooms x, y or both
 * as it goes; two fingers zoom x; a double click or 0 resets. Arrows move the cursor from point to point (Shift: ten), Home and End go
 * to the ends, + and − zoom x, Shift with up and down zooms y, Escape lets go.
 */
export function PlotSurface(props: {
  id: string
  chart: PreparedChart
  box: PlotBox
  width: number
  height: number
  summary: string
  onActive: (active: boolean) => void
  children: ReactNode
}) {
  const { id, chart, box } = props
  const { cursor, zoom, setZoom, yZooms, setYZoom } = useChartGroup()
  const [drag, setDrag] = useState<Drag | null>(null)
  const [spoken, setSpoken] = useState(false)
  const help = useId()
  const fingers = useRef(new Map<number, Point>())
  const pinch = useRef<{ from: number; to: number; xs: readonly [number, number] } | null>(null)
  const hasManyRuns = chart.lines.some((line) => line.run !== chart.lines[0]?.run)

  const pointAt = (event: PointerEvent<HTMLDivElement>): Point => {
    const place = event.currentTarget.getBoundingClientRect()
    return {
      x: Math.min(box.left + box.width, Math.max(box.left, event.clientX - place.left)),
      y: Math.min(box.top + box.height, Math.max(box.top, event.clientY - place.top)),
    }
  }
  const xAt = (px: number) => pxToX(box, chart.x, px)
  const reset = () => {
    if (zoom) setZoom(null)
    if (yZooms[id]) setYZoom(id, null)
  }
  const zoomTo = ({ from, to }: Drag) => {
    const { x, y } = axesOf({ from, to })
    // The place under the hand is another one from now on.
    cursor.set(null)
    if (x) setZoom(ascending(xAt(from.x), xAt(to.x)))
    if (y) {
      const [low, high] = [pxToY(box, chart.y, chart.isLog, from.y), pxToY(box, chart.y, chart.isLog, to.y)]
      setYZoom(id, ascending(low, high))
    }
  }
  const read = (point: Point, pinned: boolean) => {
    const x = xAt(point.x)
    cursor.set({ x, px: point.y, pinned, owner: id })
    if (hasManyRuns) litRun.set(nearestTo(readingsAt(chart, x), point.y, chart, box)[0]?.line.run ?? null)
  }
  const spread = () => {
    const [a, b] = [...fingers.current.values()]
    return a && b ? ([Math.min(a.x, b.x), Math.max(a.x, b.x)] as const) : null
  }
  const press = (event: PointerEvent<HTMLDivElement>) => {
    const point = pointAt(event)
    if (event.pointerType === 'mouse') {
      if (event.button === 0) setDrag({ from: point, to: point })
      return
    }
    fingers.current.set(event.pointerId, point)
    const ends = spread()
    if (ends) pinch.current = { from: ends[0], to: ends[1], xs: [xAt(ends[0]), xAt(ends[1])] }
  }
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const point = pointAt(event)
    if (fingers.current.has(event.pointerId)) fingers.current.set(event.pointerId, point)
    if (pinch.current) return
    if (drag) setDrag({ ...drag, to: point })
    else if (!cursor.get()?.pinned) read(point, false)
  }
  const lift = (event: PointerEvent<HTMLDivElement>) => {
    const ends = spread()
    fingers.current.delete(event.pointerId)
    if (pinch.current) {
      if (ends) setZoom(pinchedRange(pinch.current, ends, box, chart))
      if (fingers.current.size === 0 || ends) pinch.current = null
      return true
    }
    return false
  }
  const release = (event: PointerEvent<HTMLDivElement>) => {
    if (lift(event)) return
    const point = pointAt(event)
    if (drag && isDrag({ ...drag, to: point })) zoomTo({ ...drag, to: point })
    else if (event.button === 0) {
      const before = cursor.get()
      const isAgain = before?.pinned && Math.abs(xToPx(box, chart.x, before.x) - point.x) < 2 * DRAG_PX
      read(point, !isAgain)
    }
    setDrag(null)
  }
  const leave = (event: PointerEvent<HTMLDivElement>) => {
    fingers.current.delete(event.pointerId)
    if (fingers.current.size === 0) pinch.current = null
    props.onActive(false)
    setDrag(null)
    litRun.set(null)
    if (!cursor.get()?.pinned) cursor.set(null)
  }
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = keyAction(event.key, event.shiftKey, chart, cursor.get()?.x ?? null)
    if (action === null) return
    event.preventDefault()
    event.stopPropagation()
    setSpoken(true)
    props.onActive(true)
    if (action.kind === 'cursor') cursor.set(action.x === null ? null : { x: action.x, pinned: true, owner: id })
    else if (action.kind === 'reset') reset()
    else if (action.kind === 'zoom') setZoom(action.range)
    else setYZoom(id, action.range)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <div
      className={styles.plot}
      style={{ width: props.width, height: props.height }}
      role="group"
      aria-roledescription="chart"
      aria-label={props.summary}
      aria-describedby={help}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is read by keys
      tabIndex={0}
      onPointerEnter={() => props.onActive(true)}
      onPointerMove={move}
      onPointerDown={press}
      onPointerUp={release}
      onPointerCancel={leave}
      onPointerLeave={leave}
      onDoubleClick={reset}
      onKeyDown={keys}
      onBlur={() => {
        setSpoken(false)
        if (spoken) props.onActive(false)
      }}
    >
      {props.children}
      {drag && isDrag(drag) ? <div className={styles.selection} style={selectionOf(drag, box)} /> : null}
      <span id={help} className="visually-hidden">
        Arrow keys read values, plus and minus zoom, Shift with up and down zooms the vertical axis, 0 resets.
      </span>
      {spoken ? <SpokenReading chart={chart} /> : null}
    </div>
  )
}

const ascending = (a: number, b: number): readonly [number, number] => [Math.min(a, b), Math.max(a, b)]

const isDrag = ({ from, to }: Drag): boolean => Math.abs(to.x - from.x) >= DRAG_PX || Math.abs(to.y - from.y) >= BOX_PX

/** Which axes a drag zooms. */
function axesOf({ from, to }: Drag): { x: boolean; y: boolean } {
  const [wide, high] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)]
  return { x: wide >= BOX_PX || high < BOX_PX, y: high >= BOX_PX }
}

function selectionOf(drag: Drag, box: PlotBox): { left: number; top: number; width: number; height: number } {
  const { x, y } = axesOf(drag)
  const [left, right] = x ? ascending(drag.from.x, drag.to.x) : [box.left, box.left + box.width]
  const [top, foot] = y ? ascending(drag.from.y, drag.to.y) : [box.top, box.top + box.height]
  return { left, top, width: right - left, height: foot - top }
}

/** The range in which what two fingers took hold of lies below them now. */
function pinchedRange(
  { xs }: { xs: readonly [number, number] },
  ends: readonly [number, number],
  box: PlotBox,
  { x: scale }: PreparedChart,
): readonly [number, number] {
  const [a, b] = [placeOn(scale, xs[0]), placeOn(scale, xs[1])]
  const perPx = (b - a) / Math.max(8, ends[1] - ends[0])
  const from = a - (ends[0] - box.left) * perPx
  const to = from + box.width * perPx
  return scale.isLog ? [10 ** from, 10 ** to] : [from, to]
}

type KeyAction =
  | { kind: 'cursor'; x: number | null }
  | { kind: 'zoom' | 'zoomY'; range: readonly [number, number] }
  | { kind: 'reset' }

function keyAction(key: string, shift: boolean, chart: PreparedChart, at: number | null): KeyAction | null {
  const line = chart.lines.find((l) => !l.isSuperseded && l.data.x.length > 0)
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      if (!line) return null
      const { x } = line.data
      const sign = key === 'ArrowLeft' ? -1 : 1
      const next = at === null ? (sign > 0 ? 0 : x.length - 1) : nearestIndex(x, at) + sign * (shift ? 10 : 1)
      return { kind: 'cursor', x: x[Math.min(x.length - 1, Math.max(0, next))] ?? null }
    }
    case 'Home':
      return { kind: 'cursor', x: line?.data.x[0] ?? null }
    case 'End':
      return { kind: 'cursor', x: line?.data.x.at(-1) ?? null }
    case 'Escape':
      return at === null ? null : { kind: 'cursor', x: null }
    case '0':
      return { kind: 'reset' }
    case 'ArrowUp':
    case 'ArrowDown':
      return shift ? { kind: 'zoomY', range: closerY(chart, key === 'ArrowUp' ? ZOOM_STEP : 1 / ZOOM_STEP) } : null
    case '+':
    case '=':
      return closer(chart, at, ZOOM_STEP)
    case '-':
      return closer(chart, at, 1 / ZOOM_STEP)
    default:
      return null
  }
}

function closer({ x: scale }: PreparedChart, at: number | null, factor: number): KeyAction {
  const [from, to] = [placeOn(scale, scale.min), placeOn(scale, scale.max)]
  const centre = at === null ? (from + to) / 2 : placeOn(scale, at)
  const [a, b] = [centre - (centre - from) * factor, centre + (to - centre) * factor]
  return { kind: 'zoom', range: scale.isLog ? [10 ** a, 10 ** b] : [a, b] }
}

function closerY({ y, isLog }: PreparedChart, factor: number): readonly [number, number] {
  const centre = (y.min + y.max) / 2
  const [a, b] = [centre - (centre - y.min) * factor, centre + (y.max - centre) * factor]
  return isLog ? [10 ** a, 10 ** b] : [a, b]
}
