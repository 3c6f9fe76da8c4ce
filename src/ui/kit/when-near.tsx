'use client'
import { type ReactNode, useRef } from 'react'
import { useHasBeenNear } from './near-viewport.ts'

/**
 * A part far down a page: drawn, and with that its code and data asked for, once the reader comes within a quarter of a screen of it, and from
 * then on. `meanwhile` holds its place.
 */
export function WhenNear({ meanwhile, children }: { meanwhile: ReactNode; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  return <div ref={box}>{useHasBeenNear(box) ? children : meanwhile}</div>
}
