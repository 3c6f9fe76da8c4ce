'use client'
/** The run under the pointer, wherever it is: its row and its lines in every chart are lit together. */
import { useSyncExternalStore } from 'react'

let lit: number | null = null
const listeners = new Set<() => void>()

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const litRun = {
  /** Number of the lit run; null: none. */
  get: (): number | null => lit,
  /** Lights a run up, or none. */
  set(number: number | null): void {
    if (number === lit) return
    lit = number
    for (const listener of listeners) listener()
  },
}

/** The number of the lit run; a part that calls this is drawn anew with each change. */
export const useLitRun = (): number | null => useSyncExternalStore(subscribe, litRun.get, () => null)

/** Whether one run is lit: a row is drawn anew only when it becomes so or ceases to be. */
export const useIsLit = (number: number): boolean =>
  useSyncExternalStore(
    subscribe,
    () => lit === number,
    () => false,
  )
