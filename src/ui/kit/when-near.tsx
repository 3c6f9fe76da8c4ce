'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useNearViewport } from './near-viewport.ts'

/**
 * A part far down a page: drawn, and with that its code and data asked for, once the reader comes within half a screen of it, and from
 * then on. `meanwhile` holds its place.
 */
export function WhenNear({ meanwhile, children }: { meanwhile: ReactNode; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const isNear = useNearViewport(box)
  const [hasBeenNear, setHasBeenNear] = useState(false)
  useEffect(() => {
    if (isNear) setHasBeenNear(true)
  }, [isNear])
  return <div ref={box}>{isNear || hasBeenNear ? children : meanwhile}</div>
}
