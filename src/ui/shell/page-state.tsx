'use client'
/** What the page on screen tells the top line: the name of what is open, and how fresh its data is. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

export interface Freshness {
  /** `live`: something runs. `recorded`: replayed from a log. `idle`: nothing runs. */
  kind: 'live' | 'idle' | 'recorded'
  /** What `at` is the time of: "last point", "heartbeat". */
  what: string
  /** RFC 3339; null when nothing came yet. */
  at: string | null
}

interface PageState {
  crumb: string | null
  freshness: Freshness | null
  setCrumb: (crumb: string | null) => void
  setFreshness: (freshness: Freshness | null) => void
}

const Context = createContext<PageState | null>(null)

export function PageStateProvider({ children }: { children: ReactNode }) {
  const [crumb, setCrumb] = useState<string | null>(null)
  const [freshness, setFreshness] = useState<Freshness | null>(null)
  const value = useMemo(() => ({ crumb, freshness, setCrumb, setFreshness }), [crumb, freshness])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

/** Read by the top line; a page outside the shell has none. */
export const usePageState = (): PageState | null => useContext(Context)

/** Gives the last breadcrumb its name once it is known ("task_replay" instead of "Stage 7"). */
export function useCrumb(name: string | null): void {
  const setCrumb = useContext(Context)?.setCrumb
  useEffect(() => {
    setCrumb?.(name)
    return () => setCrumb?.(null)
  }, [name, setCrumb])
}

/** Tells the top line how fresh this page's data is. */
export function useFreshness(kind: Freshness['kind'] | null, what: string, at: string | null): void {
  const setFreshness = useContext(Context)?.setFreshness
  useEffect(() => {
    setFreshness?.(kind === null ? null : { kind, what, at })
    return () => setFreshness?.(null)
  }, [kind, what, at, setFreshness])
}
