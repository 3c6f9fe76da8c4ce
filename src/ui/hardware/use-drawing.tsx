'use client'
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react'
import type { TimeLine } from '#src/core/cost/hardware-use.ts'
import type { SegmentKind } from '#src/core/cost/work.ts'
import { durationMark } from '#src/core/format/duration.ts'
import type { HardwareUse } from '#src/protocol/hardware-use.ts'
import { timeScale } from '#src/ui/charts/ticks.ts'
import styles from './hardware.module.css'
import { type UseLane, valueAt } from './use-lanes.ts'
import { readingWords, USE_WORDS, valueWords } from './use-words.ts'

const LEFT = 104
const LEFT_NARROW = 68
const RIGHT = 10
const LANE = 58
const GAP = 10
const BAND = 26
const FOOT = 22
/** Shorter drags are clicks. */
const DRAG_MIN = 4
/** A press of an arrow moves by this share of the axis. */
const STRIDE = 0.01

/** Hardware that was held for nothing that lasts is shaded over all lanes, each in its own hatching. */
const HATCHED: Partial<Record<SegmentKind, 'idle' | 'back' | 'dots'>> = {
  idle: 'idle',
  rolled_back: 'back',
  failed: 'back',
  duplicate: 'back',
  later_steps: 'back',
  other_run: 'back',
  preparation: 'dots',
}

/** A part of the time in ms since the first held moment. */
export interface UsePart {
  fromMs: number
  toMs: number
}

/** The height of the drawing, px, before there is an answer too. */
export const drawingHeight = (lanes: number): number => lanes * (LANE + GAP) + BAND + FOOT

/**
 * Utilisation, power, speed and MFU over the time in which hardware was held, above a band of what it was held for. A drag, or Shift
 * with the arrows, chooses a part of the time.
 */
export function UseDrawing(props: {
  use: HardwareUse
  held: UsePart
  lanes: readonly UseLane[]
  width: number
  part: UsePart | null
  onPart: (part: UsePart | null) => void
}) {
  const { use, held, lanes, width, part, onPart } = props
  const hatch = useId()
  const left = width < 560 ? LEFT_NARROW : LEFT
  const plot = Math.max(80, width - left - RIGHT)
  const height = drawingHeight(lanes.length)
  const span = Math.max(1, held.toMs - held.fromMs)
  const x = (ms: number) => left + ((Math.min(held.toMs, Math.max(held.fromMs, ms)) - held.fromMs) / span) * plot
  const bandTop = lanes.length * (LANE + GAP)
  const box = useRef<SVGSVGElement>(null)
  const drag = useRef<{ at: number; px: number } | null>(null)
  const [cursor, setCursor] = useState<number | null>(null)

  const timeAt = (event: PointerEvent) => {
    const { left: edge } = (box.current as SVGSVGElement).getBoundingClientRect()
    return held.fromMs + (Math.min(plot, Math.max(0, event.clientX - edge - left)) / plot) * span
  }
  const between = (a: number, b: number): UsePart => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) })
  const onPointerDown = (event: PointerEvent) => {
    // Touch reads; the fields below choose a part there, since a drag scrolls the page.
    if (event.pointerType === 'touch' || event.button !== 0) return
    drag.current = { at: timeAt(event), px: event.clientX }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = (event: PointerEvent) => {
    const at = timeAt(event)
    setCursor(at)
    if (drag.current && Math.abs(event.clientX - drag.current.px) >= DRAG_MIN) onPart(between(drag.current.at, at))
  }
  const onPointerUp = (event: PointerEvent) => {
    if (event.pointerType === 'touch') setCursor(timeAt(event))
    drag.current = null
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const from = cursor ?? held.fromMs
    const moves: Record<string, number> = {
      ArrowLeft: from - span * STRIDE,
      ArrowRight: from + span * STRIDE,
      Home: held.fromMs,
      End: held.toMs,
    }
    const to = moves[event.key]
    if (to !== undefined) {
      event.preventDefault()
      const at = Math.min(held.toMs, Math.max(held.fromMs, to))
      setCursor(at)
      if (event.shiftKey) {
        const anchor =
          part && Math.abs(part.fromMs - from) < 1
            ? part.toMs
            : part && Math.abs(part.toMs - from) < 1
              ? part.fromMs
              : from
        onPart(between(anchor, at))
      }
    } else if (event.key === '0' || event.key === 'Escape') {
      if (event.key === '0' || part) event.preventDefault()
      onPart(null)
    }
  }
  const said = cursor === null ? '' : readingWords(use, lanes, held.fromMs, cursor)
  const ticks = timeScale(0, span, width < 560 ? 3 : 7)
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing that is read by arrows is no set of form fields */}
      <svg
        ref={box}
        className={styles.svg}
        data-drawing
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its values are read by arrows
        tabIndex={0}
        aria-label="Hardware use over time. Arrows read, with Shift they choose a part of the time, 0 shows all of it."
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => (drag.current ? undefined : setCursor(null))}
        onDoubleClick={() => onPart(null)}
      >
        <Hatches id={hatch} />
        {use.pieces.map((piece) => {
          const kind = HATCHED[piece.kind]
          const [from, to] = [x(Date.parse(piece.from)), x(Date.parse(piece.to))]
          return kind === undefined ? null : (
            <rect
              key={keyOf(piece)}
              x={from}
              y={0}
              width={Math.max(1, to - from)}
              height={bandTop - GAP}
              fill={`url(#${hatch}-${kind})`}
              opacity={0.55}
            />
          )
        })}
        {lanes.map((lane, i) => (
          <Lane key={lane.quantity} lane={lane} top={i * (LANE + GAP)} left={left} plot={plot} x={x} />
        ))}
        <text className={styles.quiet} x={left - 10} y={bandTop + 17} textAnchor="end">
          Held for
        </text>
        {use.pieces.map((piece) => {
          const [from, to] = [x(Date.parse(piece.from)), x(Date.parse(piece.to))]
          const kind = HATCHED[piece.kind]
          const words = USE_WORDS[piece.kind]
          return (
            <g key={keyOf(piece)}>
              <rect
                x={from}
                y={bandTop}
                width={Math.max(1, to - from)}
                height={BAND}
                className={styles.held}
                data-kind={kind ?? 'work'}
              />
              {kind ? (
                <rect
                  x={from}
                  y={bandTop}
                  width={Math.max(1, to - from)}
                  height={BAND}
                  fill={`url(#${hatch}-${kind})`}
                />
              ) : null}
              {to - from > words.length * 7 + 10 ? (
                <text className={styles.word} x={from + 6} y={bandTop + 17}>
                  {words}
                </text>
              ) : null}
              <title>{`${words}, attempt ${piece.attempt}, ${piece.count} × ${piece.device}`}</title>
            </g>
          )
        })}
        {part ? (
          <g className={styles.part}>
            <rect x={left} y={0} width={Math.max(0, x(part.fromMs) - left)} height={bandTop + BAND} />
            <rect x={x(part.toMs)} y={0} width={Math.max(0, left + plot - x(part.toMs))} height={bandTop + BAND} />
            <path d={`M${x(part.fromMs)} 0V${bandTop + BAND}M${x(part.toMs)} 0V${bandTop + BAND}`} />
          </g>
        ) : null}
        {cursor === null ? null : <Cursor x={x(cursor)} bottom={bandTop + BAND} lanes={lanes} ms={cursor} />}
        {ticks.at.map((ms, i) => (
          <text
            key={ms}
            className={styles.quiet}
            x={x(held.fromMs + ms)}
            y={height - 5}
            textAnchor={i === 0 ? 'start' : 'middle'}
          >
            {durationMark(ms / 1000)}
          </text>
        ))}
      </svg>
      <p className={styles.reading} role="status">
        {said ||
          (part
            ? 'Dimmed: outside of the part that is summed up below.'
            : 'Drag over the drawing, or set the fields, to sum up a part of the time.')}
      </p>
    </>
  )
}

const keyOf = (piece: HardwareUse['pieces'][number]): string =>
  `${piece.attempt} ${piece.from} ${piece.device} ${piece.kind}`

function Hatches({ id }: { id: string }) {
  const shared = { width: 6, height: 6, patternUnits: 'userSpaceOnUse' } as const
  return (
    <defs>
      <pattern id={`${id}-idle`} {...shared} patternTransform="rotate(45)">
        <path d="M0 0V6" stroke="var(--hatch)" strokeWidth={1.6} />
      </pattern>
      <pattern id={`${id}-back`} {...shared} patternTransform="rotate(-45)">
        <path d="M0 0V6M3 0V6" stroke="var(--hatch)" strokeWidth={1} />
      </pattern>
      <pattern id={`${id}-dots`} {...shared}>
        <circle cx={2} cy={2} r={1} fill="var(--hatch)" />
      </pattern>
    </defs>
  )
}

function Lane(props: { lane: UseLane; top: number; left: number; plot: number; x: (ms: number) => number }) {
  const { lane, top, left, plot, x } = props
  const y = (value: number) => top + LANE - (Math.min(lane.most, Math.max(0, value)) / lane.most) * (LANE - 6)
  const last = lane.line.values.findLast((value) => value !== null) ?? null
  return (
    <g>
      <path d={`M${left} ${top + LANE}H${left + plot}`} stroke="var(--line-2)" />
      <path d={`M${left} ${y(lane.most)}H${left + plot}`} stroke="var(--grid)" />
      <text className={styles.name} x={0} y={top + 14}>
        {lane.name}
      </text>
      <text className={styles.quiet} x={0} y={top + 30}>
        {valueWords(last, lane)}
      </text>
      <text className={styles.quiet} x={left - 10} y={top + LANE} textAnchor="end">
        0
      </text>
      <text className={styles.quiet} x={left - 10} y={top + 14} textAnchor="end">
        {left < LEFT ? '' : valueWords(lane.most, lane).split(' ')[0]}
      </text>
      {lane.behind.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: devices keep their order
        <path key={i} className={styles.behind} d={pathOf(line, x, y)} />
      ))}
      <path className={styles.line} data-quantity={lane.quantity} d={pathOf(lane.line, x, y)} />
    </g>
  )
}

/** A polyline with a break at each null; a sample that stands alone is a dot's width of line. */
function pathOf({ timesMs, values }: TimeLine, x: (ms: number) => number, y: (value: number) => number): string {
  let isDown = false
  return timesMs
    .map((time, i) => {
      const value = values[i] ?? null
      if (value === null) {
        isDown = false
        return ''
      }
      const to = `${x(time).toFixed(1)} ${y(value).toFixed(1)}`
      const isAlone = !isDown && (values[i + 1] ?? null) === null
      const word = isDown ? `L${to}` : isAlone ? `M${to}h1` : `M${to}`
      isDown = true
      return word
    })
    .join('')
}

function Cursor(props: { x: number; bottom: number; lanes: readonly UseLane[]; ms: number }) {
  return (
    <g aria-hidden>
      <path d={`M${props.x} 0V${props.bottom}`} className={styles.cursor} />
      {props.lanes.map((lane, i) => {
        const value = valueAt(lane, props.ms)
        if (value === null) return null
        const y = i * (LANE + GAP) + LANE - (Math.min(lane.most, Math.max(0, value)) / lane.most) * (LANE - 6)
        return <circle key={lane.quantity} cx={props.x} cy={y} r={3} className={styles.dot} />
      })}
    </g>
  )
}
