import { setImmediate as breathe } from 'node:timers/promises'
import { reckoningStamp } from '#src/db/queries/search/list-run-costs.ts'
import type { Context, Services } from '#src/services/context.ts'

interface Kept {
  stamp: string
  madeAtMs: number
  value: Promise<unknown>
}

/** What was reckoned is taken for so long while nothing was added that it hangs on: ends of runs and pinned checkpoints are noticed then. */
const KEPT_MS = 20_000
const PROJECTS_MAX = 100

const memories = new WeakMap<Services, Map<string, Kept>>()

/**
 * What `reckon` gave under this name, while it holds: it is made anew once something was added that it hangs on. After `KEPT_MS` it is
 * given once more and made anew behind, so that nobody waits for what has hardly changed.
 */
export async function reckonedOnce<T>(ctx: Context, name: string, reckon: () => Promise<T>): Promise<T> {
  const memory = memories.get(ctx.services) ?? new Map<string, Kept>()
  memories.set(ctx.services, memory)
  const stamp = await reckoningStamp(ctx.db)
  const known = memory.get(name)
  const isFresh = known && Date.now() - known.madeAtMs < KEPT_MS
  if (known?.stamp === stamp && isFresh) return known.value as Promise<T>
  const value = reckon()
  value.catch(() => memory.delete(name))
  memory.delete(name)
  memory.set(name, { stamp, madeAtMs: Date.now(), value })
  for (const old of [...memory.keys()].slice(0, Math.max(0, memory.size - PROJECTS_MAX))) memory.delete(old)
  // Under the same stamp what was known is right but for the hardware of runs that are at work.
  return known?.stamp === stamp ? (known.value as Promise<T>) : value
}

/** For so long at a time the process does nothing else, ms. */
const PIECE_MS = 8

/** Maps a long list in short pieces: in between the process does its other work. */
export async function mapInPieces<A, B>(list: Iterable<A>, of: (item: A) => B): Promise<B[]> {
  const made: B[] = []
  let began = performance.now()
  for (const item of list) {
    made.push(of(item))
    if (performance.now() - began < PIECE_MS) continue
    await breathe()
    began = performance.now()
  }
  return made
}
