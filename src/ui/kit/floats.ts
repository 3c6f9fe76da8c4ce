'use client'
/**
 * Menus, popovers, dialogs, lists of choices and notices are opened later than a page is read, so their code comes behind it: once the
 * page is idle, or when somebody is about to open one.
 */
import { useEffect } from 'react'
import { loadPart, whenIdle } from './load-part.ts'

const parts = loadPart(() => import('./parts/floats.ts').then((file) => file.floats))

/** Begins to load them. */
export const preloadFloats = parts.preload

/** They, once they are there; a page can be read without. They are loaded while it is idle. */
export function useFloats() {
  useEffect(() => whenIdle(parts.preload), [])
  return parts.useIfThere()
}

/** They, for what is open: they are asked for at once. */
export const useOpenFloats = parts.use

/** They, for what is nothing without them. */
export const useFloatsIfThere = parts.useIfThere

/** They, for what is said without being opened. */
export const loadFloats = parts.load
