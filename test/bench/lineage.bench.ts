import { type BrowserContext, chromium, type Page } from '@playwright/test'
import type { Sql } from '#src/db/clients.ts'
import { seedMeasured } from './matrix.bench.ts'
import type { Product } from './product.ts'
import { signIn } from './sign-in.ts'
import { makeBenchWorld } from './world.ts'

/** As a published suite of models has them: 154 checkpoints of one run each. */
const CHECKPOINTS = 154
const BENCHMARKS = 20
const STAGES = 500
const TOKENS_PER_STEP = 2_097_152
const NAVIGATIONS = 5

export interface LineageFigures {
  /** 154 checkpoints × 20 benchmarks over tokens, ms: from the parsed document, and what the server took for the answer. Medians. */
  capabilityDrawn: number
  capabilityAnswered: number
  /** 500 stages in the graph, ms: until all have their place and those in sight are painted, since the answer and since the parsed document. */
  graphLaidOut: number
  graphDrawn: number
  /** Until the table holds all of them. */
  tableDrawn: number
  lineageAnswered: number
}

/** Long lineages in a browser: capability over tokens of many checkpoints, and the graph and the table of many stages. */
export async function benchLineage(product: Product): Promise<LineageFigures> {
  const { sql } = product.clients
  const world = await makeBenchWorld(sql, 0)
  await seedMeasured(sql, world, {
    slug: 'pythia',
    stages: 1,
    perStage: CHECKPOINTS,
    benchmarks: BENCHMARKS,
    withItems: 0,
  })
  await seedMeasured(sql, world, { slug: 'wide', stages: STAGES, perStage: 1, benchmarks: 4, withItems: 0 })
  await giveRun(sql, world.workspaceId)
  await sql`vacuum analyze`
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium' })
  try {
    const cookies = await signIn(browser, product)
    await sql`
      insert into members (workspace_id, user_id, role)
      select ${world.workspaceId}, id, 'owner' from users where name <> 'Bench' on conflict do nothing`
    const [workspace] = await sql<{ slug: string }[]>`select slug from workspaces where id = ${world.workspaceId}`
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addCookies(cookies)
    const home = `${new URL(product.signInLink).origin}/${workspace?.slug}`
    const capability = await visits(
      context,
      `${home}/pythia/capability`,
      'a[data-checkpoint]',
      CHECKPOINTS,
      'lineage.capability',
    )
    // More than are in sight are not drawn: the graph is there when those in sight are.
    const graph = await visits(context, `${home}/wide`, '[role=group][aria-label*=", stage"]', 3, 'lineage.get')
    const table = await visits(context, `${home}/wide?view=table`, 'tbody th[scope=row]', STAGES, 'lineage.get')
    return {
      capabilityDrawn: capability.drawn,
      capabilityAnswered: capability.answered,
      graphLaidOut: graph.laidOut,
      graphDrawn: graph.drawn,
      tableDrawn: table.drawn,
      lineageAnswered: graph.answered,
    }
  } finally {
    await browser.close()
  }
}

/** One run writes all checkpoints of the first project, with tokens by steps. */
async function giveRun(sql: Sql, workspaceId: number): Promise<void> {
  await sql`
    with made as (
      insert into runs (uid, workspace_id, project_id, experiment_id, number, name, state, last_step, tokens, created_by, started_at, ended_at)
      select gen_random_uuid(), ${workspaceId}, x.project_id, x.id, 1, 'pythia-70m', 'finished', ${CHECKPOINTS * 100},
        ${CHECKPOINTS * 100 * TOKENS_PER_STEP}, 'bench', now() - interval '3 days', now()
      from experiments x join projects p on p.id = x.project_id
      where p.slug = 'pythia' and p.workspace_id = ${workspaceId} returning id, project_id, experiment_id),
    begun as (
      insert into attempts (workspace_id, run_id, number, first_step, started_at, ended_at, end_reason)
      select ${workspaceId}, id, 1, 0, now() - interval '3 days', now(), 'finished' from made returning run_id)
    update checkpoints c set run_id = m.id, attempt = 1, tokens = c.step * ${TOKENS_PER_STEP}::bigint
    from made m, begun b where c.experiment_id = m.experiment_id and b.run_id = m.id`
}

/** Medians, ms: until so many elements are painted, since the parsed document and since the answer that they show; what that took. */
interface Visit {
  drawn: number
  laidOut: number
  answered: number
}

/** Some visits of a page, after one that compiles its code. */
async function visits(
  context: BrowserContext,
  address: string,
  selector: string,
  count: number,
  procedure: string,
): Promise<Visit> {
  const seen: Visit[] = []
  for (let i = 0; i <= NAVIGATIONS; i++) {
    const page = await context.newPage()
    await page.goto(address, { waitUntil: 'commit' })
    const visit = await drawnAfter(page, { selector, count, procedure })
    await page.close()
    if (i > 0) seen.push(visit)
  }
  const medianOf = (of: keyof Visit) => median(seen.map((visit) => visit[of]))
  return { drawn: medianOf('drawn'), laidOut: medianOf('laidOut'), answered: medianOf('answered') }
}

const drawnAfter = (page: Page, wanted: { selector: string; count: number; procedure: string }): Promise<Visit> =>
  page.evaluate(async ({ selector, count, procedure }) => {
    while (document.querySelectorAll(selector).length < count) {
      if (performance.now() > 60_000) throw new Error(`Not ${count} of ${selector} within a minute`)
      await new Promise((done) => requestAnimationFrame(done))
    }
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    const now = performance.now()
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const answer = performance
      .getEntriesByType('resource')
      .find((entry) => entry.name.includes(procedure)) as PerformanceResourceTiming
    return {
      drawn: now - (navigation?.domInteractive ?? 0),
      laidOut: now - answer.responseEnd,
      answered: answer.duration,
    }
  }, wanted)

const median = (values: readonly number[]): number =>
  Number(([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(1))
