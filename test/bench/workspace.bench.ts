import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type Browser, chromium, type Page } from '@playwright/test'
import { fillRuns, sealRuns } from './fill.ts'
import type { Product } from './product.ts'
import { type Cookies, signIn } from './sign-in.ts'
import { type BenchWorld, makeBenchWorld } from './world.ts'

export interface WorkspaceFigures {
  chromium: string
  loadBefore: number
  loadAfter: number
  /** Runs, points and charts of the workspace in which runs are hidden and shown. */
  runs: number
  points: number
  charts: number
  /** Charts that were mounted of all of them. */
  mounted: number
  /** From opening the page until the first chart of all runs is on the screen, ms. */
  opened: number
  /** From hiding, and from showing, half of the runs until every chart in view is painted anew, ms; the median of several. */
  hidden: number
  shown: number
  /** Keys of one run, and the longest frames while its charts are scrolled through, ms. */
  keys: number
  frames: { median: number; p95: number; longest: number; over50: number; of: number }
}

const STEPS = 10_000
const TURNS = 5
const VIEW = { width: 1440, height: 900 }

/**
 * A workspace of 500 charts in a browser on this machine: half of 100 runs with a million points hidden and shown again; then one of
 * 5,000 keys of one run, scrolled through.
 */
export async function benchWorkspace(product: Product, { runs = 100, keys = 5_000 } = {}): Promise<WorkspaceFigures> {
  const loadBefore = os.loadavg()[0] ?? 0
  const many = await makeBenchWorld(product.clients.sql, runs)
  const all = many.runs.map((_, i) => i)
  await fillRuns(product, many, { runs: all, keys: ['loss'], stepsPerRun: STEPS, stepsPerBatch: STEPS })
  const others = Array.from({ length: 499 }, (_, k) => `part_${k % 10}/key_${k}`)
  await fillRuns(product, many, { runs: all, keys: others, stepsPerRun: 4, stepsPerBatch: 4 })
  const wide = await makeBenchWorld(product.clients.sql, 1)
  const names = Array.from({ length: keys }, (_, k) => `layer_${k % 40}/key_${k}`)
  for (let k = 0; k < keys; k += 500)
    await fillRuns(product, wide, { runs: [0], keys: names.slice(k, k + 500), stepsPerRun: 60, stepsPerBatch: 60 })
  await sealRuns(product, many, all)

  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const cookies = await signIn(browser, product)
    for (const world of [many, wide])
      await product.clients.sql`
        insert into members (workspace_id, user_id, role)
        select ${world.workspaceId}, id, 'owner' from users where name <> 'Bench' on conflict do nothing`
    const { page, context } = await openPage(browser, cookies)
    const begin = Date.now()
    await page.goto(await addressOf(product, many), { waitUntil: 'commit' })
    await untilDrawn(page, runs)
    const opened = Date.now() - begin
    await pause(3_000)
    const [hidden, shown]: number[][] = [[], []]
    for (let turn = 0; turn < TURNS; turn++) {
      hidden?.push(await change(page, `1-${runs / 2}`, runs / 2))
      shown?.push(await change(page, null, runs))
    }
    const mounted = await page.locator('figure').count()
    await context.close()
    const frames = await scrollThrough(browser, cookies, await addressOf(product, wide))
    return {
      chromium: browser.version(),
      loadBefore,
      loadAfter: os.loadavg()[0] ?? 0,
      runs,
      points: runs * (STEPS + others.length * 4),
      charts: others.length + 1,
      mounted,
      opened,
      hidden: median(hidden ?? []),
      shown: median(shown ?? []),
      keys,
      frames,
    }
  } finally {
    await browser.close()
  }
}

async function addressOf(product: Product, world: BenchWorld): Promise<string> {
  const [workspace] = await product.clients.sql<{ slug: string }[]>`
    select slug from workspaces where id = ${world.workspaceId}`
  return `${new URL(product.signInLink).origin}/${workspace?.slug}/bench/runs`
}

type Drawing = { lines: number; at: number }
type NotedWindow = typeof window & { drawings: Drawing[] }

async function openPage(browser: Browser, cookies: Cookies) {
  const context = await browser.newContext({ viewport: VIEW })
  await context.addCookies(cookies)
  await context.addInitScript(() => {
    const drawings: Drawing[] = []
    ;(window as NotedWindow).drawings = drawings
    new PerformanceObserver((list) => {
      for (const mark of list.getEntriesByName('chart drawn'))
        drawings.push({ lines: (mark as PerformanceMark).detail.lines, at: mark.startTime })
    }).observe({ type: 'mark' })
  })
  return { page: await context.newPage(), context }
}

const untilDrawn = (page: Page, lines: number) =>
  page.waitForFunction((n) => (window as NotedWindow).drawings?.some((d) => d.lines === n), lines, { timeout: 120_000 })

/** Hides runs through the address, as a press of their eyes does; from there until the last chart in view is painted with the rest. */
async function change(page: Page, hide: string | null, lines: number): Promise<number> {
  const plots = await page.locator('canvas').count()
  return page.evaluate(
    async ({ hide, lines, plots }) => {
      const { drawings } = window as NotedWindow
      drawings.length = 0
      const url = new URL(location.href)
      if (hide === null) url.searchParams.delete('hide')
      else url.searchParams.set('hide', hide)
      const begin = performance.now()
      history.replaceState(null, '', url)
      while (drawings.filter((d) => d.lines === lines).length < plots && performance.now() - begin < 20_000)
        await new Promise((next) => requestAnimationFrame(next))
      // The frame after the one in which the last canvas was handed over.
      const painted = await new Promise<number>((next) => requestAnimationFrame(() => requestAnimationFrame(next)))
      return painted - begin
    },
    { hide, lines, plots },
  )
}

async function scrollThrough(browser: Browser, cookies: Cookies, address: string): Promise<WorkspaceFigures['frames']> {
  const { page, context } = await openPage(browser, cookies)
  await page.goto(`${address}?pane=charts`, { waitUntil: 'commit' })
  await untilDrawn(page, 1)
  await pause(3_000)
  const frames = await page.evaluate(async () => {
    const list = document.querySelector('[aria-label="List of charts"]')
    if (!list) throw new Error('The list of charts is not on the page.')
    const times: number[] = []
    let before = performance.now()
    for (let frame = 0; frame < 400; frame++) {
      // A turn of the wheel every few frames, and then a moment to read.
      if (frame % 100 < 80) list.scrollTop += 60
      const now = await new Promise<number>((next) => requestAnimationFrame(next))
      times.push(now - before)
      before = now
    }
    return times.slice(1)
  })
  await context.close()
  const sorted = frames.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return {
    median: at(0.5),
    p95: at(0.95),
    longest: at(1),
    over50: frames.filter((ms) => ms > 50).length,
    of: frames.length,
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
