'use client'
import { type ReactNode, useEffect, useState } from 'react'

/** How long the waiting page stays after something arrived, ms: time to see the run's first point and to open it. */
const STAYS_MS = 5_000

/**
 * The waiting page while there is nothing, and a moment longer: a first point then opens its run. What comes without a point, such as
 * stages that are planned, is shown after that moment.
 */
export function UntilFirstPoint(props: { isEmpty: boolean; waiting: ReactNode; children: ReactNode }) {
  const { isEmpty, waiting, children } = props
  const [waits, setWaits] = useState(isEmpty)
  if (isEmpty && !waits) setWaits(true)
  useEffect(() => {
    if (isEmpty || !waits) return
    const timer = setTimeout(() => setWaits(false), STAYS_MS)
    return () => clearTimeout(timer)
  }, [isEmpty, waits])
  return waits ? waiting : children
}
