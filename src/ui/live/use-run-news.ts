'use client'
import { useEffect, useState } from 'react'
import { hasKind, type LivePlace, liveSource } from './live-source.ts'

/** What is known of a run's points while a page is open. */
export interface RunAdvance {
  /** Grows with each news of points, and when some may have been missed: whoever sees another number asks for the points again. */
  seq: number
  /** The newest step that was told of; null while none was. */
  lastStep: number | null
  /** When, epoch ms; 0 while nothing was told. */
  atMs: number
}

/** How long after news begins a page is taken to stand, ms. */
const STANDING_MS = 1_000

const NONE: ReadonlyMap<number, RunAdvance> = new Map()

/**
 * The news of points of these runs, by run number, over the tab's one stream. A new map with each message, at most four times a
 * second; runs that nothing was told of are missing. While `enabled` is false nothing is listened to and the last map stays.
 */
export function useRunNews(
  options: LivePlace & { runs: readonly number[]; enabled: boolean },
): ReadonlyMap<number, RunAdvance> {
  const { workspace, project, enabled } = options
  const [advances, setAdvances] = useState(NONE)
  const wanted = options.runs.join(',')
  useEffect(() => {
    const runs = wanted === '' ? [] : wanted.split(',').map(Number)
    if (!enabled || runs.length === 0) return
    let late: ReturnType<typeof setTimeout> | null = null
    const grow = (told: readonly (readonly [run: number, lastStep: number | null, atMs: number])[]) =>
      setAdvances((before) => {
        const after = new Map(before)
        for (const [run, lastStep, atMs] of told) {
          const known = before.get(run)
          after.set(run, {
            seq: (known?.seq ?? 0) + 1,
            lastStep: lastStep ?? known?.lastStep ?? null,
            atMs: Math.max(atMs, known?.atMs ?? 0),
          })
        }
        return after
      })
    const all = () => grow(runs.map((run) => [run, null, 0]))
    const leave = liveSource.read({
      place: { workspace, project },
      runs,
      take: (told) => {
        const points = told.filter((run) => hasKind(run, ['points']))
        if (points.length > 0) grow(points.map(({ run, last_step, at }) => [run, last_step, at]))
      },
      gap: (why) => {
        if (why === 'missed') all()
        // What was written between the first answer and now was told to nobody, and a slow run may write no more for minutes. It is
        // asked for once the page stands.
        else late ??= setTimeout(all, STANDING_MS)
      },
    })
    return () => {
      leave()
      if (late) clearTimeout(late)
    }
  }, [workspace, project, wanted, enabled])
  return advances
}
