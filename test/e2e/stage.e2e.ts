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
  await expect(page.getByRole('table', { name: 'Runs of this stage' })).toContainText('Finished')
  await expect(page.getByRole('table', { name: 'Checkpoints of this stage' })).toContainText('last of newest run')
  await accessible(page)

  await page.getByRole('radiogroup', { name: 'Baseline' }).getByText('Root').click()
  await expect(page).toHaveURL(/baseline=root/)
  await expect(general).toContainText('+0.312')
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
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})
