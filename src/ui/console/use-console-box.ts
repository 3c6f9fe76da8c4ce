'use client'
import { type UIEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTextScale } from '#src/ui/kit/text-scale.ts'
import { LineHeights } from './line-heights.ts'

/** Height of a line, px of lettering of 16 px. */
const ROW_PX = 18
const OVERSCAN = 20
/** Below the last line: at 18 million px browsers place things up to a few px off. */
const BELOW_PX = 8

/**
 * Where the lines of a console lie in their box, which of them are mounted, and whether the end is followed. Rows are counted from 0,
 * from the first one that is shown.
 *
 * @param given.hidden lines before the first row
 * @param given.height of the box, CSS px
 * @param given.width of its lines, CSS px: others break them at other places
 * @param given.follows whether the end is followed from the beginning
 */
export function useConsoleBox(given: {
  rows: number
  hidden: number
  height: number
  width: number
  wraps: boolean
  follows: boolean
}) {
  const { rows, hidden, height, width, wraps } = given
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [following, setFollowing] = useState(given.follows)
  const [, setMeasured] = useState(0)
  const lastTop = useRef(0)
  /** Where it was scrolled to by itself: no hand did that. */
  const ownTop = useRef<number | null>(null)
  /** The line at the upper edge, and how far it is cut off, px. */
  const held = useRef({ line: 0, into: 0 })

  const rowPx = ROW_PX * useTextScale()
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights begin anew with what breaks the lines
  const heights = useMemo(() => new LineHeights(rowPx), [wraps, width, hidden, rowPx])
  const below = heights.topOf(rows)

  const hold = useCallback(
    (scrollTop: number) => {
      const row = heights.lineAt(scrollTop)
      held.current = { line: hidden + row, into: scrollTop - heights.topOf(row) }
    },
    [heights, hidden],
  )
  const scrollTo = useCallback(
    (to: number) => {
      const element = box.current
      if (!element) return
      element.scrollTop = to
      lastTop.current = ownTop.current = element.scrollTop
      hold(element.scrollTop)
      setTop(element.scrollTop)
    },
    [hold],
  )

  const shownHeights = useRef(heights)
  useLayoutEffect(() => {
    if (shownHeights.current === heights) return
    shownHeights.current = heights
    const { line, into } = held.current
    scrollTo(heights.topOf(Math.max(0, line - hidden)) + Math.min(into, rowPx - 1))
  }, [heights, hidden, rowPx, scrollTo])
  // Lines are as high as they turn out to be; what grew above keeps its place on the screen.
  useLayoutEffect(() => {
    const element = box.current
    if (!wraps || !element) return
    const first = heights.lineAt(element.scrollTop)
    let [moved, hasChanged] = [0, false]
    for (const row of element.querySelectorAll<HTMLElement>('[data-row]')) {
      const at = Number(row.dataset.row)
      const by = heights.set(at, row.offsetHeight)
      if (by !== 0) hasChanged = true
      if (at < first) moved += by
    }
    if (!hasChanged) return
    if (moved !== 0) scrollTo(element.scrollTop + moved)
    setMeasured((n) => n + 1)
  })
  // The end of a console that grows stays in sight while it is followed.
  useEffect(() => {
    if (following && rows > 0) scrollTo(below + BELOW_PX)
  }, [following, rows, below, scrollTo])

  /** Brings a row into sight, unless it is. */
  const show = useCallback(
    (row: number) => {
      const element = box.current
      if (!element) return
      const [y, end] = [heights.topOf(row), heights.topOf(row + 1)]
      if (y >= element.scrollTop && end <= element.scrollTop + element.clientHeight) return
      setFollowing(false)
      scrollTo(Math.max(0, y - element.clientHeight / 2))
    },
    [heights, scrollTo],
  )
  const onScroll = ({ currentTarget: element }: UIEvent<HTMLElement>) => {
    const { scrollTop } = element
    setTop(scrollTop)
    hold(scrollTop)
    const isOwn = scrollTop === ownTop.current
    ownTop.current = null
    // Lines that turn out higher move the end away, too: only whoever scrolls up leaves it.
    const isUp = scrollTop < lastTop.current
    lastTop.current = scrollTop
    if (isOwn) return
    const fromEnd = element.scrollHeight - element.clientHeight - scrollTop
    if (fromEnd > 2 * rowPx && isUp) setFollowing(false)
    else if (fromEnd < 2) setFollowing(true)
  }

  const firstRow = Math.max(0, heights.lineAt(top) - OVERSCAN)
  return {
    box,
    onScroll,
    show,
    following,
    setFollowing,
    /** Rows that are mounted: from, and up to without. */
    firstRow,
    lastRow: Math.min(rows, heights.lineAt(top + height) + 1 + OVERSCAN),
    /** Px above the first of them. */
    firstTop: heights.topOf(firstRow),
    /** The last row in sight. */
    inSight: Math.max(0, heights.lineAt(top + height) - 1),
    /** Of all rows together, px. */
    wholePx: below + BELOW_PX,
  }
}
