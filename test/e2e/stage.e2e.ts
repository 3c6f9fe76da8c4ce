import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('a stage says what it is made of, what it gained and lost, and against what', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `stage-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await expect(page.getByRole('heading', { level: 1, name: 'cpt' })).toBeVisible()
  await expect(page.getByText('continues weights')).toBeVisible()
  const rows = page.getByRole('table', { name: 'cpt against base' })
  const general = rows.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /General bpb/ }) })
  await expect(general).toContainText('2.316')
  await expect(general).toContainText('2.628')
  await expect(general).toContainText('+0.312')
  await expect(general).toContainText('worse, no interval')
  await page.getByRole('region', { name: 'Runs', exact: true }).scrollIntoViewIfNeeded()
  await expect(page.getByRole('grid', { name: 'Runs' }).getByRole('row', { name: /cpt/ })).toContainText('Finished')
  await expect(page.getByRole('table', { name: 'Checkpoints of this stage' })).toContainText('last of newest run')
  await accessible(page)

  await page.getByRole('radiogroup', { name: 'Baseline' }).getByText('Root').click()
  await expect(page).toHaveURL(/baseline=root/)
  await expect(general).toContainText('+0.312')
})

test('the runs of a stage stand in the table of the runs page, with its columns, menus, keys and search', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `stage-runs-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await page.getByRole('region', { name: 'Runs', exact: true }).scrollIntoViewIfNeeded()
  const grid = page.getByRole('grid', { name: 'Runs' })
  // Three runs of the project, one of them of this stage.
  await expect(grid).toHaveAttribute('aria-rowcount', '2')
  const row = grid.getByRole('row', { name: /cpt/ })
  await expect(row).toContainText('4.1')
  await expect(grid.getByRole('columnheader', { name: /train\/loss/ }).first()).toBeVisible()

  // Keys: into the row, select it, its menu. There are no charts to hide it in.
  await row.getByRole('rowheader').focus()
  await page.keyboard.press('ArrowLeft')
  await expect(row.getByRole('gridcell', { name: 'Not selected: cpt' })).toBeFocused()
  await page.keyboard.press('x')
  await expect(page.getByRole('toolbar', { name: '1 run selected' })).toBeVisible()
  await page.keyboard.press('x')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+F10')
  await expect(page.getByRole('menuitem', { name: 'Compare with parent' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: /charts/ })).toHaveCount(0)
  await accessible(page)
  await page.keyboard.press('Escape')

  // A value is filtered by within the stage, and the address holds it.
  await row.getByRole('gridcell', { name: 'Finished' }).click()
  await page.getByRole('menuitem', { name: 'Without this' }).click()
  await expect(page.getByText('matches none of the 1 run of this stage')).toBeVisible()
  await expect(page).toHaveURL(/q=state/)
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(row).toBeVisible()

  await page.getByRole('link', { name: 'In the runs table' }).click()
  await expect(page.getByRole('combobox', { name: 'Search runs' })).toHaveValue('stage = cpt')
  await expect(grid).toHaveAttribute('aria-rowcount', '2')
})

test('a root shows its scores alone', async ({ page, door }) => {
  const { project } = await seedLineage(door, `root-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/1`)
  await expect(page.getByText('from random weights')).toBeVisible()
  await expect(page.getByRole('table', { name: 'Scores' })).toContainText('2.316')
})

test('a planned stage says that nothing has run and how it starts', async ({ page, door }) => {
  const { project } = await seedLineage(door, `planned-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/5`)
  await expect(page.getByText('Nothing has run yet')).toBeVisible()
  await expect(page.getByText(/descent\.init\(project=/)).toBeVisible()
})

test('on a phone the verdict comes first and nothing scrolls sideways', async ({ page, door }) => {
  const { project } = await seedLineage(door, `stage-phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  const verdict = page.getByText(/^Verdict, against base/)
  await expect(verdict).toBeVisible()
  const gain = page.getByText(/^Gain(,|$)/)
  expect((await verdict.boundingBox())?.y ?? 0).toBeLessThan((await gain.boundingBox())?.y ?? 0)
  await page.getByRole('region', { name: 'Runs', exact: true }).scrollIntoViewIfNeeded()
  await expect(page.getByRole('list', { name: 'Runs' }).getByRole('link', { name: /cpt/ })).toBeVisible()
  await fitsWidth(page)
})
