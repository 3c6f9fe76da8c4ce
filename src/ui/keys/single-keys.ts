'use client'
/** Whether keys that are pressed alone do something. Kept in this browser. */
import { useSyncExternalStore } from 'react'

const WORD = 'descent.single-keys'
const listeners = new Set<() => void>()

/** True unless somebody turned them off; also where the browser keeps nothing. */
export function singleKeysAreOn(): boolean {
  try {
    return window.localStorage.getItem(WORD) !== 'off'
  } catch {
    return true
  }
}

/** Turns them on or off, in every tab of this browser. */
export function setSingleKeys(on: boolean): void {
  try {
    if (on) window.localStorage.removeItem(WORD)
    else window.localStorage.setItem(WORD, 'off')
  } catch {
    // A browser that keeps nothing leaves them on.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export const useSingleKeys = (): boolean => useSyncExternalStore(subscribe, singleKeysAreOn, () => true)
