'use client'
import { Skeleton } from '@mantine/core'
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { useWidth } from '#src/ui/charts/box-size.ts'
import { Problem } from '#src/ui/kit/problem.tsx'
import { readFailure } from '#src/ui/trpc-client.tsx'
import { type ChartsAround, ChartsFollow, whyNotFollowing } from './charts-follow.tsx'
import styles from './console.module.css'
import { ConsoleActions } from './console-actions.tsx'
import { type ConsolePlace, PAGE_LINES, useConsoleEnd, useConsolePages } from './console-lines.ts'
import { nearestBefore, useConsoleMatches } from './console-matches.ts'
import { ConsoleRow } from './console-row.tsx'
import { ConsoleSearch, type ConsoleSearchWords } from './console-search.tsx'
import { LineFoot } from './line-foot.tsx'
import { useConsoleBox } from './use-console-box.ts'

/** A box higher than this is not drawn right by browsers; older lines of a longer console are in the download. */
const ROWS_MAX = 1_500_000
/** Room of the box beside its lines: its border and padding, px. */
const FRAME_PX = 12

export interface ConsoleViewProps extends ConsolePlace {
  /** Asks for new lines. */
  live: boolean
  height: number
  /** A line (from 1) to show and mark. */
  linked: number | null
  /** Somebody chose a line, or none. */
  onLink: (line: number | null) => void
  linkTo: (line: number) => string
  /** Lines are broken at the edge of the box. */
  wraps: boolean
  onWraps: (wraps: boolean) => void
  /** The charts around it, and whether the lines follow their crosshair. */
  charts: ChartsAround & { follows: boolean; onFollows: (follows: boolean) => void }
  /** Why there may be nothing: "The run has not started." */
  none: string
}

/** The console of a run: only what is visible is mounted, the end is followed until one scrolls up. Must be used below a `ChartGroup`. */
export function ConsoleView(props: ConsoleViewProps) {
  const { workspace, project, run, linked, onLink, wraps, charts } = props
  const place: ConsolePlace = useMemo(() => ({ workspace, project, run }), [workspace, project, run])
  const end = useConsoleEnd(place, props.live, true)
  const total = end.data?.total_lines ?? 0
  const hidden = Math.max(0, total - ROWS_MAX)
  const rows = total - hidden
  const whole = useRef<HTMLDivElement>(null)
  const lines = useConsoleBox({
    rows,
    hidden,
    height: props.height,
    width: useWidth(whole),
    wraps,
    follows: linked === null,
  })
  const from = hidden + lines.firstRow
  const to = hidden + lines.lastRow
  const loaded = useConsolePages(place, 0, total, pagesOf(from, to))
  /** The line of the charts' crosshair, from 0. */
  const [charted, setCharted] = useState<number | null>(null)

  const { show: showRow } = lines
  const show = useCallback((line: number) => showRow(line - hidden), [showRow, hidden])
  const showCharted = useCallback(
    (line: number) => {
      setCharted(line)
      show(line)
    },
    [show],
  )
  const inSight = hidden + lines.inSight
  const found = useFoundPlaces(place, total, inSight, show)
  const { matches, hit } = found
  const hasLines = rows > 0
  const shownLink = useRef<number | null>(null)
  useEffect(() => {
    if (linked === null || !hasLines || shownLink.current === linked) return
    shownLink.current = linked
    show(linked - 1)
  }, [linked, hasLines, show])

  const choose = (line: number) => onLink(Math.min(total, Math.max(1, line)))
  const onBoxKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Enter') choose((hit ?? Math.min(inSight, total - 1)) + 1)
    else if (event.key === 'Escape' && linked !== null) onLink(null)
    else if (by !== 0 && linked !== null) choose(linked + by)
    else return
    event.preventDefault()
  }
  const onBoxClick = (event: MouseEvent<HTMLDivElement>) => {
    // A text that was selected is meant to be copied.
    if (window.getSelection()?.isCollapsed === false) return
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-line]')
    const line = Number(row?.dataset.line)
    if (line > 0) onLink(line === linked ? null : line)
  }
  const failure = matches.error ? readFailure(matches.error) : null
  const isCharted = charts.follows && whyNotFollowing(charts) === null

  return (
    <div ref={whole}>
      <div className={styles.head}>
        <h2 className={styles.title}>Console</h2>
        <span className={styles.count}>{formatExactCount(total)} lines</span>
        <ConsoleSearch
          search={found.search}
          onSearch={found.look}
          onStep={found.step}
          at={found.at}
          told={found.told}
          count={matches.count}
          isSearching={matches.isSearching}
          hasFailed={failure !== null}
        />
        <div className={styles.actions}>
          {isCharted ? <ChartsFollow place={place} charts={charts} onLine={showCharted} /> : null}
          <ConsoleActions
            place={place}
            total={total}
            charts={{
              ...charts,
              onFollows: (follows) => {
                setCharted(null)
                charts.onFollows(follows)
              },
            }}
            wraps={wraps}
            onWraps={props.onWraps}
            following={lines.following}
            onFollowing={lines.setFollowing}
          />
        </div>
      </div>
      {failure ? (
        <p className={styles.refused} role="alert">
          {failure.sentence}
        </p>
      ) : null}
      {end.isError && !end.data ? (
        <Problem what="The console" error={end.error} retry={() => void end.refetch()} />
      ) : end.data === undefined ? (
        <Skeleton height={props.height} />
      ) : total === 0 ? (
        <p className="ink-3">{props.none}</p>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a box that scrolls, not a part of the page
        <div
          ref={lines.box}
          className={styles.box}
          data-wraps={wraps || undefined}
          style={{ height: Math.min(props.height, lines.wholePx + FRAME_PX) }}
          role="region"
          aria-label="Console lines"
          aria-keyshortcuts="Enter"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          onKeyDown={onBoxKey}
          onClick={onBoxClick}
          onScroll={lines.onScroll}
        >
          <div className={styles.sizer} style={{ height: lines.wholePx }}>
            <div className={styles.rows} style={{ top: lines.firstTop }}>
              {numbers(from, to).map((n) => (
                <ConsoleRow
                  key={n}
                  n={n}
                  row={n - hidden}
                  line={loaded.lines.get(n)}
                  pattern={matches.pattern}
                  isCurrent={hit === n}
                  isLinked={linked === n + 1}
                  isCharted={charts.follows && charted === n}
                />
              ))}
            </div>
          </div>
        </div>
      )}
      {linked !== null && linked <= total ? (
        <LineFoot
          n={linked}
          line={loaded.lines.get(linked - 1)}
          link={props.linkTo(linked)}
          onClose={() => onLink(null)}
        />
      ) : null}
      {loaded.error ? (
        <p className={styles.foot} role="status">
          Some lines could not be loaded.{' '}
          <button type="button" className="link" onClick={loaded.retry}>
            Try again
          </button>
        </p>
      ) : null}
      {found.search.q !== '' && matches.searchedFrom > 0 ? (
        <p className={styles.foot}>
          Lines before {formatExactCount(matches.searchedFrom + 1)} were not searched yet: the time for it was over.{' '}
          <button type="button" className="link" onClick={matches.goOn} aria-busy={matches.isSearching}>
            {matches.isSearching ? 'Searching …' : 'Search on'}
          </button>
        </p>
      ) : null}
      {hidden > 0 ? (
        <p className={styles.foot}>
          The newest {formatExactCount(ROWS_MAX)} lines are shown; the download has all {formatExactCount(total)}.
        </p>
      ) : null}
    </div>
  )
}

const NO_LINES: readonly number[] = []

/** What is looked for, the places that match, and the one that was gone to. */
function useFoundPlaces(place: ConsolePlace, total: number, inSight: number, show: (line: number) => void) {
  const [search, setSearch] = useState<ConsoleSearchWords>({ q: '', regex: false, exact: false })
  /** Index into the lines that match; null: nobody has gone to one yet. */
  const [current, setCurrent] = useState<number | null>(null)
  const matches = useConsoleMatches(place, search, total)
  const lines = matches.lines ?? NO_LINES
  const at = lines.length === 0 || current === null ? null : Math.min(current, lines.length - 1)

  // A new search begins at the place nearest to what is in sight, which comes into sight by itself.
  const begin = useRef(() => {})
  begin.current = () => {
    const first = nearestBefore(lines, inSight)
    setCurrent(first)
    if (lines[first] !== undefined) show(lines[first])
  }
  const hasNewHits = current === null && lines.length > 0
  useEffect(() => {
    if (hasNewHits) begin.current()
  }, [hasNewHits])

  return {
    search,
    matches,
    at,
    told: lines.length,
    /** The line, from 0. */
    hit: at === null ? null : (lines[at] ?? null),
    step: (by: 1 | -1) => {
      if (at === null) return
      const next = (at + by + lines.length) % lines.length
      setCurrent(next)
      const target = lines[next]
      if (target !== undefined) show(target)
    },
    look: (change: Partial<ConsoleSearchWords>) => {
      setSearch({ ...search, ...change })
      setCurrent(null)
    },
  }
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

function pagesOf(from: number, to: number): number[] {
  if (to <= from) return []
  return numbers(Math.floor(from / PAGE_LINES), Math.floor((to - 1) / PAGE_LINES) + 1)
}
