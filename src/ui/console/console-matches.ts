'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { type LineSearch, linePattern } from '#src/core/console/line-search.ts'
import type { LogMatches } from '#src/protocol/metrics.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { ConsolePlace } from './console-lines.ts'

/** A pause in typing after which the server is asked. */
const REST_MS = 150

export interface ConsoleMatches {
  /** Lines that match, from 0, ascending; at most the newest 10,000. Null until the first answer and without a search. */
  lines: readonly number[] | null
  /** How many match, all counted. */
  count: number
  /** Lines before this one were not looked through. */
  searchedFrom: number
  /** Marks the places in lines; null without a search and for a pattern that cannot be read. */
  pattern: RegExp | null
  /** Why there is no answer, in a sentence. */
  error: unknown
  isSearching: boolean
  /** Looks through the lines before `searchedFrom`, which had no time. */
  goOn: () => void
}

/** Looks through the whole console on the server; lines that came since the last answer are looked through alone. */
export function useConsoleMatches(place: ConsolePlace, search: LineSearch, total: number): ConsoleMatches {
  const trpc = useTRPC()
  const rested = useRested(search)
  const found = useMemo(() => linePattern(rested), [rested])
  const isOn = rested.q !== '' && found.kind === 'ok' && total > 0
  const of = JSON.stringify([place, rested])
  const [known, setKnown] = useState<{ of: string; answer: LogMatches } | null>(null)
  const before = known?.of === of ? known.answer : null
  const since = before === null || before.total_lines > total ? 0 : before.total_lines
  const query = useQuery({
    ...trpc.runs.consoleMatches.queryOptions({ ...place, ...rested, since }),
    // A search that has seen all lines is not asked again.
    enabled: isOn && (before === null || since < total),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    retry: false,
  })
  const fresh = query.data ?? null
  useEffect(() => {
    if (!fresh) return
    setKnown((last) => ({ of, answer: last?.of === of && since > 0 ? join(last.answer, fresh) : fresh }))
  }, [fresh, of, since])
  const queryClient = useQueryClient()
  const [isGoingOn, setGoingOn] = useState(false)
  const goOn = () => {
    if (before === null || isGoingOn) return
    setGoingOn(true)
    const older = { ...place, ...rested, since: 0, before: before.searched_from }
    queryClient
      .fetchQuery(trpc.runs.consoleMatches.queryOptions(older, { gcTime: 10_000, retry: false }))
      .then((found) =>
        setKnown((last) =>
          last?.of === of && last.answer.searched_from === older.before
            ? { of, answer: joinOlder(last.answer, found) }
            : last,
        ),
      )
      // What could not be searched still says so, with the same button.
      .catch(() => undefined)
      .finally(() => setGoingOn(false))
  }
  const isCurrent = search === rested && rested.q !== '' && before !== null
  return {
    lines: isCurrent ? before.lines : null,
    count: isCurrent ? before.matches : 0,
    searchedFrom: isCurrent ? before.searched_from : 0,
    pattern: rested.q !== '' && found.kind === 'ok' ? found.pattern : null,
    error: found.kind === 'wrong' && rested.q !== '' ? new Error(`Not a pattern: ${found.reason}.`) : query.error,
    isSearching: search.q !== '' && (search !== rested || query.isFetching || isGoingOn),
    goOn,
  }
}

/** What was found before, and in the lines that came since; the same answer twice adds nothing. */
const join = (old: LogMatches, fresh: LogMatches): LogMatches =>
  fresh.total_lines <= old.total_lines
    ? old
    : {
        ...fresh,
        searched_from: old.searched_from,
        matches: old.matches + fresh.matches,
        lines: [...old.lines, ...fresh.lines].slice(-10_000),
      }

/** What was found, with what stands before it. */
const joinOlder = (known: LogMatches, older: LogMatches): LogMatches => ({
  ...known,
  searched_from: older.searched_from,
  matches: known.matches + older.matches,
  lines: [...older.lines, ...known.lines].slice(-10_000),
})

function useRested(search: LineSearch): LineSearch {
  const [rested, setRested] = useState(search)
  useEffect(() => {
    const timer = setTimeout(() => setRested(search), search.q === '' ? 0 : REST_MS)
    return () => clearTimeout(timer)
  }, [search])
  return rested
}

/** The place in ascending `lines` of the last one at or before `line`; 0 when all lie behind it. */
export function nearestBefore(lines: readonly number[], line: number): number {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle] as number) <= line) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
