'use client'
import { useDraggable, useDroppable } from '@dnd-kit/core'
import { GripVertical } from 'lucide-react'
import { memo, type PointerEvent, useRef, useState } from 'react'
import { HEIGHT_MAX, HEIGHT_MIN, resizePanel, WIDTH_MIN } from '#src/core/layouts/change-layout.ts'
import { panelName } from '#src/core/layouts/compose.ts'
import { COLUMNS, type Panel, type Section } from '#src/core/layouts/layout.ts'
import { PanelContentView } from './panel-content.tsx'
import styles from './workspace.module.css'
import { useParts } from './workspace-context.tsx'

/** A panel in its place: taken by its handle, dropped on, and resized at its corner. */
export const PanelCell = memo(function PanelCell(props: {
  panel: Panel
  section: Section
  span: number
  height: number
}) {
  const { panel, section, span } = props
  const { state } = useParts()
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<{ span: number; height: number } | null>(null)
  const drag = useDraggable({ id: panel.id })
  const { setNodeRef, isOver } = useDroppable({ id: panel.id, data: { section: section.id, before: panel.id } })
  const now = size ?? { span, height: props.height }

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
      <span className={styles.resize} title="Drag to resize; the menu resizes too" aria-hidden onPointerDown={begin} />
    </div>
  )
})
