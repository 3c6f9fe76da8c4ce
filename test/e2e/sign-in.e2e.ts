import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { serverUrl, signInLink } from './setup/on-the-box.ts'

test('a one-time link signs in once, and says so the second time', async ({ page, browser, noise }) => {
  noise.allow(/401/)
  const link = signInLink()
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`**/${WORKSPACE}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Projects' })).toBeVisible()

  const other = await (await browser.newContext()).newPage()
  await other.goto(link)
  await other.getByRole('button', { name: 'Sign in' }).click()
  await expect(other.getByText('This link was used already or has expired')).toBeVisible()
  await expect(other.getByText('npx descent admin sign-in-link')).toBeVisible()
  expect(new URL(other.url()).hash).toBe('')
  await other.context().close()
})

test('opening a link does not use it up: a button posts it', async ({ page }) => {
  const link = signInLink()
  await page.goto(link)
  await page.reload()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`**/${WORKSPACE}`)
})

test('a link can be pasted, and something else is refused at the field', async ({ page }) => {
  await page.goto('/sign-in')
  const field = page.getByLabel('Sign-in link')
  await field.fill('hello')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('This holds no token.')).toBeVisible()
  await field.fill(signInLink())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`**/${WORKSPACE}`)
})

test('a stranger is led to the sign-in page from every page', async ({ page }) => {
  for (const path of ['/', `/${WORKSPACE}`, `/${WORKSPACE}/agents`, `/${WORKSPACE}/settings/keys`, '/nobody/nothing']) {
    await page.goto(path)
    await expect(page).toHaveURL(/\/sign-in$/)
  }
})

test('signing out ends the session', async ({ page }) => {
  await page.goto(signInLink())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`**/${WORKSPACE}`)
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
  await page.goto(`/${WORKSPACE}`)
  await expect(page).toHaveURL(/\/sign-in$/)
})

test('the icon is where browsers look for one by themselves', async ({ page }) => {
  const icon = await page.request.get('/favicon.ico')
  expect(icon.status()).toBe(200)
  expect(icon.headers()['content-type']).toContain('image/svg+xml')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the sign-in page is set to ${colorScheme} before it is drawn, and is accessible`, async ({
    browser,
    accessible,
  }) => {
    const context = await browser.newContext({ colorScheme })
    const page = await context.newPage()
    await page.goto(`${serverUrl()}/sign-in`, { waitUntil: 'commit' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    await expect(page.getByLabel('Sign-in link')).toBeVisible()
    await accessible(page)
    await context.close()
  })
}
