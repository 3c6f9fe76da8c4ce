'use client'
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { PathAxis } from '#src/core/lineage/path-axes.ts'
import type { Capability, Span } from '#src/protocol/capability.ts'
import styles from './capability.module.css'
import { axisValue, axisWords, bandAt, valueAt, xIn } from './capability-axes.ts'
import { type Layout, LOSS } from './drawing-layout.ts'
import type { LossScale } from './loss-scale.ts'
import { type LossReading, readLines, type StageLines } from './stage-lines.ts'

/** A reading of the loss with the stage that it belongs to. */
export interface ReadLoss {
  lines: StageLines
  reading: LossReading
}

/** A range that is shorter than this was a click. */
const DRAG_MIN_PX = 6

/** "sft: loss 1.23, learning rate 0.0001, step 400, 1.2M tokens". */
export function lossWords(read: ReadLoss, axis: PathAxis, data: Capability): string {
  const { reading } = read
  const parts = [
    `loss ${formatNumber(reading.loss, 4)}`,
    reading.rate === null ? 'learning rate not logged' : `learning rate ${reading.rate.toPrecision(3)}`,
    reading.step === null ? 'step not known here' : `step ${formatExactCount(reading.step)}`,
    reading.tokens === null ? 'tokens not logged' : `${formatCount(reading.tokens)} tokens`,
    ...(axis === 'tokens' || axis === 'steps'
      ? []
      : [`${axisValue(axis, reading.x)} ${axisWords(axis, data.device_kind)}`]),
  ]
  return `${read.lines.band.card.experiment.name}: ${parts.join(', ')}`
}

/**
 * Reads the loss under the pointer, or by arrow keys point by point; drawing a range along it shows that part of the path alone.
 * Shift takes ten points at once, Home and End go to the ends. A click, or Enter, opens the checkpoint nearest to what is read.
 */
export function LossReader(props: {
  data: Capability
  axis: PathAxis
  lines: readonly StageLines[]
  layout: Layout
  scale: LossScale | null
  read: ReadLoss | null
  onRead: (read: ReadLoss | null) => void
  onZoom: (part: Span) => void
  /** Opens the checkpoint nearest to what is read. */
  onOpen: (read: ReadLoss) => void
}) {
  const { data, axis, lines, layout, scale, read, onRead } = props
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const drawn = lines.filter((line) => line.loss)
  const bands = lines.map(({ band }) => band)
  if (drawn.length === 0) return null

  const readAt = (px: number): ReadLoss | null => {
    const band = bandAt(bands, px)
    const line = drawn.find((one) => one.band === band)
    const value = band && valueAt(band, px)
    if (!line || value === null || value === undefined) return null
    const reading = readLines(line, value)
    return reading && { lines: line, reading }
  }
  const pxOf = (event: PointerEvent<SVGElement>) => event.clientX - event.currentTarget.getBoundingClientRect().left

  const move = (by: number) => {
    const line = read ? drawn.find((one) => one.band.stage === read.lines.band.stage) : undefined
    if (!read || !line) return goTo(by > 0 ? drawn[0] : drawn.at(-1), by > 0 ? 0 : Number.POSITIVE_INFINITY)
    const to = read.reading.index + by
    const next = drawn[drawn.indexOf(line) + Math.sign(by)]
    if (to >= 0 && to < (line.loss?.x.length ?? 0)) return goTo(line, to)
    if (next) return goTo(next, by > 0 ? 0 : Number.POSITIVE_INFINITY)
    return goTo(line, to)
  }
  const goTo = (line: StageLines | undefined, index: number) => {
    if (!line?.loss) return
    const at = line.loss.x[Math.min(line.loss.x.length - 1, Math.max(0, index))]
    const reading = at === undefined ? null : readLines(line, at)
    if (reading) onRead({ lines: line, reading })
  }
  const keys = (event: KeyboardEvent) => {
    const by = event.shiftKey ? 10 : 1
    const step = { ArrowLeft: -by, ArrowRight: by, ArrowDown: -by, ArrowUp: by }[event.key]
    if (step !== undefined) move(step)
    else if (event.key === 'Home') goTo(drawn[0], 0)
    else if (event.key === 'End') goTo(drawn.at(-1), Number.POSITIVE_INFINITY)
    else if (event.key === 'Enter' && read) props.onOpen(read)
    else if (event.key === 'Escape') onRead(null)
    else return
    event.preventDefault()
  }
  const release = () => {
    if (drag && Math.abs(drag.to - drag.from) >= DRAG_MIN_PX) {
      const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
      const [first, last] = [bandAt(bands, low), bandAt(bands, high)]
      const from = first && valueAt(first, low)
      const to = last && valueAt(last, high)
      if (typeof from === 'number' && typeof to === 'number' && to > from) props.onZoom({ from, to })
    } else if (drag && read) props.onOpen(read)
    setDrag(null)
  }
  const total = drawn.reduce((sum, line) => sum + (line.loss?.x.length ?? 0), 0)
  const before = drawn
    .slice(
      0,
      Math.max(
        0,
        drawn.findIndex((line) => line.band.stage === read?.lines.band.stage),
      ),
    )
    .reduce((sum, line) => sum + (line.loss?.x.length ?? 0), 0)
  const x = read ? xIn(read.lines.band, read.reading.x) : null
  return (
    <g data-screen-only>
      {drag ? (
        <rect
          x={Math.min(drag.from, drag.to)}
          y={layout.lossTop}
          width={Math.abs(drag.to - drag.from)}
          height={LOSS}
          fill="var(--text)"
          opacity={0.08}
        />
      ) : null}
      {read && x !== null ? (
        <g pointerEvents="none">
          <path d={`M${x} ${layout.lossTop}V${layout.lanesTop}`} stroke="var(--text)" opacity={0.5} />
          {scale && Number.isFinite(read.reading.loss) ? (
            <circle cx={x} cy={scale.toY(read.reading.loss)} r={3.5} fill="var(--text)" stroke="var(--bg)" />
          ) : null}
        </g>
      ) : null}
      <rect
        className={styles.reader}
        x={0}
        y={layout.lossTop}
        width={layout.plot}
        height={LOSS}
        fill="transparent"
        role="slider"
        tabIndex={0}
        aria-label="Training loss along the path"
        aria-valuemin={1}
        aria-valuemax={Math.max(1, total)}
        aria-valuenow={read ? before + read.reading.index + 1 : 1}
        aria-valuetext={read ? lossWords(read, axis, data) : 'Arrow keys read it point by point'}
        onKeyDown={keys}
        onBlur={() => onRead(null)}
        onPointerDown={(event) => {
          if (event.pointerType === 'touch') return onRead(readAt(pxOf(event)))
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ from: pxOf(event), to: pxOf(event) })
        }}
        onPointerMove={(event) => {
          onRead(readAt(pxOf(event)))
          if (drag) setDrag({ ...drag, to: Math.min(layout.plot, Math.max(0, pxOf(event))) })
        }}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => {
          if (!drag) onRead(null)
        }}
      />
    </g>
  )
}
