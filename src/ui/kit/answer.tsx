'use client'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Problem } from './problem.tsx'

/**
 * A query in its place: `loading` (of the final size) until the first answer, the problem with a retry if there is none,
 * else the data. Data once shown stays shown while later requests fail; the top line tells of that.
 */
export function Answer<T>(props: {
  query: UseQueryResult<T, unknown>
  /** What is loaded, as the subject of a sentence: "The lineage". */
  what: string
  loading: ReactNode
  children: (data: T) => ReactNode
}) {
  const { query } = props
  if (query.data !== undefined) return props.children(query.data)
  if (query.isError) return <Problem what={props.what} error={query.error} retry={() => void query.refetch()} />
  return (
    <div aria-busy="true" aria-live="polite">
      <span className="visually-hidden">Loading</span>
      {props.loading}
    </div>
  )
}
