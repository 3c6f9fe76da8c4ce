'use client'
import {
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  type DroppableContainer,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { type ReactNode, useRef, useState } from 'react'
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
  // What the library says a chart was dropped on is of its last drawing, which on a busy page is behind the hand.
  const released = useRef<{ x: number; y: number } | null>(null)
  const places = useRef<Places | null>(null)
  const start = ({ active }: DragStartEvent) => {
    setDragged(String(active.id))
    released.current = null
    const release = ({ clientX, clientY }: PointerEvent) => {
      released.current = { x: clientX, y: clientY }
    }
    window.addEventListener('pointerup', release, { capture: true, once: true })
  }
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(null)
    const container = released.current && places.current ? hitBy(places.current, released.current) : over
    const place = container?.data.current as { section: string; before: string } | undefined
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
      collisionDetection={(asked) => {
        places.current = asked
        return pointerWithin(asked)
      }}
      onDragStart={start}
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

type Places = Parameters<CollisionDetection>[0]

/** What lies under this place of the window. */
function hitBy(places: Places, pointerCoordinates: Places['pointerCoordinates']): DroppableContainer | undefined {
  const [hit] = pointerWithin({ ...places, pointerCoordinates })
  return places.droppableContainers.find(({ id }) => id === hit?.id)
}
