'use client'
/** Pages that were looked at, kept in this browser, a list for each workspace. */
import { useSyncExternalStore } from 'react'
import { type Place, readPlaces, withPlace } from '#src/core/places/recent-places.ts'

const wordOf = (workspace: string): string => `descent.recent.${workspace}`
const listeners = new Set<() => void>()
const NONE: Place[] = []
/** The list last read of each text, so that an unchanged one is the same object. */
let read: { text: string | null; places: Place[] } = { text: null, places: NONE }

function kept(workspace: string): Place[] {
  try {
    const text = window.localStorage.getItem(wordOf(workspace))
    if (text !== read.text) read = { text, places: readPlaces(text) }
    return text === null ? NONE : read.places
  } catch {
    return NONE
  }
}

/** Notes that a page is looked at. */
export function recordPlace(workspace: string, place: Place): void {
  try {
    window.localStorage.setItem(wordOf(workspace), JSON.stringify(withPlace(kept(workspace), place)))
  } catch {
    // A browser that keeps nothing has no recent places.
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

/** Places of the workspace, the newest first. */
export const useRecentPlaces = (workspace: string): readonly Place[] =>
  useSyncExternalStore(
    subscribe,
    () => kept(workspace),
    () => NONE,
  )
