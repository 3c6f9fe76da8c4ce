'use client'
/** What the charts of one group share: where the cursor is, and the range of x in view. */
import { createContext, type ReactNode, useContext, useMemo, useState, useSyncExternalStore } from 'react'

/** A place on the x axis; `pinned` stays until the next click. */
export interface Cursor {
  x: number
  pinned: boolean
  /** Height of the pointer in the chart that it is in, CSS px; missing where keys moved the cursor. */
  px?: number
}

interface CursorStore {
  get: () => Cursor | null
  set: (cursor: Cursor | null) => void
  subscribe: (listener: () => void) => () => void
}

/** Moves of the cursor re-render only what reads it. */
function makeCursorStore(): CursorStore {
  let current: Cursor | null = null
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set: (cursor) => {
      if (cursor?.x === current?.x && cursor?.px === current?.px && cursor?.pinned === current?.pinned) return
      current = cursor
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export type Zoom = readonly [number, number] | null

interface GroupState {
  cursor: CursorStore
  zoom: Zoom
  setZoom: (zoom: Zoom) => void
}

const Context = createContext<GroupState | null>(null)

/** Charts inside share crosshair and zoom. */
export function ChartGroup({ children }: { children: ReactNode }) {
  const [cursor] = useState(makeCursorStore)
  const [zoom, setZoom] = useState<Zoom>(null)
  const value = useMemo(() => ({ cursor, zoom, setZoom }), [cursor, zoom])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

/** Must be used below a `ChartGroup`. */
export function useChartGroup(): GroupState {
  const state = useContext(Context)
  if (!state) throw new Error('A chart was placed outside of a ChartGroup.')
  return state
}

export function useCursor(): Cursor | null {
  const { cursor } = useChartGroup()
  return useSyncExternalStore(cursor.subscribe, cursor.get, () => null)
}
