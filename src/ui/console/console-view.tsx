'use client'
import { ActionIcon, Skeleton, TextInput } from '@mantine/core'
import { ArrowDownToLine, CaseSensitive, ChevronDown, ChevronUp, Download, Regex, Search } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { Problem } from '#src/ui/kit/problem.tsx'
import { readFailure } from '#src/ui/trpc-client.tsx'
import styles from './console.module.css'
import { type ConsoleLine, type ConsolePlace, PAGE_LINES, useConsoleEnd, useConsolePages } from './console-lines.ts'
import { nearestBefore, useConsoleMatches } from './console-matches.ts'
import { LineFoot } from './line-foot.tsx'
import { LineText } from './line-text.tsx'

const ROW_PX = 18
const OVERSCAN = 20
/** Below the last line: at 18 million px browsers place things up to a few px off. */
const BELOW_PX = 8
/** A box higher than this is not drawn right by browsers; older lines of a longer console are in the download. */
const ROWS_MAX = 1_500_000

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
})

export interface ConsoleViewProps extends ConsolePlace {
  /** Asks for new lines. */
  live: boolean
  height: number
  /** A line (from 1) to show and mark. */
  linked: number | null
  /** Somebody chose a line, or none. */
  onLink: (line: number | null) => void
  linkTo: (line: number) => string
  /** Why there may be nothing: "The run has not started." */
  none: string
}

/** The console of a run: only what is visible is mounted, the end is followed until one scrolls up. */
export function ConsoleView(props: ConsoleViewProps) {
  const { workspace, project, run, linked, onLink } = props
  const place: ConsolePlace = useMemo(() => ({ workspace, project, run }), [workspace, project, run])
  const end = useConsoleEnd(place, props.live, true)
  const total = end.data?.total_lines ?? 0
  const hidden = Math.max(0, total - ROWS_MAX)
  const rows = total - hidden
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [following, setFollowing] = useState(linked === null)
  const [search, setSearch] = useState({ q: '', regex: false, exact: false })
  /** Index into the lines that match; null: nobody has gone to one yet. */
  const [current, setCurrent] = useState<number | null>(null)

  const firstRow = Math.max(0, Math.floor(top / ROW_PX) - OVERSCAN)
  const lastRow = Math.min(rows, Math.ceil((top + props.height) / ROW_PX) + OVERSCAN)
  const loaded = useConsolePages(place, 0, total, pagesOf(hidden + firstRow, hidden + lastRow))
  const matches = useConsoleMatches(place, search, total)
  const isSearching = search.q !== ''
  const lines = matches.lines ?? NO_LINES
  const inSight = hidden + Math.floor((top + props.height) / ROW_PX) - 1
  const at = lines.length === 0 || current === null ? null : Math.min(current, lines.length - 1)
  const hit = at === null ? null : (lines[at] ?? null)

  const show = (line: number) => {
    const element = box.current
    if (!element) return
    const y = (line - hidden) * ROW_PX
    if (y < element.scrollTop || y + ROW_PX > element.scrollTop + element.clientHeight) {
      setFollowing(false)
      element.scrollTop = Math.max(0, y - element.clientHeight / 2)
    }
  }
  // The end of a console that grows stays in sight while it is followed.
  useEffect(() => {
    const element = box.current
    if (following && element && rows > 0) element.scrollTop = rows * ROW_PX + BELOW_PX
  }, [following, rows])
  const hasLines = rows > 0
  const shownLink = useRef<number | null>(null)
  useEffect(() => {
    const element = box.current
    if (linked === null || !hasLines || !element || shownLink.current === linked) return
    shownLink.current = linked
    const y = (linked - 1 - hidden) * ROW_PX
    if (y >= element.scrollTop && y + ROW_PX <= element.scrollTop + element.clientHeight) return
    setFollowing(false)
    element.scrollTop = Math.max(0, y - element.clientHeight / 2)
  }, [linked, hasLines, hidden])
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

  const step = (by: number) => {
    if (at === null) return
    const next = (at + by + lines.length) % lines.length
    setCurrent(next)
    const target = lines[next]
    if (target !== undefined) show(target)
  }
  const look = (change: Partial<typeof search>) => {
    setSearch({ ...search, ...change })
    setCurrent(null)
  }
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

  return (
    <div>
      <div className={styles.head}>
        <h2 className={styles.title}>Console</h2>
        <span className={styles.count}>{formatExactCount(total)} lines</span>
        <TextInput
          className={styles.search}
          aria-label="Search the console"
          placeholder={search.regex ? 'Regular expression' : 'Search'}
          leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
          rightSection={
            <span className={styles.searchTools}>
              {isSearching ? (
                <span className={styles.count} role="status">
                  {failure ? 'not searched' : hitWords(at, lines.length, matches.count, matches.isSearching)}
                </span>
              ) : null}
              <Toggle
                label="Match case"
                Icon={CaseSensitive}
                on={search.exact}
                onClick={() => look({ exact: !search.exact })}
              />
              <Toggle
                label="Regular expression"
                Icon={Regex}
                on={search.regex}
                onClick={() => look({ regex: !search.regex })}
              />
            </span>
          }
          rightSectionWidth={isSearching ? 168 : 60}
          error={failure !== null}
          value={search.q}
          onChange={(event) => look({ q: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
            if (event.key === 'Escape' && isSearching) {
              event.stopPropagation()
              look({ q: '' })
            }
          }}
        />
        {isSearching ? (
          <>
            <Step label="Previous place" onClick={() => step(-1)} Icon={ChevronUp} />
            <Step label="Next place" onClick={() => step(1)} Icon={ChevronDown} />
          </>
        ) : null}
        <div className={styles.actions}>
          <button
            type="button"
            className={styles.follow}
            aria-pressed={following}
            onClick={() => setFollowing(!following)}
          >
            <ArrowDownToLine size={14} strokeWidth={1.75} aria-hidden />
            {following ? 'Following' : 'Follow'}
          </button>
          {total > 0 ? (
            <ActionIcon
              component="a"
              variant="subtle"
              color="gray"
              size={28}
              href={`/api/screen/console?${new URLSearchParams({ workspace, project, run: String(run) })}`}
              aria-label={`Download all ${formatExactCount(total)} lines`}
              title={`Download all ${formatExactCount(total)} lines`}
            >
              <Download size={14} strokeWidth={1.75} aria-hidden />
            </ActionIcon>
          ) : null}
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
          ref={box}
          className={styles.box}
          style={{ height: Math.min(props.height, rows * ROW_PX + BELOW_PX + 12) }}
          role="region"
          aria-label="Console lines"
          aria-keyshortcuts="Enter"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          onKeyDown={onBoxKey}
          onClick={onBoxClick}
          onScroll={(event) => {
            const element = event.currentTarget
            setTop(element.scrollTop)
            const fromEnd = element.scrollHeight - element.clientHeight - element.scrollTop
            if (fromEnd > 2 * ROW_PX) setFollowing(false)
            else if (fromEnd < 2) setFollowing(true)
          }}
        >
          <div className={styles.sizer} style={{ height: rows * ROW_PX + BELOW_PX }}>
            <div className={styles.rows} style={{ top: firstRow * ROW_PX }}>
              {numbers(hidden + firstRow, hidden + lastRow).map((n) => (
                <Row
                  key={n}
                  n={n}
                  line={loaded.lines.get(n)}
                  pattern={matches.pattern}
                  isCurrent={hit === n}
                  isLinked={linked === n + 1}
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
      {isSearching && matches.searchedFrom > 0 ? (
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

function Row(props: {
  n: number
  line: ConsoleLine | undefined
  pattern: RegExp | null
  isCurrent: boolean
  isLinked: boolean
}) {
  const { line } = props
  return (
    <div className={styles.row} data-line={props.n + 1} data-linked={props.isLinked || undefined}>
      <span className={styles.number}>{props.n + 1}</span>
      {line ? (
        <>
          <time
            className={styles.time}
            dateTime={new Date(line.t).toISOString()}
            title={new Date(line.t).toISOString()}
            suppressHydrationWarning
          >
            {clock.format(line.t)}
          </time>
          <span className={styles.source} data-fd={line.fd} title={`attempt ${line.attempt}`}>
            {line.fd === 2 ? 'err' : 'out'}
          </span>
          <span>
            <LineText text={line.text} pattern={props.pattern} isCurrent={props.isCurrent} />
          </span>
        </>
      ) : (
        <span className={styles.time}>…</span>
      )}
    </div>
  )
}

function Toggle(props: { label: string; on: boolean; onClick: () => void; Icon: typeof ChevronUp }) {
  return (
    <ActionIcon
      variant="subtle"
      color={props.on ? undefined : 'gray'}
      className={styles.toggle}
      size={24}
      aria-label={props.label}
      aria-pressed={props.on}
      title={props.label}
      onClick={props.onClick}
    >
      <props.Icon size={15} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  )
}

function Step(props: { label: string; onClick: () => void; Icon: typeof ChevronUp }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={28}
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <props.Icon size={14} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  )
}

/** "3 of 9"; where only the newest are told one by one, "3 of 10,000+" with all of them counted. */
function hitWords(at: number | null, told: number, count: number, isSearching: boolean): string {
  if (at === null) return isSearching ? '…' : 'none'
  // The oldest of those that are told has a number of its own among all.
  return `${formatExactCount(count - told + at + 1)} of ${formatExactCount(count)}`
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

function pagesOf(from: number, to: number): number[] {
  if (to <= from) return []
  return numbers(Math.floor(from / PAGE_LINES), Math.floor((to - 1) / PAGE_LINES) + 1)
}
