import type { Page } from '@playwright/test'
import { expect, test } from './setup/fixtures.ts'
import { seedNamedRuns } from './setup/seed-named-runs.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const table = (page: Page) => page.getByRole('grid')

test('runs are moved to another project, their old address leads to them, and undo brings them back under it', async ({
  page,
  door,
  accessible,
}) => {
  const { project, runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma'])
  const there = await seedNamedRuns(door, ['alpha', 'beta', 'gamma'])
  await page.goto(`${runs}?pane=table&select=1-2`)
  const bar = page.getByRole('toolbar', { name: '2 runs selected' })
  await bar.getByRole('button', { name: 'Move' }).click()
  await page.getByRole('combobox', { name: 'Project', exact: true }).click()
  await page.getByRole('option', { name: there.project }).click()
  await page.getByRole('combobox', { name: 'Move to stage' }).click()
  await page.getByRole('option', { name: 'other' }).click()
  await expect(page.getByText('Each run gets a new number there.')).toBeVisible()
  await accessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click()
  const done = page.getByText(`Moved 2 runs to ${there.project}.`)
  await expect(done).toBeVisible()
  await expect(table(page).getByText('alpha')).toHaveCount(0)
  // The way back stands there while the pointer is on it.
  await done.hover()

  const other = await page.context().newPage()
  await other.goto(`${runs}/1?tab=config`)
  await expect(other).toHaveURL(new RegExp(`${there.runs}/4\\?tab=config$`))
  await expect(other.getByRole('heading', { level: 1 })).toContainText('alpha')

  await done.locator('..').getByRole('button', { name: 'Undo' }).click()
  await expect(table(page).getByText('alpha').first()).toBeVisible()
  await other.goto(`${there.runs}/4`)
  await expect(other).toHaveURL(new RegExp(`/${project}/runs/1$`))
})
