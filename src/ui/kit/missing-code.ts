'use client'
/** Code of a page that did not come, as after an update: the files of the version that the tab was opened with are gone then. */
import { useSyncExternalStore } from 'react'

/** A page whose code was missing is not loaded anew by itself more often than this, ms. */
export const RELOAD_EVERY_MS = 5 * 60_000

/** True for what the bundler throws where a file of code did not come. */
export const isMissingCode = (error: unknown): boolean => error instanceof Error && error.name === 'ChunkLoadError'

/** @param last when the tab was loaded anew for that reason the last time, as it was kept: epoch ms as text, or null */
export function mayReload(last: string | null, nowMs: number): boolean {
  const lastMs = Number(last)
  return last === null || !(nowMs - lastMs < RELOAD_EVERY_MS)
}

type Retries = ReadonlySet<() => void>
const NONE: Retries = new Set()
let missing: Retries = NONE
const listeners = new Set<() => void>()

function become(next: Retries): void {
  missing = next
  for (const listener of listeners) listener()
}

/** Says at the foot of the page that something did not come. @returns what takes it back */
export function reportMissing(retry: () => void): () => void {
  become(new Set([...missing, retry]))
  return () => become(new Set([...missing].filter((other) => other !== retry)))
}

/** What asks anew for all that did not come; null where everything is there. */
export function useMissing(): (() => void) | null {
  const retries = useSyncExternalStore(subscribe, readMissing, readNone)
  if (retries.size === 0) return null
  return () => {
    for (const retry of retries) retry()
  }
}

const readMissing = () => missing
const readNone = () => NONE
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
