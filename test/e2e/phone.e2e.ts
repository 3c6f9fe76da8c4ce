/** A phone: the way from a project to a comparison by touch alone, and what a page costs on a slow line. Themes: chosen, kept, without a flash. */
import type { Page } from '@playwright/test'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

/** What the line carried, bytes as they were sent. */
async function countBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page)
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await session.send('Network.enable')
  return () => bytes
}

test('on a phone a finger goes from the projects over lineage, stage and run to a comparison, and reads a curve; a run costs less than 300 kB then', async ({
  browser,
  baseURL,
  cookies,
  door,
}) => {
  const { project } = await seedLineage(door, `touch-${Date.now()}`)
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    ...(baseURL !== undefined && { baseURL }),
  })
  await context.addCookies(cookies)
  const page = await context.newPage()
  const bytes = await countBytes(page)
  await page.goto(`/${WORKSPACE}`)
  await page.locator(`a[href$="/${project}"]`).filter({ visible: true }).first().tap()
  await page
    .getByRole('list', { name: /^Stages of/ })
    .getByRole('link', { name: /^cpt/ })
    .first()
    .tap()
  await expect(page.getByRole('heading', { level: 1, name: 'cpt' })).toBeVisible()
  await expect(page.getByText(/^Verdict, against base/)).toBeVisible()

  await page.goto(`/${WORKSPACE}/${project}/runs`)
  const cards = page.getByRole('list', { name: 'Runs' })
  await cards.getByRole('link', { name: /^cpt #/ }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'cpt' })).toBeVisible()
  const chart = page.getByRole('group', { name: /^train\/loss over/ }).first()
  await chart.scrollIntoViewIfNeeded()
  await chart.tap()
  await expect(page.getByText(/^Step \d+$/).first()).toBeVisible()

  const before = bytes()
  await page.goto(`/${WORKSPACE}/${project}/runs/3`)
  await expect(page.getByRole('group', { name: /^train\/loss over/ }).first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 2, name: 'Checkpoints and evaluations' })).toBeVisible()
  await expect(page.locator('.mantine-Skeleton-root').filter({ visible: true })).toHaveCount(0)
  const again = bytes() - before
  expect(again).toBeGreaterThan(1_000)
  expect(again).toBeLessThan(300_000)

  await page.getByRole('link', { name: 'Compare with parent' }).tap()
  await expect(page.getByRole('columnheader', { name: /^base/ })).toBeVisible()
  await page.getByRole('button', { name: 'More', exact: true }).tap()
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
  await context.close()
})

test('a theme is chosen without a reload, charts with it, and is set before the first frame of the next page', async ({
  page,
  login,
  door,
}) => {
  const { project } = await seedLineage(door, `theme-${Date.now()}`)
  await login()
  await page.emulateMedia({ colorScheme: 'light' })
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { schemesSeen: seen })
    const look = () => {
      if (document.body) seen.push(document.documentElement.dataset.mantineColorScheme ?? 'none')
      if (seen.length < 60) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await page.goto(`/${WORKSPACE}/${project}/runs/2`)
  const plot = page.getByRole('figure', { name: 'train/loss', exact: true }).locator('canvas').first()
  await expect(plot).toBeVisible()
  const picture = () => plot.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
  // Drawn once it has a size, and again once its letters are there.
  await expect(plot).toHaveAttribute('width')
  await page.evaluate(() => document.fonts.ready)
  let light = ''
  await expect
    .poll(async () => {
      const before = light
      light = await picture()
      return before === light
    })
    .toBe(true)
  await page.evaluate(() => Object.assign(window, { isSameDocument: true }))
  const choose = async (name: string) => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitemradio', { name }).click()
  }
  await choose('Dark')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect.poll(picture).not.toBe(light)
  expect(await page.evaluate(() => 'isSameDocument' in window)).toBe(true)

  await page.reload()
  await expect(plot).toBeVisible()
  const seen = await page.evaluate(() => (window as unknown as { schemesSeen: string[] }).schemesSeen)
  expect(new Set(seen)).toEqual(new Set(['dark']))

  await choose('System')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light')
  await expect.poll(picture).toBe(light)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect.poll(picture).not.toBe(light)
})
