'use client'
import { ActionIcon, Skeleton, TextInput } from '@mantine/core'
import { ArrowDownToLine, ChevronDown, ChevronUp, Download, Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { saveFile } from '#src/ui/kit/save-file.ts'
import { ansiText } from './ansi-spans.ts'
import styles from './console.module.css'
import {
  type ConsoleLine,
  type ConsolePlace,
  PAGE_LINES,
  SEARCH_LINES_MAX,
  useConsoleEnd,
  useConsolePages,
} from './console-lines.ts'
import { findHits, HITS_MAX, type Hit } from './find-hits.ts'
import { LineText } from './line-text.tsx'

const ROW_PX = 18
const OVERSCAN = 20
/** A box higher than this is not drawn right by browsers; older lines of a longer console are in the download. */
const ROWS_MAX = 1_500_000
const NO_HITS: readonly Hit[] = []

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

export interface ConsoleViewProps extends ConsolePlace {
  /** Asks for new lines. */
  live: boolean
  height: number
  /** A line (from 1) to show and mark. */
  linked: number | null
  linkTo: (line: number) => string
  /** Why there may be nothing: "The run has not started." */
  none: string
}

/** The console of a run: only what is visible is mounted, the end is followed until one scrolls up. */
export function ConsoleView(props: ConsoleViewProps) {
  const place: ConsolePlace = { workspace: props.workspace, project: props.project, run: props.run }
  const end = useConsoleEnd(place, props.live, true)
  const total = end.data?.total_lines ?? 0
  const hidden = Math.max(0, total - ROWS_MAX)
  const rows = total - hidden
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [following, setFollowing] = useState(props.linked === null)
  const [word, setWord] = useState('')
  const [current, setCurrent] = useState(0)

  const firstRow = Math.max(0, Math.floor(top / ROW_PX) - OVERSCAN)
  const lastRow = Math.min(rows, Math.ceil((top + props.height) / ROW_PX) + OVERSCAN)
  const isSearching = word !== ''
  const searchFrom = Math.max(hidden, total - SEARCH_LINES_MAX)
  const wanted = pagesOf(isSearching ? searchFrom : hidden + firstRow, isSearching ? total : hidden + lastRow)
  const loaded = useConsolePages(place, 0, total, wanted)

  const searched = useMemo(
    () => (isSearching ? [...loaded.lines.values()].sort((a, b) => a.n - b.n) : []),
    [isSearching, loaded.lines],
  )
  const hits = useMemo(() => {
    const found = findHits(
      searched.map((line) => ansiText(line.text)),
      word,
    )
    return found.map((hit) => ({ ...hit, line: searched[hit.line]?.n ?? 0 }))
  }, [searched, word])
  const hitsByLine = useMemo(() => byLine(hits), [hits])
  const hit = hits[Math.min(current, hits.length - 1)] ?? null

  const show = (line: number) => {
    setFollowing(false)
    const element = box.current
    if (element) element.scrollTop = Math.max(0, (line - hidden) * ROW_PX - element.clientHeight / 2)
  }
  // The end of a console that grows stays in sight while it is followed.
  useEffect(() => {
    const element = box.current
    if (following && element && rows > 0) element.scrollTop = rows * ROW_PX
  }, [following, rows])
  const linked = props.linked
  const hasLines = rows > 0
  useEffect(() => {
    const element = box.current
    if (linked !== null && hasLines && element)
      element.scrollTop = Math.max(0, (linked - 1 - hidden) * ROW_PX - element.clientHeight / 2)
  }, [linked, hasLines, hidden])

  const step = (by: number) => {
    if (hits.length === 0) return
    const next = (Math.min(current, hits.length - 1) + by + hits.length) % hits.length
    setCurrent(next)
    const target = hits[next]
    if (target) show(target.line)
  }

  return (
    <div>
      <div className={styles.head}>
        <h2 className={styles.title}>Console</h2>
        <span className={styles.count}>{formatExactCount(total)} lines</span>
        <TextInput
          className={styles.search}
          aria-label="Search the console"
          placeholder="Search"
          leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
          rightSection={
            isSearching ? (
              <span className={styles.count}>{hitWords(hits.length, current, loaded.isLoading)}</span>
            ) : null
          }
          rightSectionWidth={isSearching ? 84 : 0}
          value={word}
          onChange={(event) => {
            setWord(event.currentTarget.value)
            setCurrent(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
            if (event.key === 'Escape') setWord('')
          }}
        />
        {isSearching ? (
          <>
            <Step label="Previous place" onClick={() => step(-1)} Icon={ChevronUp} />
            <Step label="Next place" onClick={() => step(1)} Icon={ChevronDown} />
            {hit ? <CopyLink path={props.linkTo(hit.line + 1)} /> : null}
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
          <Step
            label="Download the lines that are loaded"
            Icon={Download}
            onClick={() =>
              saveFile(
                `run-${props.run}.log`,
                'text/plain',
                [...loaded.lines.values()]
                  .sort((a, b) => a.n - b.n)
                  .map((line) => `${line.text}\n`)
                  .join(''),
              )
            }
          />
        </div>
      </div>
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
          style={{ height: Math.min(props.height, rows * ROW_PX + 12) }}
          role="region"
          aria-label="Console lines"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          onScroll={(event) => {
            const element = event.currentTarget
            setTop(element.scrollTop)
            const fromEnd = element.scrollHeight - element.clientHeight - element.scrollTop
            if (fromEnd > 2 * ROW_PX) setFollowing(false)
            else if (fromEnd < 2) setFollowing(true)
          }}
        >
          <div className={styles.sizer} style={{ height: rows * ROW_PX }}>
            <div className={styles.rows} style={{ top: firstRow * ROW_PX }}>
              {numbers(hidden + firstRow, hidden + lastRow).map((n) => (
                <Row
                  key={n}
                  n={n}
                  line={loaded.lines.get(n)}
                  hits={hitsByLine.get(n) ?? NO_HITS}
                  current={hit?.line === n ? hit : null}
                  isLinked={props.linked === n + 1}
                />
              ))}
            </div>
          </div>
        </div>
      )}
      {loaded.error ? (
        <p className={styles.foot} role="status">
          Some lines could not be loaded.{' '}
          <button type="button" className="link" onClick={loaded.retry}>
            Try again
          </button>
        </p>
      ) : null}
      {isSearching && searchFrom > 0 ? (
        <p className={styles.foot}>
          Searched the newest {formatExactCount(SEARCH_LINES_MAX)} of {formatExactCount(total)} lines.
        </p>
      ) : null}
    </div>
  )
}

function Row(props: {
  n: number
  line: ConsoleLine | undefined
  hits: readonly Hit[]
  current: Hit | null
  isLinked: boolean
}) {
  const { line } = props
  return (
    <div className={styles.row} data-linked={props.isLinked || undefined}>
      <span className={styles.number}>{props.n + 1}</span>
      {line ? (
        <>
          <time
            className={styles.time}
            dateTime={new Date(line.t).toISOString()}
            title={new Date(line.t).toISOString()}
          >
            {clock.format(line.t)}
          </time>
          <span className={styles.source} data-fd={line.fd} title={`attempt ${line.attempt}`}>
            {line.fd === 2 ? 'err' : 'out'}
          </span>
          <span>
            <LineText text={line.text} hits={props.hits} current={props.current} />
          </span>
        </>
      ) : (
        <span className={styles.time}>…</span>
      )}
    </div>
  )
}

/** Links to the line of the current place: lines are too low to be targets themselves. */
function CopyLink({ path }: { path: string }) {
  return <CopyButton icon label="Copy a link to this line" text={new URL(path, window.location.href).href} />
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

function byLine(hits: readonly Hit[]): Map<number, Hit[]> {
  const lines = new Map<number, Hit[]>()
  for (const hit of hits) {
    const there = lines.get(hit.line)
    if (there) there.push(hit)
    else lines.set(hit.line, [hit])
  }
  return lines
}

function hitWords(n: number, current: number, isLoading: boolean): string {
  if (n === 0) return isLoading ? '…' : 'none'
  return `${Math.min(current, n - 1) + 1} of ${n}${n === HITS_MAX ? '+' : ''}`
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

function pagesOf(from: number, to: number): number[] {
  if (to <= from) return []
  return numbers(Math.floor(from / PAGE_LINES), Math.floor((to - 1) / PAGE_LINES) + 1)
}
