'use client'
import { useRef } from 'react'
import { LINES_MAX } from '#src/core/layouts/layout.ts'

/**
 * The runs whose points are asked for: those that are shown and those that just were, so that a run that is hidden and shown again
 * costs no question. Begins anew where most are others, or where they would be more than a chart draws.
 *
 * Gives the same array as long as it holds all that are shown.
 */
export function useAskedRuns(shown: readonly number[]): readonly number[] {
  const held = useRef<readonly number[]>([])
  held.current = askedRuns(held.current, shown)
  return held.current
}

/** The runs to ask for, after `held` were asked for. */
export function askedRuns(held: readonly number[], shown: readonly number[]): readonly number[] {
  const known = new Set(held)
  const missing = shown.filter((run) => !known.has(run))
  if (missing.length === 0) return held
  const isMostlyOthers = missing.length * 2 > shown.length
  return isMostlyOthers || held.length + missing.length > LINES_MAX ? [...shown] : [...held, ...missing]
}
