/** What comes behind a page, held back here until somebody has asked for it. */
import type { Locator, Page } from '@playwright/test'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'
import { seedVerdict } from './setup/seed-verdict.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('a menu that is pressed before its code is there opens once it is, takes the focus and gives it back', async ({
  page,
}) => {
  const letGo = await gotoHeld(page, `/${WORKSPACE}/settings`)
  const button = page.getByRole('button', { name: /^Account of/ })
  await button.focus()
  // Presses go unheard until the page is awake.
  await expect(async () => {
    await page.keyboard.press('Enter')
    await expect(button).toHaveAttribute('aria-expanded', 'true', { timeout: 200 })
  }).toPass()
  await expect(page.getByRole('menu')).toHaveCount(0)
  letGo()
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(menu.locator(':focus')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  await expect(button).toBeFocused()
  await expect(button).toHaveAttribute('aria-expanded', 'false')
})

test('a field of choices stands in its place at once; its list opens where it was asked for, and its value stays', async ({
  page,
}) => {
  const letGo = await gotoHeld(page, `/${WORKSPACE}/settings/prices`)
  const field = page.getByRole('combobox', { name: 'Currency' }).first()
  await expect(field).toHaveValue('USD')
  await field.focus()
  const place = await field.boundingBox()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option', { name: 'EUR' })).toHaveCount(0)
  letGo()
  await expect(page.getByRole('option', { name: 'EUR' })).toBeVisible()
  await expect(field).toBeFocused()
  expect(await field.boundingBox()).toEqual(place)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('option', { name: 'EUR' })).toBeHidden()
  await expect(field).toHaveValue('USD')
})

test('what is typed into a field before its code is there is kept, and does what typing does', async ({ page }) => {
  let letGo = await gotoHeld(page, `/${WORKSPACE}/settings/prices`)
  const device = page.getByRole('combobox', { name: 'Device' })
  await typeOnceAwake(device, 'B2')
  letGo()
  await expect(page.getByRole('option', { name: /B200/ }).first()).toBeVisible()
  await expect(device).toHaveValue('B2')
  await expect(device).toBeFocused()
  await page.keyboard.type('00 own')
  await expect(device).toHaveValue('B200 own')

  letGo = await gotoHeld(page, `/${WORKSPACE}/settings/agent-tokens`)
  const queues = page.getByLabel('Queues').and(page.locator('input'))
  await typeOnceAwake(queues, 'night')
  await page.keyboard.press('Enter')
  await page.keyboard.type('day')
  await expect(queues).toHaveValue(/night, day$/)
  letGo()
  // The first is an entry of the list, the second still what is being typed.
  await expect(queues).toHaveValue('day')
  await expect(queues).toBeFocused()
  await expect(page.getByText('night', { exact: true })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText('day', { exact: true })).toBeVisible()
  await expect(queues).toHaveValue('')
})

test('a number that is typed before the code of its field is there is sent with the form', async ({ page, door }) => {
  const { project } = await seedVerdict(door, `typed-${Date.now()}`)
  const letGo = await gotoHeld(page, `/${WORKSPACE}/${project}/experiments/2`, 'allowedDecimalSeparators')
  await page.getByRole('button', { name: 'Change budget' }).click()
  const dialog = page.getByRole('dialog', { name: 'What this stage may lose' })
  await dialog.getByLabel('Mean of what should be kept may fall by').fill('30')
  await dialog.getByLabel('Arithmetic may lose').fill('0.4')
  await page.keyboard.press('Enter')
  await expect(page.getByText('mean may fall 30 points')).toBeVisible()
  letGo()
  await page.getByRole('button', { name: 'Change budget' }).click()
  await expect(dialog.getByLabel('Arithmetic may lose')).toHaveValue('0.4')
})

test('a part whose code does not come says so in its place, a menu at the foot, and another try brings both', async ({
  page,
  door,
  noise,
  accessible,
}) => {
  noise.allow(/404|Failed to load resource/)
  const { project } = await seedLineage(door, `missing-${Date.now()}`)
  const mend = await gotoWithout(page, `/${WORKSPACE}/${project}/runs/2`)
  const part = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' }).first()
  await expect(part).toContainText('Descent may have been updated')
  await expect(part.getByRole('button', { name: 'Reload the page' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.getByRole('button', { name: /^Account of/ }).click()
  const foot = page.getByRole('alert').filter({ hasText: 'Part of this page could not be loaded.' })
  await expect(foot).toBeVisible()
  await accessible(page)
  await mend()
  await foot.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
  await expect(foot).toHaveCount(0)
  await page.keyboard.press('Escape')
  // Each place asks for what it lacks.
  await expect(async () => {
    const places = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' })
    if ((await places.count()) > 0)
      await places.first().getByRole('button', { name: 'Try again' }).click({ timeout: 1_000 })
    await expect(places).toHaveCount(0, { timeout: 500 })
  }).toPass()
  await expect(page.getByRole('group', { name: /train\/loss/ }).first()).toBeVisible()
})

test('a page whose code is gone is loaded anew, once', async ({ page, noise }) => {
  noise.allow(/404|Failed to load|ChunkLoadError|An error occurred/)
  const address = `/${WORKSPACE}/settings`
  const html = await (await page.request.get(address)).text()
  let loads = 0
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads++
  })
  // Until the document is asked for anew all is gone but what it came with.
  await page.route('**/*.js', (route) =>
    loads > 1 || html.includes(new URL(route.request().url()).pathname)
      ? route.continue()
      : route.fulfill({ status: 404, body: '' }),
  )
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  // Before the page is awake a link is followed by the browser, which asks for no code.
  await page.waitForFunction(() =>
    Object.keys(document.querySelector('nav a') ?? {}).some((key) => key.startsWith('__reactProps')),
  )
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Benchmarks' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Benchmarks' })).toBeVisible()
  expect(loads).toBe(2)
})

test('what lies far below asks for its code and data once the reader comes near, and its place is held', async ({
  page,
  door,
}) => {
  const { project } = await seedLineage(door, `far-${Date.now()}`)
  const asked: string[] = []
  page.on('request', (request) => void asked.push(request.url()))
  await page.setViewportSize({ width: 1440, height: 500 })
  await page.goto(`/${WORKSPACE}/${project}/runs/2`)
  const use = page.getByRole('region', { name: 'Hardware use', exact: true })
  await expect(use).toBeVisible()
  await expect(page.getByRole('group', { name: /train\/loss/ }).first()).toBeVisible()
  // Long enough for what would be asked without being seen.
  await page.waitForTimeout(1_000)
  const isUse = (url: string) => url.includes('cost.hardwareUse')
  expect(asked.filter(isUse)).toEqual([])
  const answer = page.waitForResponse((response) => isUse(response.url()))
  await use.scrollIntoViewIfNeeded()
  expect((await answer).ok()).toBe(true)
})

test('a word beside an icon comes when the pointer rests on it, and Esc takes it away', async ({ page }) => {
  await page.goto(`/${WORKSPACE}/settings`)
  const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Benchmarks' }).first()
  const word = page.getByRole('tooltip', { name: 'Benchmarks' })
  await expect(async () => {
    await page.mouse.move(700, 700)
    await link.hover()
    await expect(word).toBeVisible({ timeout: 1_000 })
  }).toPass()
  const [at, beside] = [await link.boundingBox(), await word.boundingBox()]
  expect(beside?.x).toBeGreaterThanOrEqual((at?.x ?? 0) + (at?.width ?? 0))
  await page.keyboard.press('Escape')
  await expect(word).toBeHidden()
})

/** Presses and keys go unheard until the page is awake. */
async function typeOnceAwake(field: Locator, text: string): Promise<void> {
  await expect(async () => {
    await field.fill('')
    await field.pressSequentially(text)
    await field.page().waitForTimeout(200)
    await expect(field).toHaveValue(new RegExp(`${text}$`), { timeout: 200 })
  }).toPass()
}

/** Goes to the page without any script that its HTML does not ask for, as after an update. @returns what brings them back */
async function gotoWithout(page: Page, address: string): Promise<() => Promise<void>> {
  const html = await (await page.request.get(address)).text()
  await page.route('**/*.js', (route) =>
    html.includes(new URL(route.request().url()).pathname)
      ? route.continue()
      : route.fulfill({ status: 404, body: '' }),
  )
  await page.goto(address)
  return () => page.unroute('**/*.js')
}

/**
 * Goes to the page and holds back every script that its HTML does not ask for.
 *
 * @param word only those with this word in them
 * @returns what lets them go
 */
async function gotoHeld(page: Page, address: string, word?: string): Promise<() => void> {
  let letGo = () => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const html = await (await page.request.get(address)).text()
  await page.route('**/*.js', async (route) => {
    if (html.includes(new URL(route.request().url()).pathname)) return route.continue()
    const response = await route.fetch()
    if (word === undefined || (await response.text()).includes(word)) await gate
    return route.fulfill({ response })
  })
  // Not until all is loaded: what is held may have been asked for before, and would be waited for.
  await page.goto(address, { waitUntil: 'domcontentloaded' })
  return letGo
}
