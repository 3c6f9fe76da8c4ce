'use client'
import { parseAsFloat, throttle, useQueryState } from 'nuqs'
import { useEffect, useRef } from 'react'
import { CURSOR_WORD } from './cursor-word.ts'
import { useChartGroup, useCursor } from './group-state.tsx'

/** Browsers refuse more than 100 writes of an address in 30 s, and keys move a pinned crosshair fast. */
const WRITE_MS = 400

/** Keeps the pinned crosshair of the charts around it in the address, so that a link opens at its place. Must be used below a `ChartGroup`. */
export function KeptCursor() {
  const { cursor: store } = useChartGroup()
  const cursor = useCursor()
  const [kept, setKept] = useQueryState(CURSOR_WORD, parseAsFloat.withOptions({ limitUrlUpdates: throttle(WRITE_MS) }))
  const pinned = cursor?.pinned ? cursor.x : null
  /** What this part wrote or put last: a change of the other side is told from its own. */
  const last = useRef<number | null>(null)
  useEffect(() => {
    if (kept === last.current) return
    last.current = kept
    store.set(kept === null ? null : { x: kept, pinned: true })
  }, [kept, store])
  useEffect(() => {
    if (pinned === last.current) return
    last.current = pinned
    void setKept(pinned)
  }, [pinned, setKept])
  return null
}
