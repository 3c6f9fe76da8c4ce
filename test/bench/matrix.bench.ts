import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import { seededUniform } from '#src/core/evaluations/bootstrap.ts'
import { packItems } from '#src/core/evaluations/packed-items.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import type { Sql } from '#src/db/clients.ts'
import type { Matrix } from '#src/protocol/matrix.ts'
import type { Product } from './product.ts'
import { type BenchWorld, makeBenchWorld } from './world.ts'

const ITEMS = 1_000
/** As a page asks for them. */
const PAGE = 16
const REPEATS = 40
/** Until all columns are there and the other baselines were asked for ahead. */
const CALM_MS = 4_000
/** Times one window is asked for again. */
const WINDOWS = 21
const KINDS = ['parent', 'root', 'best'] as const

export interface MatrixFigures {
  /** 200 × 200 cells, 10,000 of them with 1,000 right or wrong items each; ms over HTTP. */
  seededSeconds: number
  /** The first answer of a server that has read nothing yet, and of all pages after it. */
  firstWindow: number
  firstAll: number
  /**
   * The visible columns and the whole against a baseline that nobody asked for before, once the cells are in memory: median and largest
   * of all windows, and their sum.
   */
  newWindow: Record<string, number>
  newWindowGreatest: Record<string, number>
  newAll: Record<string, number>
  /** The same asked for again, medians; CPU of the server's process is its own, without the engine's. */
  window: Record<string, number>
  windowCpu: Record<string, number>
  all: Record<string, number>
  /** A window of 16 of 1,000 checkpoints × 100 benchmarks: p50, p95, and the largest. */
  large: { p50: number; p95: number; greatest: number; first: number }
  /** Null where no browser was asked for. */
  browser: {
    interactive: number[]
    /** Once the page is calm, by what was clicked. */
    switched: Record<string, number>
    /** A switch at once after the first cell can be used, while the rest still comes. */
    hurried: number
    pageErrors: number
  } | null
}

/** The matrix of checkpoints and benchmarks: windows of it, the whole, and in a browser. */
export async function benchMatrix(product: Product, withBrowser: boolean): Promise<MatrixFigures> {
  const { sql } = product.clients
  const began = performance.now()
  const world = await makeBenchWorld(sql, 0)
  const small = await seedMeasured(sql, world, {
    slug: 'matrix',
    stages: 200,
    perStage: 1,
    benchmarks: 200,
    withItems: 50,
  })
  await seedMeasured(sql, world, { slug: 'large', stages: 100, perStage: 10, benchmarks: 100, withItems: 25 })
  // A project at rest: else the engine tidies up what was seeded meanwhile.
  await sql`vacuum analyze`
  const seededSeconds = Math.round((performance.now() - began) / 1_000)
  const ask = (project: string, query: Record<string, string | number>) => askMatrix(product, world, project, query)
  const window = (baseline: string, from = 0) => ask('matrix', { set: 'stages', baseline, from, count: PAGE })
  const windows = (baseline: string) =>
    repeat(Math.ceil(200 / PAGE), async (i) => (await window(baseline, i * PAGE)).ms)
  const firstWindow = (await window('parent')).ms
  const firstAll = sum(await windows('parent'))
  const figures: Pick<MatrixFigures, 'newWindow' | 'newWindowGreatest' | 'newAll' | 'window' | 'windowCpu' | 'all'> = {
    newWindow: {},
    newWindowGreatest: {},
    newAll: {},
    window: {},
    windowCpu: {},
    all: {},
  }
  for (const kind of [...KINDS, 'chosen']) {
    const baseline = kind === 'chosen' ? small.checkpoints[57] : kind
    if (!baseline) throw new Error('the seed made a checkpoint to compare with')
    // Against the parent everything was asked for already, while the cells were read.
    if (kind !== 'parent') {
      const times = await windows(baseline)
      figures.newWindow[kind] = median(times)
      figures.newWindowGreatest[kind] = round(Math.max(...times))
      figures.newAll[kind] = round(sum(times))
    }
    const before = await product.cpu()
    figures.window[kind] = median(await repeat(WINDOWS, async () => (await window(baseline)).ms))
    figures.windowCpu[kind] = round(((await product.cpu()) - before) / 1_000 / WINDOWS)
    figures.all[kind] = median(await repeat(3, async () => sum(await windows(baseline))))
  }
  const first = (await ask('large', { set: 'all', from: 480, count: PAGE })).ms
  const times = await repeat(
    REPEATS,
    async (i) =>
      (await ask('large', { set: 'all', baseline: KINDS[i % 3] as string, from: (i * 24) % 976, count: PAGE })).ms,
  )
  times.sort((a, b) => a - b)
  return {
    seededSeconds,
    firstWindow: round(firstWindow),
    firstAll: round(firstAll),
    ...figures,
    large: {
      p50: round(times[Math.floor(times.length * 0.5)] ?? Number.NaN),
      p95: round(times[Math.floor(times.length * 0.95)] ?? Number.NaN),
      greatest: round(times.at(-1) ?? Number.NaN),
      first: round(first),
    },
    browser: withBrowser ? await inBrowser(product, world) : null,
  }
}

export interface Seeded {
  /** Outside ids of checkpoints. */
  checkpoints: string[]
}

/** A project whose stages are chains of eight from one root, each with checkpoints on which every benchmark was measured. */
export async function seedMeasured(
  sql: Sql,
  world: BenchWorld,
  of: { slug: string; stages: number; perStage: number; benchmarks: number; withItems: number },
): Promise<Seeded> {
  const { workspaceId } = world
  const [project] = await sql<{ id: number }[]>`
    insert into projects (workspace_id, slug, name) values (${workspaceId}, ${of.slug}, ${of.slug}) returning id`
  const projectId = project?.id ?? 0
  // Whether every stage has an origin is checked at the end of the transaction.
  const stages = await sql.begin(async (tx) => {
    const made = await tx<{ id: number; number: number }[]>`
      insert into experiments (workspace_id, project_id, number, slug, name, stage_kind, root_kind, created_by)
      select ${workspaceId}, ${projectId}, n, 'stage-' || n, 'Stage ' || n, case when n = 1 then 'pretrain' else 'task' end,
        case when n = 1 then 'random_init' end, 'bench'
      from generate_series(1, ${of.stages}::int) n returning id, number`
    await tx`
      insert into edges (workspace_id, child_id, parent_id, kind, created_by)
      select ${workspaceId}, c.id, p.id, 'init', 'bench'
      from experiments c join experiments p on p.project_id = c.project_id
        and p.number = case when c.number % 8 = 2 then 1 else c.number - 1 end
      where c.project_id = ${projectId} and c.number > 1`
    return made
  })
  const checkpoints = await sql<{ id: number; uid: string; number: number }[]>`
    insert into checkpoints (uid, workspace_id, project_id, experiment_id, step, location)
    select gen_random_uuid(), ${workspaceId}, ${projectId}, x.id, s * 100, 'bench'
    from experiments x, generate_series(1, ${of.perStage}::int) s where x.project_id = ${projectId}
    returning id, uid, (select number from experiments where id = experiment_id) as number`
  checkpoints.sort((a, b) => a.number - b.number || a.id - b.id)
  const benchmarks = await sql<{ id: number }[]>`
    insert into benchmarks (workspace_id, slug, name, category, kind, orientation)
    select ${workspaceId}, ${of.slug} || '-' || n, 'Benchmark ' || n, 'category ' || n % 9, 'accuracy', 1
    from generate_series(1, ${of.benchmarks}::int) n returning id`
  const [protocol] = await sql<{ id: number }[]>`
    insert into protocols (workspace_id, fingerprint, fields)
    values (${workspaceId}, ${createHash('sha256').update(of.slug).digest('hex')}, ${sql.json({ task: of.slug, harness: 'bench', harness_version: '1' })})
    returning id`
  const uniform = seededUniform(7)
  const pattern = packItems(Array.from({ length: ITEMS }, (_, i) => slim(i)))
  if (!pattern) throw new Error('items of one form are packed')
  const bitsAt = pattern.bytes.length - 4 * Math.ceil(ITEMS / 32)
  for (const [b, benchmark] of benchmarks.entries()) {
    const hasItems = b < of.withItems
    const values = checkpoints.map(() => {
      const bytes = Buffer.from(pattern.bytes)
      let right = 0
      const share = 0.35 + 0.4 * uniform()
      for (let i = 0; i < ITEMS / 8; i++) {
        let byte = 0
        for (let bit = 0; bit < 8; bit++) if (uniform() < share) byte |= 1 << bit
        bytes[bitsAt + i] = byte
        right += byte.toString(2).replaceAll('0', '').length
      }
      return { bytes: bytes.toString('hex'), score: right / ITEMS }
    })
    const made = await sql<{ id: number }[]>`
      insert into evaluations (workspace_id, project_id, checkpoint_id, benchmark_id, protocol_id, metric, score, n, n_items,
        status, created_by, completed_at)
      select ${workspaceId}, ${projectId}, v.checkpoint, ${benchmark.id}, ${protocol?.id ?? 0}, 'acc', v.score, ${ITEMS},
        ${hasItems ? ITEMS : 0}, 'complete', 'bench', now()
      from unnest(${checkpoints.map((c) => c.id)}::bigint[], ${values.map((v) => v.score)}::float8[]) as v(checkpoint, score)
      returning id`
    if (!hasItems) continue
    const [list] = await sql<{ id: number }[]>`
      insert into item_lists (workspace_id, benchmark_id, sha256, n, ids)
      values (${workspaceId}, ${benchmark.id}, ${createHash('sha256').update(`${of.slug} ${b}`).digest('hex')}, ${ITEMS},
        ${sql.json([...pattern.list.ids])}) returning id`
    await sql`
      insert into packed_items (workspace_id, evaluation_id, list_id, bytes)
      select ${workspaceId}, v.id, ${list?.id ?? 0}, decode(v.bytes, 'hex')
      from unnest(${made.map((row) => row.id)}::bigint[], ${values.map((v) => v.bytes)}::text[]) as v(id, bytes)`
  }
  if (stages.length !== of.stages) throw new Error('the seed made all stages')
  return { checkpoints: checkpoints.map((row) => row.uid) }
}

const slim = (i: number): SlimItem => ({
  id: `item-${String(i).padStart(4, '0')}`,
  trial: null,
  cluster: null,
  score: i % 2,
  nats: null,
  bytes: null,
  tokens: null,
  pred: null,
  gold: null,
})

/** One page of a matrix, to the last byte of the answer and its reading. */
async function askMatrix(
  product: Product,
  world: BenchWorld,
  project: string,
  query: Record<string, string | number>,
): Promise<{ ms: number; matrix: Matrix }> {
  const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  const began = performance.now()
  const answer = await fetch(
    `http://127.0.0.1:${product.port}/api/v1/projects/${project}/evaluations/matrix?${words}`,
    {
      headers: { authorization: `Bearer ${world.readKey}` },
    },
  )
  const text = await answer.text()
  if (!answer.ok) throw new Error(`A matrix was answered with ${answer.status}: ${text.slice(0, 400)}`)
  const matrix = JSON.parse(text) as Matrix
  return { ms: performance.now() - began, matrix }
}

/** The page of 200 × 200 cells: until its cells can be used, and until a new baseline is painted. */
async function inBrowser(product: Product, world: BenchWorld): Promise<NonNullable<MatrixFigures['browser']>> {
  const { sql } = product.clients
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium' })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    let pageErrors = 0
    page.on('pageerror', () => pageErrors++)
    await page.goto(product.signInLink)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL((url) => !url.pathname.includes('sign-in'))
    await sql`
      insert into members (workspace_id, user_id, role)
      select ${world.workspaceId}, id, 'owner' from users where name <> 'Bench' on conflict do nothing`
    const [workspace] = await sql<{ slug: string }[]>`select slug from workspaces where id = ${world.workspaceId}`
    const address = `${new URL(product.signInLink).origin}/${workspace?.slug}/matrix/evaluations`
    const interactive: number[] = []
    for (let i = 0; i < 4; i++) {
      await page.goto('about:blank')
      const began = performance.now()
      await page.goto(address, { waitUntil: 'commit' })
      await page.locator('[role=gridcell][data-kind=change]').first().focus()
      interactive.push(round(performance.now() - began))
      if (i < 3) await pause(1_500)
    }
    const hurried = await switchTo(page, 'root')
    await page.goto('about:blank')
    await page.goto(address, { waitUntil: 'commit' })
    await page.locator('[role=gridcell][data-kind=change]').first().focus()
    await pause(CALM_MS)
    const switched: Record<string, number> = {}
    for (const word of ['root', 'best ancestor', 'vs parent', 'chosen', 'vs parent'])
      switched[word] = await switchTo(page, word)
    // The first visit compiles code that later ones find ready.
    return { interactive: interactive.slice(1), switched, hurried, pageErrors }
  } finally {
    await browser.close()
  }
}

/** From the click on a baseline until a visible column says what it is compared with, in a frame that was painted. */
async function switchTo(page: Page, word: string): Promise<number> {
  const before = await page.locator('[role=columnheader]').nth(5).textContent()
  const ms = await page.evaluate(
    async ({ label, old }) => {
      const choice = [...document.querySelectorAll('label')].find((element) => element.textContent === label)
      if (!choice) throw new Error(`No baseline is called "${label}"`)
      const began = performance.now()
      choice.click()
      // No function of its own here: the loader would give it a name with a helper that a page does not have.
      while (document.querySelectorAll('[role=columnheader]')[5]?.textContent === old) {
        if (performance.now() - began > 5_000) throw new Error(`Nothing was painted after "${label}"`)
        await new Promise((done) => requestAnimationFrame(done))
      }
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
      return performance.now() - began
    },
    { label: word, old: before },
  )
  await pause(2_000)
  return round(ms)
}

async function repeat(times: number, ask: (i: number) => Promise<number>): Promise<number[]> {
  const answers: number[] = []
  for (let i = 0; i < times; i++) answers.push(await ask(i))
  return answers
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const median = (values: readonly number[]): number =>
  round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN)
const round = (ms: number): number => Number(ms.toFixed(1))
