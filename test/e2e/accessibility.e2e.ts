/**
 * WCAG 2.2 AA as far as a program can see it, over the whole product. By default every page as it is with data in the light theme, and
 * each other theme and state once; `npm run test:a11y` (A11Y=full) walks every page in every theme and state.
 */
import type { Page } from '@playwright/test'
import { openDoor } from './setup/door.ts'
import { expect, test } from './setup/fixtures.ts'
import { adminKey } from './setup/on-the-box.ts'
import {
  lostFocus,
  lostText,
  runningAnimations,
  sidewaysScroll,
  smallTargets,
  unexplainedControls,
  unfillableFields,
  wrongTables,
} from './setup/page-checks.ts'
import { emptyRoutesOf, type Places, routesOf } from './setup/routes.ts'
import { makePlaces } from './setup/walked-places.ts'

const THEMES = ['light', 'dark', 'forced colours'] as const
const STATES = ['loaded', 'empty', 'error', 'menu open'] as const
type Theme = (typeof THEMES)[number]
type State = (typeof STATES)[number]

const IS_FULL = process.env.A11Y === 'full'
/** The one page on which another theme or state is looked at by default. */
const SAMPLES: readonly { theme: Theme; state: State; route: string }[] = [
  { theme: 'dark', state: 'loaded', route: '/[workspace]/[project]/retention' },
  { theme: 'forced colours', state: 'loaded', route: '/[workspace]/[project]' },
  { theme: 'light', state: 'empty', route: '/[workspace]/[project]' },
  { theme: 'light', state: 'error', route: '/[workspace]/[project]/runs' },
  { theme: 'light', state: 'menu open', route: '/[workspace]/[project]/runs/[number]' },
]

/** Looked at on the same walk, on pages with data in the light theme. */
const CHECKS = {
  'targets of 24 px': smallTargets,
  'disabled controls say why': unexplainedControls,
  'tables have heads': wrongTables,
  'no animation where less motion is asked for': runningAnimations,
  'fields can be filled in by the browser': unfillableFields,
} as const
const FOCUS = 'the focus is seen'
const NARROW = 'nothing scrolls sideways at 640 px (200 %), 390 px and 320 px (400 %)'
const NARROW_WIDTHS = [640, 390, 320] as const
const LARGE = 'at 200 % text nothing is cut off, lies over other text or scrolls sideways'
/** The browser's own setting, px: what people set whose eyes need it; 16 is usual. */
const LARGE_TEXT = { standard: 32, fixed: 26 }
const USUAL_TEXT = { standard: 16, fixed: 13 }

let places: Places
let empty: string
test.beforeAll(async ({ door }) => {
  test.setTimeout(120_000)
  const made = await makePlaces(door, openDoor(adminKey()))
  places = made.places
  empty = made.empty
})
test.beforeEach(async ({ login }) => {
  await login()
})

for (const theme of THEMES)
  for (const state of STATES) {
    const isWhole = IS_FULL || (theme === 'light' && state === 'loaded')
    const samples = SAMPLES.filter((sample) => sample.theme === theme && sample.state === state)
    if (!isWhole && samples.length === 0) continue
    const isPlain = theme === 'light' && state === 'loaded'
    const more = isPlain ? `; ${[...Object.keys(CHECKS), FOCUS, NARROW, LARGE].join(', ')}` : ''
    test(`${isWhole ? 'every page' : 'a page'}, ${state}, in ${theme}: no violation, one heading of the first rank, a title${more}`, async ({
      page,
      violations,
      noise,
    }) => {
      test.setTimeout(isWhole ? 600_000 : 60_000)
      await page.emulateMedia(
        theme === 'forced colours' ? { forcedColors: 'active' } : { colorScheme: theme, forcedColors: 'none' },
      )
      if (state === 'error') {
        noise.allow(/status of 500/)
        await page.route('**/api/trpc/**', (route) =>
          route.fulfill({
            status: 500,
            contentType: 'application/json',
            body: JSON.stringify({
              error: { message: 'Provoked', code: -32603, data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500 } },
            }),
          }),
        )
      }
      const all = state === 'empty' ? emptyRoutesOf(places, empty) : routesOf(places)
      const walked = isWhole ? all : all.filter(({ route }) => samples.some((sample) => sample.route === route))
      expect(walked.length).toBeGreaterThan(0)
      if (isPlain) await page.emulateMedia({ reducedMotion: 'reduce' })
      const browser = await page.context().newCDPSession(page)
      const wrong: string[] = []
      const wrongBeside: Record<string, string[]> = {}
      for (const { route, address } of walked) {
        await page.goto(address)
        await settled(page)
        if ((await page.title()) === '') wrong.push(`${route} has no title`)
        const heads = await page.locator('h1').count()
        if (heads !== 1) wrong.push(`${route} has ${heads} headings of the first rank`)
        if (state === 'menu open') await openMenu(page)
        wrong.push(...(await violations(page)).map((violation) => `${route}: ${violation}`))
        if (!isPlain) continue
        const note = (check: string, found: readonly string[]) => {
          if (found.length > 0)
            wrongBeside[check] = [...(wrongBeside[check] ?? []), ...found.map((text) => `${route}: ${text}`)]
        }
        for (const [check, look] of Object.entries(CHECKS)) note(check, await look(page))
        // Where less motion is asked for every change takes a moment, in which a page that looks at itself sees what was before.
        await page.emulateMedia({ reducedMotion: 'no-preference' })
        note(FOCUS, await lostFocus(page))
        await page.emulateMedia({ reducedMotion: 'reduce' })
        const { width, height } = page.viewportSize() ?? { width: 1440, height: 900 }
        for (const narrow of NARROW_WIDTHS) {
          await page.setViewportSize({ width: narrow, height })
          await settled(page)
          // Drawings take their new width a moment after the page.
          const isWithin = () => sidewaysScroll(page).then((found) => found.length)
          await expect
            .poll(isWithin, { timeout: 15_000 })
            .toBe(0)
            .catch(() => {})
          note(NARROW, await sidewaysScroll(page))
        }
        await page.setViewportSize({ width, height })
        await browser.send('Page.setFontSizes', { fontSizes: LARGE_TEXT })
        await page.reload()
        await settled(page)
        const lost = async () => [...(await sidewaysScroll(page)), ...(await lostText(page))]
        // Widths that are read by the page, and drawings, take their new size a moment after it.
        await expect
          .poll(() => lost().then((found) => found.length), { timeout: 15_000 })
          .toBe(0)
          .catch(() => {})
        note(LARGE, await lost())
        await browser.send('Page.setFontSizes', { fontSizes: USUAL_TEXT })
      }
      expect(wrong).toEqual([])
      expect(wrongBeside).toEqual({})
    })
  }

/** Until the page stands: its heading, and nothing in sight that still loads. What lies further down loads when it is scrolled to. */
async function settled(page: Page): Promise<void> {
  // A page without one is told with the others.
  await expect(page.locator('h1').first())
    .toBeVisible()
    .catch(() => {})
  const loading = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('.mantine-Skeleton-root')].filter((shape) => {
          const { top, bottom } = shape.getBoundingClientRect()
          return bottom > 0 && top < innerHeight
        }).length,
    )
  await expect.poll(loading, { timeout: 20_000 }).toBe(0)
}

/** The first menu or dialog of the page itself; a page without one has only those of the shell. */
async function openMenu(page: Page): Promise<void> {
  const button = page.locator('[aria-haspopup]:visible:not([disabled])').first()
  if ((await button.count()) === 0) return
  await button.click()
  await expect(page.locator('[role=menu]:visible, [role=dialog]:visible, [role=listbox]:visible').first()).toBeVisible()
}
