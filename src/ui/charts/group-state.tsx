'use client'
/** What the charts of one group share: where the cursor is, and the range of x in view. */
import { createContext, type ReactNode, useContext, useMemo, useState, useSyncExternalStore } from 'react'

/** A place on the x axis; `pinned` stays until the next click. */
export interface Cursor {
  x: number
  pinned: boolean
  /** Height of the pointer in the chart that it is in, CSS px; missing where keys moved the cursor. */
  px?: number
  /** The chart that it was put from. */
  owner?: string
}

export interface CursorStore {
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
      const isSame = cursor?.x === current?.x && cursor?.px === current?.px && cursor?.owner === current?.owner
      if (isSame && cursor?.pinned === current?.pinned) return
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
  /** Ranges of y in view, by chart. */
  yZooms: YZooms
  setYZoom: (chart: string, zoom: Zoom) => void
}

export type YZooms = Readonly<Record<string, readonly [number, number]>>

const Context = createContext<GroupState | null>(null)

/** A cursor that several groups of one page share. */
export function useSharedCursor(): CursorStore {
  const [cursor] = useState(makeCursorStore)
  return cursor
}

/** Charts inside share crosshair and zoom, which the page may keep: in its address, for one. */
export function ChartGroup(props: {
  children: ReactNode
  kept?: Omit<GroupState, 'cursor'>
  /** The crosshair of other groups of the page, too; absent: one of its own. */
  shared?: CursorStore | undefined
}) {
  const { children, kept } = props
  const ownCursor = useSharedCursor()
  const cursor = props.shared ?? ownCursor
  const [zoom, setZoom] = useState<Zoom>(null)
  const [yZooms, setYZooms] = useState<YZooms>(NO_ZOOMS)
  const own = useMemo(
    () => ({
      zoom,
      setZoom,
      yZooms,
      setYZoom: (chart: string, to: Zoom) => setYZooms((zooms) => withYZoom(zooms, chart, to)),
    }),
    [zoom, yZooms],
  )
  const value = useMemo(() => ({ cursor, ...(kept ?? own) }), [cursor, kept, own])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

const NO_ZOOMS: YZooms = {}

/** The ranges with that of one chart changed, or dropped. */
export function withYZoom(zooms: YZooms, chart: string, zoom: Zoom): YZooms {
  const { [chart]: _, ...others } = zooms
  return zoom ? { ...others, [chart]: zoom } : others
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
