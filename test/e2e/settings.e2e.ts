import { openDoor } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('a key is shown once, works, and stops working when it is revoked', async ({ page, accessible }) => {
  await page.goto(`/${WORKSPACE}/settings/keys`)
  await page.getByLabel('Name').fill('e2e key')
  await page.getByRole('button', { name: 'Make key' }).click()
  const shown = page.getByRole('status').filter({ hasText: 'Key e2e key' })
  const key = (await shown.locator('code').textContent()) ?? ''
  expect(key).toMatch(/^dsc_ing-[A-Za-z0-9]{40}$/)
  await openDoor(key).send('GET', '/projects')
  await accessible(page)

  await page.reload()
  await expect(page.getByText(key)).toHaveCount(0)
  const row = page.getByRole('row', { name: /e2e key/ })
  await row.getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await accessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(row).toContainText('revoked')
  // Servers remember a key for five seconds.
  await expect(async () => {
    await expect(openDoor(key).send('GET', '/projects')).rejects.toThrow(/401/)
  }).toPass({ timeout: 12_000 })
})

test('a key without a name is refused at the field, which takes the focus', async ({ page }) => {
  await page.goto(`/${WORKSPACE}/settings/keys`)
  await page.getByRole('button', { name: 'Make key' }).click()
  await expect(page.getByText('Say what it is for')).toBeVisible()
  await expect(page.getByLabel('Name')).toBeFocused()
  await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true')
})

test('an agent token is made, listed and revoked', async ({ page, accessible }) => {
  await page.goto(`/${WORKSPACE}/settings/agent-tokens`)
  await page.getByRole('button', { name: 'Make token' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'dsc_reg-' })).toBeVisible()
  await accessible(page)
  const open = page.getByRole('row').filter({ has: page.getByRole('button', { name: /^Revoke/ }) })
  // The token is shown before the list has it.
  await expect(open.first()).toBeVisible()
  const before = await open.count()
  await open
    .first()
    .getByRole('button', { name: /^Revoke/ })
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(open).toHaveCount(before - 1)
})

test('one’s own session cannot be ended from the list, and the button says why', async ({ page, accessible }) => {
  await page.goto(`/${WORKSPACE}/settings/sessions`)
  const own = page.getByRole('row', { name: /this one/ })
  const end = own.getByRole('button', { name: /^End/ })
  await expect(end).toHaveAttribute('aria-disabled', 'true')
  await expect(end).toHaveAccessibleDescription(/sign out instead/)
  await accessible(page)
})

test('members are listed with their roles', async ({ page, accessible }) => {
  await page.goto(`/${WORKSPACE}/settings/members`)
  await expect(page.getByRole('table', { name: 'Members' })).toContainText('owner')
  await accessible(page)
})

test('the theme is chosen in the account menu and kept', async ({ page }) => {
  await page.goto(`/${WORKSPACE}/settings/members`)
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})
