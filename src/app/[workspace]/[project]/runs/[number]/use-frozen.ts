'use client'
import { useState } from 'react'

/** Keeps a value as it was when live was paused; `shown` follows `current` otherwise. */
export function useFrozen<T>(current: T): { shown: T; paused: boolean; toggle: () => void } {
  const [kept, setKept] = useState<{ value: T } | null>(null)
  return {
    shown: kept ? kept.value : current,
    paused: kept !== null,
    toggle: () => setKept(kept ? null : { value: current }),
  }
}
