/** The test of all browser files: a silent console, a signed-in page, and accessibility in one call. */
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { type Door, openDoor } from './door.ts'
import { ingestKey, serverUrl, signInLink } from './on-the-box.ts'

export { expect } from '@playwright/test'

/** The first workspace of an instance. */
export const WORKSPACE = 'main'

interface Fixtures {
  /** What the page said that it should not have. Read after each test; `allow` what a test provokes. */
  noise: { allow: (pattern: RegExp) => void }
  /** Signs this page in. */
  login: () => Promise<void>
  /** Violations of WCAG 2.2 AA that a program can see: the rule, and where. */
  violations: (page: Page) => Promise<string[]>
  /** Fails on any of them. */
  accessible: (page: Page) => Promise<void>
}

interface WorkerFixtures {
  /** Cookies of the owner, made by signing in once. */
  cookies: Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>
  door: Door
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
  baseURL: async ({}, use) => {
    await use(serverUrl())
  },
  page: async ({ page }, use) => {
    const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)]
    page.goto = (...asked) => goto(...asked).then((answer) => awake(page, answer))
    page.reload = async (...asked) => {
      await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), ADDRESS_WRITTEN_MS)
      return awake(page, await reload(...asked))
    }
    await use(page)
  },
  noise: [
    async ({ context }, use) => {
      const heard: string[] = []
      const allowed: RegExp[] = []
      await context.exposeFunction('reportViolation', (text: string) => heard.push(`content security policy: ${text}`))
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation
          report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
        })
      })
      context.on('weberror', (error) => heard.push(`page error: ${error.error().message}`))
      context.on('console', (message) => {
        if (message.type() === 'error') heard.push(`console: ${message.text()}`)
      })
      await use({ allow: (pattern) => allowed.push(pattern) })
      expect(heard.filter((line) => !allowed.some((pattern) => pattern.test(line)))).toEqual([])
    },
    { auto: true },
  ],
  cookies: [
    async ({ browser }, use) => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(signInLink())
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(`**/${WORKSPACE}`)
      const cookies = await context.cookies()
      await context.close()
      await use(cookies)
    },
    { scope: 'worker' },
  ],
  login: async ({ context, cookies }, use) => {
    await use(() => context.addCookies(cookies))
  },
  door: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
    async ({}, use) => {
      await use(openDoor(ingestKey()))
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
  violations: async ({}, use) => {
    await use(async (page) => {
      await untilStill(page)
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze()
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`)
    })
  },
  accessible: async ({ violations }, use) => {
    await use(async (page) => {
      expect(await violations(page)).toEqual([])
    })
  },
})

/** The address is written this much after the screen at most, by a clock of the page, which a busy machine delays as it delays this one. */
const ADDRESS_WRITTEN_MS = 150
const AWAKE_WITHIN_MS = 20_000
const STILL_WITHIN_MS = 10_000

/**
 * Gives the answer on once what the server drew hears keys and clicks, which on a busy machine is a second after it is there. Pages without
 * the shell, and those whose code does not come, are not waited for any longer.
 */
async function awake<T>(page: Page, answer: T): Promise<T> {
  const hears = () =>
    document.querySelector('nav[aria-label="Main"]') === null ||
    // A page whose clock a test holds has no entries at all.
    performance.getEntries().length === 0 ||
    performance.getEntriesByName('page interactive').length > 0
  await page.waitForFunction(hears, undefined, { timeout: AWAKE_WITHIN_MS }).catch(() => {})
  return answer
}

/** Until nothing fades or moves that will come to an end: a menu that is closing has lost its lines before it is gone. */
async function untilStill(page: Page): Promise<void> {
  const moving = () =>
    document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
      .length +
    [...document.querySelectorAll('[role=menu], [role=listbox], [role=dialog]')].filter(
      (float) => getComputedStyle(float).opacity !== '1',
    ).length
  for (const until = Date.now() + STILL_WITHIN_MS; Date.now() < until && (await page.evaluate(moving)) > 0; )
    await page.waitForTimeout(30)
}
