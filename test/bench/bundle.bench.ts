/** What a first visit of each page downloads as JavaScript: over a real connection, compressed, with an empty cache. */
import { randomUUID } from 'node:crypto'
import { chromium } from '@playwright/test'
import { routesOf } from '#test/e2e/setup/routes.ts'
import { fillRuns } from './fill.ts'
import type { Product } from './product.ts'
import { makeBenchWorld } from './world.ts'

/** Bytes of one page. */
export interface RouteScripts {
  route: string
  /** What its HTML asks for. */
  first: number
  /** With what was loaded behind it until the page was calm: charts, the graph, panels in sight. */
  calm: number
  files: number
}

/** @returns a line per page, the heaviest first */
export async function benchBundle(product: Product): Promise<RouteScripts[]> {
  const { sql } = product.clients
  const world = await makeBenchWorld(sql, 3)
  await fillRuns(product, world, {
    runs: [0, 1, 2],
    keys: ['train/loss', 'train/lr'],
    stepsPerRun: 100,
    stepsPerBatch: 100,
  })
  const [workspace] = await sql<{ slug: string }[]>`select slug from workspaces where id = ${world.workspaceId}`
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium' })
  try {
    const signedIn = await browser.newContext()
    const door = await signedIn.newPage()
    await door.goto(product.signInLink)
    await door.getByRole('button', { name: 'Sign in' }).click()
    await door.waitForURL((url) => !url.pathname.includes('sign-in'))
    await sql`
      insert into members (workspace_id, user_id, role)
      select ${world.workspaceId}, id, 'owner' from users where name <> 'Bench' on conflict do nothing`
    const cookies = await signedIn.cookies()
    const origin = new URL(product.signInLink).origin
    const routes = routesOf({
      workspace: workspace?.slug ?? '',
      project: 'bench',
      stage: 1,
      run: 1,
      benchmark: 'none',
      protocol: 'none',
      table: randomUUID(),
      comparison: randomUUID(),
    })
    const lines: RouteScripts[] = []
    for (const { route, address } of routes) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
      if (route !== '/sign-in') await context.addCookies(cookies)
      const page = await context.newPage()
      const answer = await page.goto(`${origin}${address}`, { waitUntil: 'load' })
      const html = (await answer?.text()) ?? ''
      await page.waitForTimeout(2_500)
      const scripts = await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter((entry) => new URL(entry.name).pathname.endsWith('.js'))
          .map((entry) => ({ name: entry.name, bytes: (entry as PerformanceResourceTiming).encodedBodySize })),
      )
      const asked = scripts.filter(({ name }) => html.includes(`src="${new URL(name).pathname}`))
      const sum = (some: typeof scripts) => some.reduce((bytes, script) => bytes + script.bytes, 0)
      lines.push({ route, first: sum(asked), calm: sum(scripts), files: scripts.length })
      await context.close()
    }
    return lines.sort((a, b) => b.calm - a.calm)
  } finally {
    await browser.close()
  }
}
