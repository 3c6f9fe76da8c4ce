'use client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { connection } from '#src/ui/connection/connection.ts'
import { reportMissing } from './missing-code.ts'

/** Code that comes in a file of its own. */
export interface LoadedPart<T> {
  /** Begins to load it. */
  preload: () => void
  /**
   * The code, for what is done once.
   *
   * @throws Error where it could not be loaded; the next who asks tries again
   */
  load: () => Promise<T>
  /** The code; null until it is there. Where the server answers and it did not come, the foot of the page says so and lets one try again. */
  use: () => T | null
  /** The same for what has a place of its own, and says so there. */
  useHere: () => { part: T | null; retry: (() => void) | null }
  /** The code where it is there, for what a page can do without until it is; it is not asked for. */
  useIfThere: () => T | null
}

/**
 * A part of the page whose code comes on its own. As a lazy component it would be held back: React shows what was waited for only 300 ms
 * after what was shown instead.
 */
export function loadPart<T>(load: () => Promise<T>): LoadedPart<T> {
  const store = makeStore(load)
  return {
    // Who uses it hears why it failed.
    preload: () => {
      if (typeof window !== 'undefined') store.load().catch(() => {})
    },
    load: store.load,
    use: () => {
      const { part, retry } = usePart(store)
      useEffect(() => (retry ? reportMissing(retry) : undefined), [retry])
      return part
    },
    useHere: () => usePart(store),
    useIfThere: () => useStored(store),
  }
}

interface Store<T> {
  load: () => Promise<T>
  read: () => { part: T } | null
  subscribe: (listener: () => void) => () => void
}

function makeStore<T>(load: () => Promise<T>): Store<T> {
  let loaded: { part: T } | null = null
  let loading: Promise<T> | null = null
  const listeners = new Set<() => void>()
  const begin = async () => {
    try {
      const part = await load()
      loaded = { part }
      for (const listener of listeners) listener()
      return part
    } catch (why) {
      loading = null
      throw why
    }
  }
  return {
    load: () => {
      loading ??= begin()
      return loading
    },
    read: () => loaded,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

const nothing = () => null

/** A page wakes as the server sent it, without the part, whatever came meanwhile. */
const useStored = <T>({ subscribe, read }: Store<T>): T | null =>
  useSyncExternalStore<{ part: T } | null>(subscribe, read, nothing)?.part ?? null

/** The code, and what asks for it again where it did not come though the server answers. */
function usePart<T>(store: Store<T>): { part: T | null; retry: (() => void) | null } {
  const part = useStored(store)
  const [hasFailed, setFailed] = useState(false)
  const isThere = part !== null
  useEffect(() => {
    if (isThere || hasFailed) return
    let isGone = false
    let leave = () => {}
    const load = () =>
      store.load().catch(async () => {
        // While the server is away its banner says so, and the code comes once it is back.
        const answers = await connection.look()
        if (isGone) return
        if (answers) setFailed(true)
        else
          leave = connection.onReturn(() => {
            leave()
            void load()
          })
      })
    void load()
    return () => {
      isGone = true
      leave()
    }
  }, [isThere, hasFailed, store])
  const retry = useCallback(() => setFailed(false), [])
  return { part, retry: hasFailed && !isThere ? retry : null }
}

/** Does it once the page has nothing more urgent to do, at the latest after two seconds. @returns what takes it back */
export function whenIdle(act: () => void): () => void {
  if (typeof window.requestIdleCallback !== 'function') {
    const timer = setTimeout(act, 500)
    return () => clearTimeout(timer)
  }
  const id = window.requestIdleCallback(act, { timeout: 2_000 })
  return () => window.cancelIdleCallback(id)
}
