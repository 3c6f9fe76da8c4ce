/** What a first visit of each page downloads as JavaScript: over a real connection, compressed, with an empty cache. */
import { chromium } from '@playwright/test'
import { routesOf } from '#test/e2e/setup/routes.ts'
import { makeDemoPlaces } from './demo-places.ts'
import type { Product } from './product.ts'
import { signIn } from './sign-in.ts'

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
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium' })
  try {
    const cookies = await signIn(browser, product)
    const origin = new URL(product.signInLink).origin
    const routes = routesOf(await makeDemoPlaces(product))
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
