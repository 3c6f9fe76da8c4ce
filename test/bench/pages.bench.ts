import { type Browser, type BrowserContext, chromium } from '@playwright/test'
import { makeDemoPlaces, untilStanding } from './demo-places.ts'
import { type LighthouseFigures, runLighthouse } from './lighthouse.ts'
import { makeManyRuns } from './many-runs.ts'
import { type Vitals, visit, watchVitals } from './page-vitals.ts'
import type { Product } from './product.ts'
import { type Cookies, signIn } from './sign-in.ts'

export interface PageFigures {
  page: string
  /** The median of each figure over the visits that follow one that warms the server up; each has an empty cache. */
  median: Omit<Vitals, 'shifted'>
  visits: Vitals[]
}

export interface PagesFigures {
  chromium: string
  /** The recorded lifecycle. */
  demo: PageFigures[]
  /** A project of 10,000 runs and 12,000 metric names. */
  wide: PageFigures[]
  /** Bytes on the line for a run's page that was visited before, on a phone; the largest of some visits. Null: not asked for. */
  runAgainBytes: number | null
  /** Each page that is judged once per form. */
  lighthouse: LighthouseFigures[]
}

export interface PagesInput {
  /** Names of the pages to open; null for all. */
  only: readonly string[] | null
  say: (sentence: string) => void
}

const VISITS = 5
const WIDE_RUNS = 10_000
const WIDE_METRICS = 12_000
const DESKTOP = { viewport: { width: 1440, height: 900 } }
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

/** What pages cost whoever opens them: as the browser observes it, and in Lighthouse's words. Nothing is throttled but by Lighthouse. */
export async function benchPages(product: Product, { only, say }: PagesInput): Promise<PagesFigures> {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium' })
  const isWanted = (page: string) => only === null || only.includes(page)
  try {
    const cookies = await signIn(browser, product)
    const { origin } = new URL(product.signInLink)
    const at = await makeDemoPlaces(product)
    const home = `${origin}/${at.workspace}`
    const project = `${home}/${at.project}`
    const run = `${project}/runs/${at.run}`
    const login = `${origin}/sign-in`
    const runs = `${project}/runs`
    const compare = `${home}/compare/${at.comparison}`
    const signedIn = {
      lineage: project,
      runs,
      run,
      stage: `${project}/experiments/${at.stage}`,
      evaluations: `${project}/evaluations`,
      retention: `${project}/retention`,
      cost: `${project}/cost`,
      compare,
    }
    const measure = async (pages: Readonly<Record<string, string>>, as: Cookies) => {
      const figures: PageFigures[] = []
      for (const [page, address] of Object.entries(pages).filter(([name]) => isWanted(name))) {
        const seen = await visitsOf(browser, as, { page, address })
        say(`${page}: ${JSON.stringify(seen.median)}${seen.visits[0]?.shifted.map((text) => `\n  ${text}`).join('')}`)
        figures.push(seen)
      }
      return figures
    }
    const demo = [...(await measure({ 'log-in': login }, [])), ...(await measure(signedIn, cookies))]
    const runAgainBytes = isWanted('run') ? await againOnPhone(browser, cookies, run) : null
    const judge = async (pages: Readonly<Record<string, string>>, as: Cookies) => {
      const judged = Object.entries(pages).filter(([name]) => isWanted(name))
      return runLighthouse(
        judged.map(([page, address]) => ({ page, address })),
        as,
        say,
      )
    }
    const lighthouse = [...(await judge({ 'log-in': login }, [])), ...(await judge({ runs, run, compare }, cookies))]
    const wide: PageFigures[] = []
    if (isWanted('wide')) {
      const large = `${home}/${await makeWide(product, at.workspace)}`
      for (const [page, address] of Object.entries({ 'wide-project': large, 'wide-runs': `${large}/runs` })) {
        const seen = await visitsOf(browser, cookies, { page, address })
        say(`${page}: ${JSON.stringify(seen.median)}`)
        wide.push(seen)
      }
    }
    return { chromium: browser.version(), demo, wide, runAgainBytes, lighthouse }
  } finally {
    await browser.close()
  }
}

async function makeWide(product: Product, workspace: string): Promise<string> {
  const { sql } = product.clients
  const [row] = await sql<{ id: number }[]>`select id from workspaces where slug = ${workspace}`
  const input = { workspaceId: row?.id ?? 0, slug: 'wide', runs: WIDE_RUNS, stages: 400, metricKeys: WIDE_METRICS }
  const { slug } = await makeManyRuns(sql, input)
  // A project at rest: else the engine tidies up what was seeded meanwhile.
  await sql`vacuum analyze`
  return slug
}

async function visitsOf(
  browser: Browser,
  cookies: Cookies,
  { page, address }: { page: string; address: string },
): Promise<PageFigures> {
  const visits: Vitals[] = []
  for (let i = 0; i <= VISITS; i++) {
    const seen = await inContext(browser, cookies, DESKTOP, async (context) => {
      await watchVitals(context)
      return visit(await context.newPage(), address)
    })
    if (i > 0) visits.push(seen)
  }
  const medianOf = (of: keyof PageFigures['median']) => median(visits.map((seen) => seen[of]))
  return {
    page,
    median: {
      firstPaint: medianOf('firstPaint'),
      largestPaint: medianOf('largestPaint'),
      blocking: medianOf('blocking'),
      shift: medianOf('shift'),
      interactive: medianOf('interactive'),
    },
    visits,
  }
}

async function againOnPhone(browser: Browser, cookies: Cookies, address: string): Promise<number> {
  return inContext(browser, cookies, PHONE, async (context) => {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    let bytes = 0
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await session.send('Network.enable')
    const seen: number[] = []
    for (let i = 0; i <= VISITS; i++) {
      const before = bytes
      await page.goto(address)
      await untilStanding(page)
      await page.waitForTimeout(2_000)
      seen.push(bytes - before)
    }
    return Math.max(...seen.slice(1))
  })
}

async function inContext<T>(
  browser: Browser,
  cookies: Cookies,
  options: Parameters<Browser['newContext']>[0],
  work: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options)
  try {
    await context.addCookies(cookies)
    return await work(context)
  } finally {
    await context.close()
  }
}

const median = (values: readonly number[]): number =>
  Number(([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(3))
