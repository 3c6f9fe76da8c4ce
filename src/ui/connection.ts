/** Whether the server answers: one store for the whole tab, read by the top line and the banner. */
import { useSyncExternalStore } from 'react'

export type Connection = { kind: 'fine' } | { kind: 'lost'; sinceMs: number; retryAtMs: number }

const FINE: Connection = { kind: 'fine' }
let current: Connection = FINE
const listeners = new Set<() => void>()

function set(next: Connection): void {
  current = next
  for (const listener of listeners) listener()
}

/** A request got no answer; the next try is at `retryAtMs` (epoch ms). */
export function reportLost(retryAtMs: number): void {
  set({ kind: 'lost', sinceMs: current.kind === 'lost' ? current.sinceMs : Date.now(), retryAtMs })
}

/** The server answered, whatever it said. */
export function reportAnswer(): void {
  if (current.kind === 'lost') set(FINE)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useConnection = (): Connection =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => FINE,
  )
