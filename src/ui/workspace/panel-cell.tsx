'use client'
import { useDraggable, useDroppable } from '@dnd-kit/core'
import { GripVertical } from 'lucide-react'
import { memo, type PointerEvent, useDeferredValue, useRef, useState } from 'react'
import { HEIGHT_MAX, HEIGHT_MIN, resizePanel, WIDTH_MIN } from '#src/core/layouts/change-layout.ts'
import { panelName } from '#src/core/layouts/compose.ts'
import { COLUMNS, type Panel, type Section } from '#src/core/layouts/layout.ts'
import { PanelContentView } from './panel-content.tsx'
import styles from './workspace.module.css'
import { useParts } from './workspace-context.tsx'

/** CSS px around a plot: caption, reading or corner, and the room below. */
export const CHROME_PX = 42
/** Above and below the panels of a row. */
const ROW_PADDING_PX = 14

/**
 * A panel in its place: taken by its handle, dropped on, and resized at its corner. Its content comes a moment after its place: a row that
 * is scrolled into view holds up no frame.
 */
export const PanelCell = memo(Cell, (before, now) => SHOWN.every((name) => before[name] === now[name]))

/** What a change of draws it anew: its room counts only until its content is there. */
const SHOWN = ['panel', 'section', 'span', 'height'] as const

interface CellProps {
  panel: Panel
  section: Section
  span: number
  height: number
  /** Of its row as it was measured last, px. */
  room: number
}

function Cell(props: CellProps) {
  const { panel, section, span } = props
  const { state } = useParts()
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<{ span: number; height: number } | null>(null)
  const drag = useDraggable({ id: panel.id })
  const { setNodeRef, isOver } = useDroppable({ id: panel.id, data: { section: section.id, before: panel.id } })
  const now = size ?? { span, height: props.height }
  const isIn = useDeferredValue(true, false)

  const begin = (event: PointerEvent<HTMLSpanElement>) => {
    const grid = box.current?.parentElement?.getBoundingClientRect()
    const at = box.current?.getBoundingClientRect()
    if (!grid || !at || event.button !== 0) return
    event.preventDefault()
    const corner = event.currentTarget
    corner.setPointerCapture(event.pointerId)
    const from = { x: event.clientX, y: event.clientY }
    let next = { span, height: props.height }
    const move = (moved: globalThis.PointerEvent) => {
      const wide = (at.width + moved.clientX - from.x) / (grid.width / COLUMNS)
      next = {
        span: Math.round(Math.min(COLUMNS, Math.max(WIDTH_MIN, wide))),
        height: Math.round(Math.min(HEIGHT_MAX, Math.max(HEIGHT_MIN, props.height + moved.clientY - from.y)) / 10) * 10,
      }
      setSize(next)
    }
    const end = () => {
      corner.removeEventListener('pointermove', move)
      setSize(null)
      if (next.span !== span || next.height !== props.height)
        state.arrange(
          (layout) =>
            resizePanel(layout, section, panel.id, {
              ...(next.span !== span && { width: next.span }),
              ...(next.height !== props.height && { height: next.height }),
            }),
          `resize ${panelName(panel)}`,
        )
    }
    corner.addEventListener('pointermove', move)
    corner.addEventListener('pointerup', end, { once: true })
    corner.addEventListener('pointercancel', end, { once: true })
  }

  return (
    <div
      ref={(element) => {
        box.current = element
        setNodeRef(element)
      }}
      className={styles.cell}
      data-over={(isOver && !drag.isDragging) || undefined}
      data-dragged={drag.isDragging || undefined}
      style={{ gridColumn: `span ${now.span}` }}
    >
      {isIn ? (
        <PanelContentView
          panel={panel}
          section={section}
          height={now.height}
          handle={
            <span
              ref={drag.setNodeRef}
              className={styles.handle}
              title="Drag to move; the menu moves it too"
              aria-hidden
              {...drag.listeners}
            >
              <GripVertical size={14} strokeWidth={1.75} />
            </span>
          }
        />
      ) : (
        // A row with notes is higher than its plots: what stands below it does not move when it comes back.
        <div style={{ height: Math.max(now.height + CHROME_PX, props.room - ROW_PADDING_PX) }} />
      )}
      <span className={styles.resize} title="Drag to resize; the menu resizes too" aria-hidden onPointerDown={begin} />
    </div>
  )
}
