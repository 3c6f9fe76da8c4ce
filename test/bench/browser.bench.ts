import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Browser, chromium, type Page } from '@playwright/test'
import { writeBinaryBatch } from '#src/core/metrics/binary-batch.ts'
import { fillRuns, openSender, sealRuns } from './fill.ts'
import type { Product } from './product.ts'
import { type Cookies, signIn } from './sign-in.ts'
import { type BenchWorld, makeBenchWorld } from './world.ts'

/** Median and extremes of what was measured, ms. */
export interface Spread {
  median: number
  least: number
  greatest: number
}

export interface MemorySample {
  minute: number
  /** Used by the page's JavaScript after a collection, bytes. */
  heap: number
  /** Typed arrays' bytes, which lie outside of the heap. */
  arrays: number
  nodes: number
  listeners: number
  /** Resident memory of the page's process that it shares with nobody, bytes; 0 where the system does not tell. */
  resident: number
}

export interface BrowserFigures {
  chromium: string
  loadBefore: number
  loadAfter: number
  lines: number
  /** Buckets or points drawn, all lines together. */
  points: number
  /** From the parsed document, and from when the page answers to keys and pointer, until the lines are on the screen. */
  drawnAfterDomInteractive: Spread
  drawnAfterInteractive: Spread
  /** From releasing the pointer until the old points lie scaled on the screen, and until the finer ones do. */
  zoomRedraw: Spread
  zoomFiner: Spread
  live: {
    minutes: number
    runs: number
    samples: MemorySample[]
    /** Least squares over the samples, bytes a minute. */
    heapPerMinute: number
    arraysPerMinute: number
    residentPerMinute: number
    /** Heap and arrays together: the least of the last third of the samples against that of the first, since answers come and go. */
    growthPercent: number
    heapFirstToLast: number
    /** Heap and arrays after a collection: the least of the last three samples against the least of the first three from minute 2 on, bytes. */
    grownFromMinute2: number
    arraysFirstToLast: number
    redraws: number
  } | null
}

export interface BrowserOptions {
  liveMinutes: number
  runs?: number
  liveRuns?: number
  /** Steps that each live run takes a second. */
  liveRate?: number
  navigations?: number
  zooms?: number
  /** Where pictures of the chart are kept. */
  picturesIn?: string
}

const STEPS = 10_000
/** First samples are of code that is still being compiled. */
const SETTLE_MS = 120_000
const SAMPLE_MS = 30_000
const LIVE_KEYS = ['train/loss', ...Array.from({ length: 19 }, (_, k) => `train/key_${k}`)]
const VIEW = { width: 1440, height: 900 }

/**
 * The page of runs with their curves compared, in a browser on this machine: how soon it is drawn and zoomed, and what memory it takes
 * while the runs go on.
 */
export async function benchBrowser(product: Product, options: BrowserOptions): Promise<BrowserFigures> {
  const { runs = 100, liveRuns = 50, liveRate = 1, navigations = 5, zooms = 5, liveMinutes } = options
  const loadBefore = os.loadavg()[0] ?? 0
  const { sql } = product.clients
  const world = await makeBenchWorld(sql, runs)
  await fillRuns(product, world, {
    runs: world.runs.map((_, i) => i),
    keys: ['train/loss'],
    stepsPerRun: STEPS,
    stepsPerBatch: STEPS,
    values: lossOf,
  })
  await sealRuns(
    product,
    world,
    world.runs.map((_, i) => i),
  )
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium' })
  try {
    const cookies = await signIn(browser, product)
    await sql`
      insert into members (workspace_id, user_id, role)
      select ${world.workspaceId}, id, 'owner' from users where name <> 'Bench' on conflict do nothing`
    const open = (size = VIEW, scheme: 'light' | 'dark' = 'light') => openPage(browser, cookies, size, scheme)
    const address = await addressOf(product, world)
    const drawn = await timesOf(navigations, async () => {
      const { page, context } = await open()
      const times = await navigate(page, address, runs)
      await context.close()
      return times
    })
    const { page, context } = await open()
    const { points } = await navigate(page, address, runs)
    const zoomed = await timesOf(zooms, (i) => zoom(page, i))
    await context.close()
    if (options.picturesIn) await takePictures(options.picturesIn, open, address, runs)
    const live =
      liveMinutes > 0 ? await watchLive(product, { browser, cookies, liveRuns, liveRate, liveMinutes }) : null
    return {
      chromium: browser.version(),
      loadBefore,
      loadAfter: os.loadavg()[0] ?? 0,
      lines: runs,
      points,
      drawnAfterDomInteractive: spreadOf(drawn.map((times) => times.sinceDomInteractive)),
      drawnAfterInteractive: spreadOf(drawn.map((times) => times.sinceInteractive)),
      zoomRedraw: spreadOf(zoomed.map((times) => times.redraw)),
      zoomFiner: spreadOf(zoomed.map((times) => times.finer)),
      live,
    }
  } finally {
    await browser.close()
  }
}

/** A loss that falls at a pace of its run's own, with the noise of batches. */
function lossOf(run: number, _key: number, first: number, n: number): Float64Array {
  const pace = 600 + 25 * (run % 37)
  const floor = 2.2 + 0.02 * (run % 29)
  let state = 7 + run * 7919 + first
  return Float64Array.from({ length: n }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const noise = state / 2 ** 32 - 0.5
    return Math.fround(floor + 7 * Math.exp(-(first + i) / pace) + 0.35 * noise)
  })
}

async function addressOf(product: Product, world: BenchWorld): Promise<string> {
  const [workspace] = await product.clients.sql<{ slug: string }[]>`
    select slug from workspaces where id = ${world.workspaceId}`
  return `${new URL(product.signInLink).origin}/${workspace?.slug}/bench/runs?pane=charts`
}

/** What the page notes of itself: every drawing of a chart, and when the pointer was last released. */
interface Noted {
  drawings: { lines: number; points: number; data: [number, number]; at: number; painted: number | null }[]
  released: number
}

type NotedWindow = typeof window & { noted: Noted }

async function openPage(browser: Browser, cookies: Cookies, size: typeof VIEW, scheme: 'light' | 'dark') {
  const context = await browser.newContext({ viewport: size, colorScheme: scheme })
  await context.addCookies(cookies)
  await context.addInitScript(() => {
    const noted: Noted = { drawings: [], released: 0 }
    ;(window as NotedWindow).noted = noted
    new PerformanceObserver((list) => {
      for (const mark of list.getEntriesByName('chart drawn')) {
        const drawing = { ...(mark as PerformanceMark).detail, at: mark.startTime, painted: null }
        noted.drawings.push(drawing)
        if (noted.drawings.length > 20) noted.drawings.shift()
        // The frame after the one in which the canvas was handed over.
        requestAnimationFrame(() =>
          requestAnimationFrame((now) => {
            drawing.painted = Math.max(now, drawing.at)
          }),
        )
      }
    }).observe({ type: 'mark' })
    addEventListener(
      'pointerup',
      (event) => {
        noted.released = event.timeStamp
        noted.drawings = []
      },
      true,
    )
  })
  return { page: await context.newPage(), context }
}

async function navigate(page: Page, address: string, lines: number) {
  await page.goto(address, { waitUntil: 'commit' })
  await page.waitForFunction(
    (n) => (window as NotedWindow).noted?.drawings.some((d) => d.lines === n && d.painted !== null),
    lines,
    { timeout: 60_000 },
  )
  return page.evaluate((n) => {
    const { drawings } = (window as NotedWindow).noted
    const first = drawings.find((d) => d.lines === n && d.painted !== null)
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const [interactive] = performance.getEntriesByName('page interactive')
    const painted = first?.painted ?? Number.NaN
    return {
      sinceDomInteractive: painted - (navigation?.domInteractive ?? Number.NaN),
      sinceInteractive: painted - (interactive?.startTime ?? Number.NaN),
      points: first?.points ?? 0,
    }
  }, lines)
}

/** Drags over a fifth of the plot and resets. */
async function zoom(page: Page, turn: number): Promise<{ redraw: number; finer: number }> {
  const plot = page.locator('[aria-roledescription="chart"]').first()
  await plot.scrollIntoViewIfNeeded()
  const box = await plot.boundingBox()
  if (!box) throw new Error('The chart has no place on the page.')
  const y = box.y + box.height / 2
  const from = box.x + box.width * (0.2 + 0.1 * turn)
  await page.mouse.move(from, y)
  await page.mouse.down()
  await page.mouse.move(from + box.width / 10, y, { steps: 4 })
  await page.mouse.move(from + box.width / 5, y, { steps: 4 })
  await page.mouse.up()
  const settled = () =>
    page.waitForFunction(
      () => {
        const { drawings } = (window as NotedWindow).noted
        const [scaled] = drawings
        return (
          drawings.every((d) => d.painted !== null) && drawings.some((d) => String(d.data) !== String(scaled?.data))
        )
      },
      undefined,
      { timeout: 30_000 },
    )
  await settled()
  const times = await page.evaluate(() => {
    const { drawings, released } = (window as NotedWindow).noted
    const [scaled] = drawings
    const finer = drawings.find((d) => String(d.data) !== String(scaled?.data))
    return { redraw: (scaled?.painted ?? Number.NaN) - released, finer: (finer?.painted ?? Number.NaN) - released }
  })
  await page.getByRole('button', { name: 'Reset zoom' }).first().click()
  await settled()
  await pause(300)
  return times
}

async function takePictures(
  folder: string,
  open: (size: typeof VIEW, scheme: 'light' | 'dark') => ReturnType<typeof openPage>,
  address: string,
  lines: number,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const scheme of ['light', 'dark'] as const)
    for (const size of [VIEW, { width: 390, height: 844 }]) {
      const { page, context } = await open(size, scheme)
      await navigate(page, address, lines)
      await pause(500)
      const name = path.join(folder, `${lines}-lines-${size.width}-${scheme}`)
      await page.screenshot({ path: `${name}.png` })
      const box = await page.locator('[aria-roledescription="chart"]').first().boundingBox()
      if (box) await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.6)
      await pause(300)
      await page.screenshot({ path: `${name}-read.png` })
      await context.close()
    }
}

/** Each run takes steps of twenty keys, in one batch a second, while a page shows all of them. */
async function watchLive(
  product: Product,
  on: { browser: Browser; cookies: Cookies; liveRuns: number; liveRate: number; liveMinutes: number },
): Promise<BrowserFigures['live']> {
  const { sql } = product.clients
  const world = await makeBenchWorld(sql, on.liveRuns)
  await sql`
    insert into members (workspace_id, user_id, role)
    select ${world.workspaceId}, id, 'owner' from users where name <> 'Bench' on conflict do nothing`
  // As many points as the plot has pixels and more, before it begins: what grows afterwards is no longer line.
  await fillRuns(product, world, {
    runs: world.runs.map((_, i) => i),
    keys: LIVE_KEYS,
    stepsPerRun: STEPS,
    stepsPerBatch: STEPS / 4,
    values: lossOf,
  })
  const writing = beginWriting(product, world, on.liveRate)
  const page = await openUnwatched(on.browser, on.cookies, await addressOf(product, world))
  try {
    const isDrawn = `performance.getEntriesByName('chart drawn')[0]?.detail.lines === ${on.liveRuns}`
    for (const until = Date.now() + 60_000; !(await page.evaluate<boolean>(isDrawn)); await pause(200))
      if (Date.now() > until) throw new Error('The chart of live runs was not drawn within a minute.')
    await page.evaluate(COUNT_DRAWINGS)
    await page.call('HeapProfiler.enable')
    await pause(Math.min(SETTLE_MS, on.liveMinutes * 20_000))
    const samples: MemorySample[] = []
    const began = Date.now()
    const before = await page.evaluate<number>('drawings')
    for (;;) {
      samples.push(await sampleMemory(on.browser, page, began))
      if (Date.now() - began >= on.liveMinutes * 60_000) break
      await pause(Math.min(SAMPLE_MS, began + on.liveMinutes * 60_000 - Date.now()))
    }
    const redraws = (await page.evaluate<number>('drawings')) - before
    const firstToLast = (of: 'heap' | 'arrays') => (samples.at(-1)?.[of] ?? 0) - (samples[0]?.[of] ?? 0)
    return {
      minutes: on.liveMinutes,
      runs: on.liveRuns,
      samples,
      heapPerMinute: slopeOf(samples.map((s) => [s.minute, s.heap])),
      arraysPerMinute: slopeOf(samples.map((s) => [s.minute, s.arrays])),
      residentPerMinute: slopeOf(samples.map((s) => [s.minute, s.resident])),
      grownFromMinute2: grownFrom(samples, 2),
      growthPercent: growthOf(samples.map((s) => s.heap + s.arrays)),
      heapFirstToLast: firstToLast('heap'),
      arraysFirstToLast: firstToLast('arrays'),
      redraws,
    }
  } finally {
    await writing.end()
    await page.close()
  }
}

function beginWriting(product: Product, world: BenchWorld, rate: number): { end(): Promise<void> } {
  const sender = openSender(product, world)
  let isGoing = true
  const writers = world.runs.map(async (_, run) => {
    const stream = randomUUID()
    await pause((1_000 * run) / world.runs.length)
    for (let seq = 1, step = STEPS; isGoing; seq++, step += rate) {
      const next = pause(1_000)
      const steps = Float64Array.from({ length: rate }, (_, i) => step + i)
      const times = steps.map((_, i) => Date.now() - (1_000 * (rate - 1 - i)) / rate)
      const keys = LIVE_KEYS.map((key, k) => ({ key, values: lossOf(run, k, step, rate) }))
      const body = writeBinaryBatch([{ steps, times: times.map(Math.round), keys }])
      await sender.send(run, { stream, seq, body })
      await next
    }
  })
  return {
    end: async () => {
      isGoing = false
      await Promise.all(writers)
      sender.end()
    },
  }
}

const COUNT_DRAWINGS = `
  globalThis.drawings = 0
  new PerformanceObserver((list) => {
    drawings += list.getEntriesByName('chart drawn').length
  }).observe({ type: 'mark' })`

/** A page over the bare protocol. */
interface UnwatchedPage {
  call<T>(method: string, parameters?: object): Promise<T>
  evaluate<T>(expression: string): Promise<T>
  close(): Promise<void>
}

/**
 * A page whose network nobody listens to. Of a page of Playwright's the browser keeps each answer for who may ask for it, which grows by
 * some megabytes a minute where a page asks every second.
 */
async function openUnwatched(browser: Browser, cookies: Cookies, url: string): Promise<UnwatchedPage> {
  const devtools = await browser.newBrowserCDPSession()
  const { browserContextId } = await devtools.send('Target.createBrowserContext')
  const kept = cookies.map(({ name, value, domain, path: under, httpOnly, sameSite }) => {
    return { name, value, domain, path: under, httpOnly, sameSite }
  })
  await devtools.send('Storage.setCookies', { browserContextId, cookies: kept })
  const { targetId } = await devtools.send('Target.createTarget', { url, browserContextId, ...VIEW })
  const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: false })
  const waiting = new Map<number, (answer: { result?: unknown; error?: { message: string } }) => void>()
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message)
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let calls = 0
  const call = <T>(method: string, parameters: object = {}): Promise<T> => {
    const id = ++calls
    const answered = new Promise<T>((resolve, reject) => {
      waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result as T)))
    })
    const message = JSON.stringify({ id, method, params: parameters })
    return devtools.send('Target.sendMessageToTarget', { sessionId, message }).then(() => answered)
  }
  const evaluate = async <T>(expression: string): Promise<T> => {
    // Between the address's process and the one before it a page has no world to evaluate in.
    for (const giveUpAt = Date.now() + 10_000; ; await pause(20))
      try {
        return (await call<{ result: { value: T } }>('Runtime.evaluate', { expression, returnByValue: true })).result
          .value
      } catch (error) {
        if (Date.now() > giveUpAt || !/default execution context/.test(String(error))) throw error
      }
  }
  return {
    call,
    evaluate,
    close: async () => {
      await devtools.send('Target.disposeBrowserContext', { browserContextId })
      await devtools.detach()
    },
  }
}

async function sampleMemory(browser: Browser, page: UnwatchedPage, began: number): Promise<MemorySample> {
  // What a collection frees may hold on to more that the next one frees.
  for (let i = 0; i < 2; i++) await page.call('HeapProfiler.collectGarbage')
  const heap = await page.call<{ usedSize: number; backingStorageSize?: number }>('Runtime.getHeapUsage')
  const dom = await page.call<{ nodes: number; jsEventListeners: number }>('Memory.getDOMCounters')
  return {
    minute: Number(((Date.now() - began) / 60_000).toFixed(2)),
    heap: heap.usedSize,
    arrays: heap.backingStorageSize ?? 0,
    nodes: dom.nodes,
    listeners: dom.jsEventListeners,
    resident: await residentOf(browser),
  }
}

/** Of the largest page process: only one page is open. */
async function residentOf(browser: Browser): Promise<number> {
  const devtools = await browser.newBrowserCDPSession()
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo')
  await devtools.detach()
  const sizes = processInfo
    .filter(({ type, id }) => type === 'renderer' && existsSync(`/proc/${id}/status`))
    .map(({ id }) => Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) * 1024)
  return Math.max(0, ...sizes)
}

async function timesOf<T>(n: number, measure: (turn: number) => Promise<T>): Promise<T[]> {
  const all: T[] = []
  for (let i = 0; i < n; i++) all.push(await measure(i))
  return all
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.map((ms) => Math.round(ms)).sort((a, b) => a - b)
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    least: sorted[0] ?? Number.NaN,
    greatest: sorted.at(-1) ?? Number.NaN,
  }
}

/** Answers come and go: of both ends the least of three samples counts. */
function grownFrom(samples: readonly MemorySample[], minute: number): number {
  const sizes = samples.filter((s) => s.minute >= minute).map((s) => s.heap + s.arrays)
  return sizes.length < 2 ? 0 : Math.min(...sizes.slice(-3)) - Math.min(...sizes.slice(0, 3))
}

function growthOf(sizes: readonly number[]): number {
  const third = Math.ceil(sizes.length / 3)
  return Number((100 * (Math.min(...sizes.slice(-third)) / Math.min(...sizes.slice(0, third)) - 1)).toFixed(2))
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((total, point) => total + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  let above = 0
  let below = 0
  for (const point of points) {
    above += (point[0] - x) * (point[1] - y)
    below += (point[0] - x) ** 2
  }
  return below === 0 ? 0 : Math.round(above / below)
}
