/** What a browser itself observes of one visit of a page: LCP, blocking, shifts, and when it can be used. */
import type { BrowserContext, Page } from '@playwright/test'
import { untilStanding } from './demo-places.ts'

/** One visit, ms since the navigation began. */
export interface Vitals {
  firstPaint: number
  largestPaint: number
  /** What each task between first paint and interactive took beyond 50 ms, summed. */
  blocking: number
  /** The largest burst of layout shifts, of the viewport; no unit. */
  shift: number
  /** No placeholder is in sight any more, the document is complete, and the last long task before a calm has ended. */
  interactive: number
  /** What shifted most, in words that find it; empty where nothing did. */
  shifted: string[]
}

/** Without a long task for so long a page is calm. */
const CALM_MS = 1_000
const LONG_TASK_MS = 50

type Watched = typeof window & {
  vitals: {
    largestPaint: number
    tasks: { start: number; end: number }[]
    shifts: { at: number; value: number; what: string }[]
  }
}

/** Makes every page of a context note what it observes. */
export async function watchVitals(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const vitals: Watched['vitals'] = { largestPaint: 0, tasks: [], shifts: [] }
    ;(window as Watched).vitals = vitals
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) vitals.largestPaint = entry.startTime
    }).observe({ type: 'largest-contentful-paint', buffered: true })
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        vitals.tasks.push({ start: startTime, end: startTime + duration })
    }).observe({ type: 'longtask', buffered: true })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
          value: number
          hadRecentInput: boolean
          sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[]
        }
        if (hadRecentInput) continue
        const what = sources.map(({ node, previousRect: from, currentRect: to }) => {
          const element = node instanceof Element ? node : node?.parentElement
          const name = `${element?.tagName.toLowerCase()}.${element?.className}`
          return `${name} from ${from.top}, ${from.height} high, to ${to.top}, ${to.height} high`
        })
        vitals.shifts.push({ at: entry.startTime, value, what: `${value.toFixed(3)}: ${what.join('; ')}` })
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

/** Opens an address in a page of a watched context and waits until it is calm. */
export async function visit(page: Page, address: string): Promise<Vitals> {
  await page.goto(address, { waitUntil: 'commit' })
  await untilStanding(page)
  const seen = await page.evaluate(async (calmMs) => {
    const { vitals } = window as Watched
    let stood = performance.now()
    for (;;) {
      await new Promise((next) => setTimeout(next, 25))
      const now = performance.now()
      const waits = [...document.querySelectorAll('.mantine-Skeleton-root')].some((shape) => {
        const { top, bottom } = shape.getBoundingClientRect()
        return bottom > 0 && top < innerHeight
      })
      // A part may come later than the first and have a placeholder of its own.
      if (waits) stood = now
      if (now > 60_000) throw new Error('The page was not calm within a minute.')
      if (document.readyState === 'complete' && now - Math.max(stood, vitals.tasks.at(-1)?.end ?? 0) > calmMs) break
    }
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const firstPaint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0
    return { ...vitals, stood, firstPaint, complete: navigation?.domComplete ?? 0 }
  }, CALM_MS)
  const { firstPaint, largestPaint, tasks, shifts, complete, stood } = seen
  const interactive = Math.max(stood, complete, firstPaint, ...tasks.map(({ end }) => end))
  const blocking = tasks
    .filter(({ end }) => end > firstPaint)
    .reduce((sum, { start, end }) => sum + Math.max(0, end - Math.max(start, firstPaint) - LONG_TASK_MS), 0)
  return {
    firstPaint,
    largestPaint,
    blocking,
    shift: largestBurst(shifts),
    interactive,
    shifted: shifts
      .toSorted((a, b) => b.value - a.value)
      .map(({ what }) => what)
      .slice(0, 5),
  }
}

/** As the standard of cumulative layout shift has it: bursts end after a second without a shift, and after five. */
export function largestBurst(shifts: readonly { at: number; value: number }[]): number {
  let largest = 0
  let burst = { first: Number.NEGATIVE_INFINITY, last: Number.NEGATIVE_INFINITY, value: 0 }
  for (const { at, value } of shifts) {
    const goesOn = at - burst.last < 1_000 && at - burst.first < 5_000
    burst = goesOn ? { ...burst, last: at, value: burst.value + value } : { first: at, last: at, value }
    largest = Math.max(largest, burst.value)
  }
  return largest
}
