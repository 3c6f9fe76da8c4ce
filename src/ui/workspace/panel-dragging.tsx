'use client'
import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { type ReactNode, useState } from 'react'
import { movePanel } from '#src/core/layouts/change-layout.ts'
import { panelName } from '#src/core/layouts/compose.ts'
import styles from './workspace.module.css'
import { useParts } from './workspace-context.tsx'

/** A press that moves less than this takes hold of nothing. */
const HOLD_PX = 6

/** Charts inside can be taken by their handle and dropped before another one, or on the head of a section. Their menu does the same. */
export function PanelDragging({ children }: { children: ReactNode }) {
  const { state, sections } = useParts()
  const [dragged, setDragged] = useState<string | null>(null)
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: HOLD_PX } }))
  const panel = sections.flatMap(({ panels }) => panels).find(({ id }) => id === dragged)
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(null)
    const place = over?.data.current as { section: string; before: string } | undefined
    const id = String(active.id)
    if (!place || place.before === id) return
    const target = sections.find(({ section }) => section.id === place.section)
    const before = place.before === 'first' ? (target?.panels[0]?.id ?? null) : place.before
    if (before === id) return
    state.arrange((layout) => movePanel(layout, sections, id, { section: place.section, before }), 'move a chart')
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={({ active }: DragStartEvent) => setDragged(String(active.id))}
      onDragCancel={() => setDragged(null)}
      onDragEnd={drop}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {panel ? <span className={styles.dragged}>{panelName(panel)}</span> : null}
      </DragOverlay>
    </DndContext>
  )
}
