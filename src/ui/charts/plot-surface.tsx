'use client'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useState } from 'react'
import styles from './charts.module.css'
import { useChartGroup } from './group-state.tsx'
import { type PlotBox, pxToX } from './plot-box.ts'
import { SpokenReading } from './plot-reading.tsx'
import type { PreparedChart } from './prepare-lines.ts'
import { nearestIndex } from './read-at.ts'

/** A drag narrower than this is a click. */
const DRAG_PX = 5
const ZOOM_STEP = 0.6

/**
 * Takes pointer and keys for a chart: moving reads, a click or touch pins, dragging zooms on x, a double click or 0 resets; arrows move
 * the cursor from point to point (Shift: ten), Home and End go to the ends, + and − zoom, Escape lets go.
 */
export function PlotSurface(props: {
  chart: PreparedChart
  box: PlotBox
  width: number
  height: number
  summary: string
  onActive: (active: boolean) => void
  children: ReactNode
}) {
  const { chart, box } = props
  const { cursor, setZoom } = useChartGroup()
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const [spoken, setSpoken] = useState(false)
  const help = useId()

  const at = (event: PointerEvent<HTMLDivElement>): number => {
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left
    return pxToX(box, chart.x, Math.min(box.left + box.width, Math.max(box.left, px)))
  }
  const heightAt = (event: PointerEvent<HTMLDivElement>): number =>
    event.clientY - event.currentTarget.getBoundingClientRect().top
  const perPx = (chart.x.max - chart.x.min) / box.width
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const x = at(event)
    if (drag) setDrag({ ...drag, to: x })
    else if (!cursor.get()?.pinned) cursor.set({ x, px: heightAt(event), pinned: false })
  }
  const release = (event: PointerEvent<HTMLDivElement>) => {
    const x = at(event)
    if (drag && Math.abs(x - drag.from) / perPx >= DRAG_PX && event.pointerType === 'mouse') {
      setZoom([Math.min(drag.from, x), Math.max(drag.from, x)])
    } else if (event.button === 0) {
      const before = cursor.get()
      const again = before?.pinned && Math.abs(before.x - x) / perPx < 2 * DRAG_PX
      cursor.set({ x, px: heightAt(event), pinned: !again })
    }
    setDrag(null)
  }
  const leave = () => {
    props.onActive(false)
    setDrag(null)
    if (!cursor.get()?.pinned) cursor.set(null)
  }
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = keyAction(event.key, event.shiftKey, chart, cursor.get()?.x ?? null)
    if (action === null) return
    event.preventDefault()
    setSpoken(true)
    props.onActive(true)
    if (action.kind === 'cursor') cursor.set(action.x === null ? null : { x: action.x, pinned: true })
    else setZoom(action.range)
  }

  const left = drag ? Math.min(drag.from, drag.to) : 0
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
      onPointerDown={(event) => {
        if (event.button === 0 && event.pointerType === 'mouse') setDrag({ from: at(event), to: at(event) })
      }}
      onPointerUp={release}
      onPointerLeave={leave}
      onDoubleClick={() => setZoom(null)}
      onKeyDown={keys}
      onBlur={() => setSpoken(false)}
    >
      {props.children}
      {drag && Math.abs(drag.to - drag.from) / perPx >= DRAG_PX ? (
        <div
          className={styles.selection}
          style={{
            left: box.left + (left - chart.x.min) / perPx,
            width: Math.abs(drag.to - drag.from) / perPx,
            top: box.top,
            height: box.height,
          }}
        />
      ) : null}
      <span id={help} className="visually-hidden">
        Arrow keys read values, plus and minus zoom, 0 resets.
      </span>
      {spoken ? <SpokenReading chart={chart} /> : null}
    </div>
  )
}

type KeyAction = { kind: 'cursor'; x: number | null } | { kind: 'zoom'; range: readonly [number, number] | null }

function keyAction(key: string, shift: boolean, chart: PreparedChart, at: number | null): KeyAction | null {
  const line = chart.lines.find((l) => !l.isSuperseded && l.data.x.length > 0)
  const { min, max } = chart.x
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
      return { kind: 'zoom', range: null }
    case '+':
    case '=':
    case '-': {
      const centre = at ?? (min + max) / 2
      const factor = key === '-' ? 1 / ZOOM_STEP : ZOOM_STEP
      return { kind: 'zoom', range: [centre - (centre - min) * factor, centre + (max - centre) * factor] }
    }
    default:
      return null
  }
}
