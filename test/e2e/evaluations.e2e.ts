import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('checkpoints stand against benchmarks, with direction and n', async ({ page, door, accessible }) => {
  const { project } = await seedLineage(door, `evals-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await expect(page.getByText('3 checkpoints × 2 benchmarks')).toBeVisible()
  await expect(page.getByRole('columnheader', { name: /General bpb ↓.*n 12.0k/ })).toBeVisible()
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'cpt', exact: true }) })
  await expect(row).toContainText('2.628')
  await accessible(page)
  await row.getByRole('link', { name: 'cpt', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'cpt' })).toBeVisible()
})

test('the choice of checkpoints is in the address', async ({ page, door }) => {
  const { project } = await seedLineage(door, `evals-all-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await page.getByRole('checkbox', { name: 'Checkpoints of stages only' }).uncheck()
  await expect(page).toHaveURL(/stages=false/)
})

test('on a phone only the table scrolls sideways', async ({ page, door }) => {
  const { project } = await seedLineage(door, `evals-phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await expect(page.getByRole('region', { name: 'Evaluations' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})
