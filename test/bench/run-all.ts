/**
 * `npm run bench`: every figure; `npm run bench -- ratios`: those that have a bound, in under twelve minutes;
 * `npm run bench -- browser --minutes 10 --rate 10`: the page of 100 runs in a browser, and of 50 live ones for so long, each of them
 * with so many steps of twenty keys a second (1);
 * `npm run bench -- matrix`: the evaluations of 200 checkpoints, asked for and in a browser;
 * `npm run bench -- lineage`: capability over tokens of 154 checkpoints × 20 benchmarks, and a lineage of 500 stages, in a browser;
 * `npm run bench -- workspace`: 500 charts of 100 runs, half of them hidden and shown, and the charts of 5,000 keys scrolled through;
 * `npm run bench -- bundle`: the JavaScript that a first visit of each page downloads;
 * `npm run bench -- pages [--only run,wide]`: when pages are painted and can be used, how far they shift, and what Lighthouse says;
 * `npm run bench -- console`: a console of a million lines, opened at its end and searched;
 * `npm run bench -- search --seconds 60`: search on 100,000 runs, and random searches for so long. The product runs in a
 * process of its own on the embedded engine, or on a new database at DATABASE_URL, the client beside it on the same machine; ratios
 * are taken inside one run, so that a slow machine does not fail them. Results are kept with commit and machine under `results/`.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openClients } from '#src/db/clients.ts'
import { benchBrowser } from './browser.bench.ts'
import { benchBundle } from './bundle.bench.ts'
import { benchCharts } from './charts.bench.ts'
import { benchConsole } from './console.bench.ts'
import { benchDatabase, benchRows } from './database.bench.ts'
import { benchDoor } from './door.bench.ts'
import { benchExtremes } from './extremes.bench.ts'
import { benchIngest, type IngestFigures, WIRES } from './ingest.bench.ts'
import { benchLatest } from './latest.bench.ts'
import { benchLimits } from './limits.bench.ts'
import { benchLineage } from './lineage.bench.ts'
import { benchLive } from './live.bench.ts'
import { benchMatrix } from './matrix.bench.ts'
import { benchMemory } from './memory.bench.ts'
import { benchPages } from './pages.bench.ts'
import { type Product, startProduct } from './product.ts'
import { benchDurable, benchSdk } from './sdk.bench.ts'
import { benchSearch } from './search.bench.ts'
import { benchStored } from './stored.bench.ts'
import { benchWorkspace } from './workspace.bench.ts'

const what = process.argv[2] ?? 'all'
const ALONE: Readonly<Record<string, () => Promise<void>>> = {
  browser: measureBrowser,
  bundle: measureBundle,
  pages: measurePages,
  workspace: measureWorkspace,
  matrix: measureMatrix,
  lineage: measureLineage,
  console: measureConsole,
  search: measureSearch,
}
const alone = ALONE[what]
if (!alone && what !== 'all' && what !== 'ratios') {
  say(`There is no bench "${what}". Give ratios, ${Object.keys(ALONE).join(', ')}, or nothing for all.`)
  process.exit(2)
}
const isAll = what === 'all'
const startedAt = new Date()
const loadBefore = os.loadavg()[0]
const url = process.env.DATABASE_URL || undefined
const results: Record<string, unknown> = {}
const ratios: Bound[] = []

const hasPages = alone !== undefined && what !== 'console' && what !== 'search'
let product = await startProduct(url, hasPages)
const [server] = await product.clients.sql<{ version: string }[]>`select current_setting('server_version') as version`
say(
  `PostgreSQL ${server?.version} (${product.kind}), ${os.cpus().length} cores, load ${loadBefore?.toFixed(1)} before.`,
)
if (alone) {
  await alone().finally(() => product.stop())
  finish()
  process.exit()
}
try {
  results.limits = benchLimits()

  const layer = await benchDatabase(product.target)
  results.database = layer
  say(
    `Database layer: ${millions(layer.tailPointsPerSecond)} points/s in groups, ${millions(layer.rowPointsPerSecond)} as rows.`,
  )
  atLeast('database-layer-1000-points-to-row-per-point', layer.tailPointsPerSecond / layer.rowPointsPerSecond, 10)
  atLeast('grouped-20-points-to-single-commits', layer.groupedBatchesPerSecond / layer.singleBatchesPerSecond, 4)

  product = await anew(product)
  const rows = await benchRows(product.target, { seconds: 8, warmUpSeconds: 8 })
  results.rowPointsPerSecond = rows
  say(`A row per point, as long as the whole path: ${millions(rows)} points/s.`)
  product = await anew(product)
  const whole = await ingest('binary', 50, 16, 8, 8)
  atLeast('whole-path-binary-1000-points-to-row-per-point', whole.pointsPerSecond / rows, 8)
  const step = await ingest('json', 1, 16, 5, 3)
  results.ingest = [whole, step]
  if (isAll) {
    const all: IngestFigures[] = [whole, step]
    for (const steps of [1, 50, 500])
      for (const wire of WIRES)
        for (const connections of [1, 4, 16]) all.push(await ingest(wire, steps, connections, 3))
    results.ingest = all
  }

  product = await anew(product)
  const charts = await benchCharts(product, {
    isLarge: isAll,
    ingest: isAll ? (isGoing) => ingestWhile(product, isGoing) : null,
  })
  results.charts = charts
  say(
    `Charts over HTTP, ms: 100 × 10 k ${charts.hundred10k}, 1 × 10 k ${charts.one10k}, 1 × 1 M ${charts.one1MFull}, ` +
      `10 % ${charts.one1MTenth}, 1 % ${charts.one1MHundredth}; 100 × 10 k with GROUP BY ${charts.hundred10kGroupBy}.`,
  )
  if (isAll)
    say(
      `100 × 1 M ${charts.hundred1M}, 10 % of it ${charts.hundred1MTenth}; 100 × 10 k beside ingest ${charts.hundred10kWhileIngesting}.`,
    )
  atLeast('chart-100x10k-to-group-by', charts.hundred10kGroupBy / charts.hundred10k, 20)
  atMost('chart-1m-to-10k-points', charts.one1MFull / charts.one10k, 3)

  product = await anew(product)
  const stored = await benchStored(product)
  results.stored = stored
  say(`Sealed: ${stored.bytesPerPoint} bytes per point of ${millions(stored.points)}, everything included.`)
  atMost('bytes-per-point', stored.bytesPerPoint, 9)

  const { door, nextRoute } = await benchDoor(product.clients, product.target)
  results.door = door
  results.nextRoute = nextRoute
  for (const [name, load] of Object.entries({ 'Bare door': door, 'Next route': nextRoute }))
    say(
      `${name}: ${load.requestsPerSecond} requests/s, p50 ${load.p50Ms} ms, ${load.serverCpuMicrosecondsPerRequest} µs of CPU each.`,
    )
  atLeast('door-to-next-route', door.requestsPerSecond / nextRoute.requestsPerSecond, 10)

  const sdk = benchSdk()
  results.sdk = sdk
  if (sdk) atMost('sdk-log-median-microseconds', sdk.log.median_us, 5)
  else say('Python client: not measured, since there is no python3 on the path.')
  if (isAll) {
    const durable = await benchDurable(product)
    results.durable = durable
    if (durable) {
      say(`Python client, from log() to durable: ${millions(durable.points_per_s)} points/s.`)
      atLeast('sdk-million-points-per-second-to-durable', durable.points_per_s / 1e6, 1)
    }
    results.latest = await benchLatest(product)
    say(`Latest of 20 metrics for 1,000 runs: ${JSON.stringify(results.latest)}`)
    results.live = await benchLive(product)
    say(`200 tabs: ${JSON.stringify(results.live)}`)
    product = await anew(product)
    await measureConsole()
    product = await anew(product)
    results.extremes = await benchExtremes(product)
    say(`Wide and deep: ${JSON.stringify(results.extremes)}`)
    product = await anew(product)
    results.memory = await benchMemory(product)
    say(`An hour of 50 runs: ${JSON.stringify(results.memory)}`)
  }
} finally {
  await product.stop()
}
finish()

function finish(): void {
  keep()
  for (const bound of ratios) say(line(bound))
  const short = ratios.filter((bound) => !holds(bound))
  for (const bound of short) say(`Falls short: ${bound.name} is ${bound.value}.`)
  process.exitCode = short.length === 0 ? 0 : 1
}

async function measureBrowser(): Promise<void> {
  const given = (name: string, usual: number) => {
    const at = process.argv.indexOf(name)
    return at < 0 ? usual : Number(process.argv[at + 1])
  }
  const liveRate = given('--rate', 1)
  const figures = await benchBrowser(product, { liveMinutes: given('--minutes', 10), liveRate })
  results.browser = figures
  say(`Browser: ${JSON.stringify({ ...figures, live: { ...figures.live, samples: undefined } })}`)
  atMost('browser-100x10k-drawn-ms', figures.drawnAfterInteractive.median, 500)
  atMost('browser-zoom-redraw-ms', figures.zoomRedraw.median, 100)
  // At ten times the rate lines grow within the ten minutes, until they have four buckets per pixel and are reduced anew.
  if (figures.live && liveRate === 1) atMost('browser-live-memory-growth-percent', figures.live.growthPercent, 5)
  else if (figures.live) atMost('browser-live-memory-grown-from-minute-2-MB', figures.live.grownFromMinute2 / 1e6, 10)
}

/** 154 checkpoints × 20 benchmarks over tokens; 500 stages as a graph and as a table. */
async function measureLineage(): Promise<void> {
  const lineage = await benchLineage(product)
  results.lineage = lineage
  say(`Lineage: ${JSON.stringify(lineage)}`)
  atMost('capability-154x20-drawn-ms', lineage.capabilityDrawn, 1000)
  atMost('lineage-500-stages-laid-out-ms', lineage.graphLaidOut, 1000)
}

/** 200 × 200 cells, 10,000 of them with 1,000 items; a new baseline: what is in sight, everything, and a window of a larger project. */
async function measureMatrix(): Promise<void> {
  const matrix = await benchMatrix(product, true)
  results.matrix = matrix
  say(`Matrix: ${JSON.stringify(matrix)}`)
  atMost('matrix-new-window-ms', Math.max(...Object.values(matrix.newWindow)), 100)
  atMost('matrix-window-ms', Math.max(...Object.values(matrix.window)), 100)
  atMost('matrix-whole-ms', Math.max(...Object.values(matrix.newAll), ...Object.values(matrix.all)), 2000)
  atMost('matrix-large-window-p95-ms', matrix.large.p95, 100)
  atMost('matrix-interactive-ms', Math.max(...(matrix.browser?.interactive ?? [])), 1500)
  atMost('matrix-switch-painted-ms', Math.max(...Object.values(matrix.browser?.switched ?? {})), 100)
}

/** 100,000 runs: searches with rows and cells, completion, groups, and whatever somebody may type. */
async function measureSearch(): Promise<void> {
  const given = process.argv.indexOf('--seconds')
  const clients = openClients(product.target, { max: 8, name: 'descent bench search' })
  try {
    const search = await benchSearch(clients, given < 0 ? 60 : Number(process.argv[given + 1]))
    results.search = search
    for (const { q, sort, total, p50, max } of search.searches)
      say(
        `${p50} ms (${max} at most) for ${total} runs: ${q || 'all'}${sort.length > 0 ? ` by ${sort.join(', ')}` : ''}`,
      )
    say(
      `Completion ${JSON.stringify(search.completion)}, groups ${JSON.stringify(search.groups)}, fuzz ${JSON.stringify(search.fuzz)}`,
    )
    atMost('search-p95-ms', search.p95, 150)
    atMost('search-completion-p95-ms', search.completion.p95, 150)
    atMost('search-fuzz-failures', search.fuzz.failures.length, 0)
    atMost('search-fuzz-stall-ms', search.fuzz.stallMs, 100)
  } finally {
    await clients.end()
  }
}

/** Kilobytes of 1,000 bytes; pages with charts or the graph may load those behind their first scripts. */
async function measureBundle(): Promise<void> {
  const lines = await benchBundle(product)
  results.bundle = lines
  for (const { route, first, calm } of lines) say(`${kilo(first)} kB first, ${kilo(calm)} kB calm: ${route}`)
  const isTable = ({ route }: { route: string }) => route === '/[workspace]/[project]/runs'
  const largest = (values: readonly number[]) => Math.max(...values) / 1000
  atMost('first-load-kB', largest(lines.filter((line) => !isTable(line)).map((line) => line.first)), 250)
  atMost('first-load-runs-table-kB', largest(lines.filter(isTable).map((line) => line.first)), 300)
  atMost('with-charts-and-graph-kB', largest(lines.map((line) => line.calm)), 450)
}

/** Figures of pages as the browser observes them, and Lighthouse's scores; on a phone the latter are told and have no bound. */
async function measurePages(): Promise<void> {
  const only = process.argv.indexOf('--only')
  const figures = await benchPages(product, { only: only < 0 ? null : (process.argv[only + 1] ?? '').split(','), say })
  results.pages = figures
  for (const { page, median } of figures.demo) {
    atMost(`${page}-largest-paint-ms`, median.largestPaint, 2_000)
    atMost(`${page}-blocking-ms`, median.blocking, 200)
    atMost(`${page}-layout-shift`, median.shift, 0.05)
  }
  for (const { page, median } of figures.wide) atMost(`${page}-interactive-ms`, median.interactive, 2_000)
  if (figures.runAgainBytes !== null) atMost('run-again-on-a-phone-kB', figures.runAgainBytes / 1000, 300)
  for (const { page, scores } of figures.lighthouse.filter(({ form }) => form === 'desktop')) {
    atLeast(`lighthouse-${page}-accessibility`, scores.accessibility, 100)
    atLeast(`lighthouse-${page}-best-practices`, scores['best-practices'], 95)
    atLeast(`lighthouse-${page}-performance`, scores.performance, 90)
  }
}

function kilo(bytes: number): string {
  return (bytes / 1000).toFixed(0)
}

async function measureWorkspace(): Promise<void> {
  const figures = await benchWorkspace(product)
  results.workspace = figures
  say(`Workspace: ${JSON.stringify(figures)}`)
  atMost('workspace-hide-50-runs-ms', figures.hidden, 200)
  atMost('workspace-show-50-runs-ms', figures.shown, 200)
  atMost('workspace-scroll-longest-frame-ms', figures.frames.longest, 50)
}

async function measureConsole(): Promise<void> {
  const figures = await benchConsole(product)
  results.console = figures
  say(`Console: ${JSON.stringify(figures)}`)
  atMost('console-end-ms', figures.endFirstMs, 1000)
  atMost('console-search-median-ms', Math.max(...figures.searches.map(({ ms }) => ms)), 500)
}

async function ingest(
  wire: (typeof WIRES)[number],
  steps: number,
  connections: number,
  seconds: number,
  warmUpSeconds = 1,
) {
  const figures = await benchIngest(product, { wire, steps, connections, seconds, warmUpSeconds })
  say(
    `${steps * 20} points, ${wire}, ${connections} connections: ${figures.requestsPerSecond} requests/s, ` +
      `${millions(figures.pointsPerSecond)} points/s, p50 ${figures.p50Ms} ms, p99 ${figures.p99Ms} ms, ` +
      `${figures.serverCpuMicrosecondsPerRequest} µs of the server's CPU each, ${Math.round(figures.sealedShare * 100)} % sealed.`,
  )
  return figures
}

async function ingestWhile(on: Product, isGoing: () => boolean): Promise<void> {
  while (isGoing()) await benchIngest(on, { wire: 'binary', steps: 50, connections: 8, seconds: 2, warmUpSeconds: 1 })
}

/** A fresh product: what one bench left in memory and tables does not weigh on the next. */
async function anew(old: Product): Promise<Product> {
  await old.stop()
  return startProduct(url)
}

interface Bound {
  name: string
  value: number
  atLeast?: number
  atMost?: number
}

function atLeast(name: string, value: number, bound: number): void {
  ratios.push({ name, value: Number(value.toFixed(2)), atLeast: bound })
}

function atMost(name: string, value: number, bound: number): void {
  ratios.push({ name, value: Number(value.toFixed(3)), atMost: bound })
}

function holds({ value, atLeast: least = -Infinity, atMost: most = Infinity }: Bound): boolean {
  return value >= least && value <= most
}

function line({ name, value, atLeast: least, atMost: most }: Bound): string {
  return `RATIO ${name} ${value} ${least === undefined ? `at-most ${most}` : `at-least ${least}`}`
}

function millions(n: number): string {
  return `${(n / 1e6).toFixed(2)} M`
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

function keep(): void {
  const commit = commitNow()
  const result = {
    what,
    commit,
    at: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1_000),
    machine: {
      cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.cpus().length,
      memoryGiB: Math.round(os.totalmem() / 2 ** 30),
      platform: `${os.platform()} ${os.arch()}`,
      node: process.version,
      loadBefore,
    },
    engine: { kind: url === undefined ? 'embedded' : 'DATABASE_URL', version: server?.version },
    ratios,
    ...results,
  }
  const folder = fileURLToPath(new URL('results', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const file = path.join(
    folder,
    `${startedAt.toISOString().slice(0, 10)}-${commit.slice(0, 10)}${isAll ? '' : `-${what}`}.json`,
  )
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  say(`Kept in ${path.relative(process.cwd(), file)}.`)
}

function commitNow(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
