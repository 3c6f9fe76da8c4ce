'use client'
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import styles from './kit.module.css'
import { PageHead } from './page-head.tsx'
import { Notice, Problem } from './problem.tsx'

/**
 * A query in its place: `loading` (of the final size) until the first answer (after five seconds of asking with what is waited for and a
 * way to stop), the problem with a retry if there is none, else the data. Data once shown stays shown while later requests fail; the top
 * line tells of that.
 */
export function Answer<T>(props: {
  query: UseQueryResult<T, unknown>
  /** What is loaded, as the subject of a sentence: "The lineage". */
  what: string
  loading: ReactNode
  /** The heading of a page whose own one comes with the data: it stands above the problem, so that the page has one. */
  heading?: string
  children: (data: T) => ReactNode
}) {
  const { query, heading } = props
  if (query.data !== undefined) return props.children(query.data)
  if (query.isError)
    return (
      <>
        {heading ? <PageHead title={heading} /> : null}
        <Problem what={props.what} error={query.error} retry={() => void query.refetch()} />
      </>
    )
  return <Waiting {...props} />
}

/** A wait that is longer than this says what for, ms. */
const LONG_MS = 5_000

const inSentence = (what: string): string => what.charAt(0).toLowerCase() + what.slice(1)

/** The shape of what comes; after five seconds what is waited for, and a way to stop. */
function Waiting<T>({ query, what, loading, heading }: Parameters<typeof Answer<T>>[0]) {
  const client = useQueryClient()
  const [isLong, setLong] = useState(false)
  const [isStopped, setStopped] = useState(false)
  // A part further down asks when it is scrolled to: until then nobody waits for the server.
  const isAsking = query.fetchStatus !== 'idle'
  useEffect(() => {
    if (!isAsking) return
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [isAsking])
  const stop = () => {
    setStopped(true)
    void client.cancelQueries({
      predicate: ({ state }) => state.data === undefined && state.fetchStatus === 'fetching',
    })
  }
  if (isStopped && query.fetchStatus === 'idle')
    return (
      <>
        {heading ? <PageHead title={heading} /> : null}
        <Notice tone="warning" title={`Not loaded: ${inSentence(what)}`}>
          <p>
            You stopped waiting for the server.{' '}
            <button
              type="button"
              className="link"
              onClick={() => {
                setStopped(false)
                void query.refetch()
              }}
            >
              Load it
            </button>
          </p>
        </Notice>
      </>
    )
  return (
    <div className={styles.waiting} aria-busy="true" aria-live="polite">
      <span className="visually-hidden">Loading</span>
      {isLong && isAsking ? (
        <p className={styles.waitingWords}>
          Still waiting for the server: {inSentence(what)}.{' '}
          <button type="button" className="link" onClick={stop}>
            Stop waiting
          </button>
        </p>
      ) : null}
      {loading}
    </div>
  )
}
