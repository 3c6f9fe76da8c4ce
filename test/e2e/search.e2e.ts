import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('a search is written by keyboard with completion, and a wrong one is marked while the last result stays', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `search-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/runs`)
  const rows = page.getByRole('grid').getByRole('row')
  await expect(rows.filter({ hasText: 'cpt-replay' }).first()).toBeVisible()
  const field = page.getByRole('combobox', { name: 'Search runs' })
  await expect(async () => {
    await page.locator('body').press('/')
    await expect(field).toBeFocused({ timeout: 500 })
  }).toPass()

  await page.keyboard.type('sta')
  await expect(page.getByRole('option', { name: /^state/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(field).toHaveValue(/^sta(te|ge) $/)
  await field.fill('state = fin')
  await expect(page.getByRole('option', { name: /^finished/ })).toHaveAttribute('aria-selected', 'true')
  await accessible(page)
  await page.keyboard.press('Tab')
  await expect(field).toHaveValue('state = finished ')
  await page.keyboard.type('and name : replay')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/q=state/)
  await expect(rows.filter({ hasText: 'cpt-replay' }).first()).toBeVisible()
  await expect(page.getByText('1 of 3', { exact: true })).toBeVisible()

  await page.keyboard.type(' and metrics.loss <')
  await expect(page.getByText('expects a number')).toBeVisible()
  await expect(field).not.toHaveAttribute('aria-invalid')
  await field.fill('stat = finished and name : base')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByTitle('Expected a field: did you mean state?')).toBeVisible()
  await expect(rows.filter({ hasText: 'cpt-replay' }).first()).toBeVisible()

  await page.getByRole('button', { name: 'Clear the search' }).click()
  await expect(page).not.toHaveURL(/q=/)
  await page.getByRole('button', { name: 'How to write a search' }).click()
  await expect(page.getByText('ancestor(stage = base)')).toBeVisible()
  await expect(page.getByRole('dialog', { name: 'How to write a search' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'How to write a search' })).toBeFocused()
})

test('Ctrl K finds runs, stages, checkpoints, keys and actions, shows one beside them, and goes there', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `palette-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}`)
  await page.getByRole('button', { name: 'Search or jump to' }).click()
  const box = page.getByRole('combobox', { name: 'Search everything' })
  await expect(box).toBeFocused()
  await page.keyboard.type('cpt')
  const option = (name: RegExp) => page.getByRole('option', { name })
  await expect(page.getByRole('group', { name: /^Runs, 2$/ })).toBeVisible()
  await expect(page.getByRole('group', { name: /^Stages, 2$/ })).toBeVisible()
  await expect(page.getByRole('group', { name: /^Checkpoints, 2$/ })).toBeVisible()
  await expect(option(/^cpt ?#2/)).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('complementary', { name: 'About the chosen line' })).toContainText('Compare with parent')
  await accessible(page)

  await page.keyboard.press('Tab')
  await expect(
    page
      .getByRole('group', { name: /^Stages/ })
      .getByRole('option')
      .first(),
  ).toHaveAttribute('aria-selected', 'true')
  await box.fill('#3')
  await expect(page.getByRole('option')).toHaveCount(2)
  await expect(option(/^cpt-replay/)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/${project}/runs/3`))

  await page.keyboard.press('Control+k')
  await expect(box).toBeFocused()
  await page.keyboard.type('state = finished')
  await option(/^Filter runs: state = finished/).click()
  await expect(page.getByRole('combobox', { name: 'Search runs' })).toHaveValue('state = finished')

  await page.keyboard.press('Control+k')
  await expect(box).toBeFocused()
  await page.keyboard.type('>dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.keyboard.press('Control+k')
  await expect(box).toBeFocused()
  await page.getByRole('button', { name: `Search only in ${project}; remove` }).click()
  await page.keyboard.type(project)
  await expect(page.getByRole('group', { name: /^Projects, 1$/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(box).toHaveCount(0)
})
