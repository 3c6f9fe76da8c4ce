import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'
import { seedScores } from './setup/seed-scores.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('a fork is compared in three groups, differences only, against its parent', async ({
  page,
  door,
  accessible,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { project } = await seedLineage(door, `compare-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1,2,3`)
  const table = page.getByRole('table', { name: /Stages side by side/ })
  for (const part of ['How', 'Cost', 'Why'])
    await expect(
      table.getByRole('rowheader', { name: new RegExp(`^${part}\\s*\\d+ of \\d+ rows differ`) }),
    ).toBeVisible()
  await expect(table.getByRole('columnheader', { name: /^base / })).toContainText('Baseline, parent')
  const general = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /General bpb/ }) })
  await expect(general.getByRole('cell')).toContainText(['2.316', '+0.312', '+0.101'])
  await expect(general).toContainText('worse, no interval')
  await accessible(page)

  const hides = page.getByRole('switch', { name: /Differences only, \d+ rows? hidden/ })
  await hides.click()
  await expect(page).toHaveURL(/all=true/)
  await expect(page.getByRole('switch', { name: 'Differences only', exact: true })).not.toBeChecked()

  await page.getByRole('button', { name: /^Save or copy base, cpt/ }).click()
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).click()
  await expect(page.getByText('Markdown copied')).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain('| General bpb ↓ | 2.316 | 2.628, +0.312, worse, no interval |')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Make cpt the baseline' }).click()
  await expect(page).toHaveURL(/baseline=2/)
  await expect(general.getByRole('cell').first()).toContainText('−0.312')
})

test('a planned stage shows its plan in dashes and what was not measured', async ({ page, door }) => {
  const { project } = await seedLineage(door, `compare-plan-${Date.now()}`)
  await door.send('PUT', `/projects/${project}/experiments/planned`, {
    name: 'planned',
    stage: 'sft',
    parents: [{ experiment: 'base', kind: 'init' }],
    plan: {
      tokens: 2_000_000,
      hours: 3,
      device_count: 8,
      device_kind: 'H100',
      money: { amount: '120', currency: 'USD' },
    },
  })
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1,6`)
  const cell = (label: string) =>
    page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: label, exact: true }) })
      .getByRole('cell')
      .last()
  await expect(cell('Tokens, this stage')).toContainText('not measured')
  await expect(cell('Tokens, this stage')).toContainText('planned 2.00M')
  await expect(cell('Hardware')).toContainText('planned 8 × H100')
  await expect(cell('Cost, this stage')).toContainText('planned $120')
  await expect(cell('Verdict')).toContainText('Nothing can be compared')
})

test('stages are added and taken out, and the address follows', async ({ page, door }) => {
  const { project } = await seedLineage(door, `compare-add-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1,2`)
  await page.getByRole('combobox', { name: 'Add a stage' }).click()
  await page.getByRole('option', { name: /cpt-replay/ }).click()
  await expect(page).toHaveURL(/stages=1,2,3/)
  await page.getByRole('button', { name: 'Take cpt out' }).click()
  await expect(page).toHaveURL(/stages=1,3/)
  await expect(page.getByRole('button', { name: /^Take/ })).toHaveCount(0)
})

test('what cannot be compared is said: one stage, a stage that is not there, a project without a fork', async ({
  page,
  door,
  noise,
}) => {
  noise.allow(/Failed to load resource/)
  const { project } = await seedLineage(door, `compare-bad-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1`)
  await expect(page.getByText('One stage was named (1); a comparison takes 2 to 5.')).toBeVisible()
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1,99`)
  await expect(page.getByText('was not found')).toBeVisible()
  const empty = `compare-empty-${Date.now()}`
  await door.send('PUT', `/projects/${empty}`, {})
  await page.goto(`/${WORKSPACE}/${empty}/compare-stages`)
  await expect(page.getByText('No two stages to compare yet')).toBeVisible()
})

test('on a phone only the table scrolls sideways, and its labels stay', async ({ page, door }) => {
  const { project } = await seedLineage(door, `compare-phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1,2,3`)
  await expect(page.getByRole('rowheader', { name: /General bpb/ })).toBeVisible()
  await fitsWidth(page)
})

test('the 7B and the 13B stand in one comparison across projects, against one baseline', async ({ page, door }) => {
  const of = (size: string) => `olmo2-${size}-${Date.now()}`
  const [small, large] = [of('7b'), of('13b')]
  // arXiv 2501.00656, table 9: MMLU and GSM8K after pre-training and after mid-training.
  await seedScores(door, small, { base: [59.8, 24.1], mid: [63.7, 67.5] })
  await seedScores(door, large, { base: [63.4, 37.3], mid: [67.5, 75.1] })
  await page.goto(`/${WORKSPACE}/${small}/compare-stages?stages=1,2,${large}:1,${large}:2`)
  const table = page.getByRole('table', { name: /Stages side by side/ })
  await expect(table.getByRole('columnheader')).toHaveCount(5)
  const mmlu = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^MMLU/ }) })
  await expect(mmlu.getByRole('cell')).toContainText(['59.8', '63.7', '63.4', '67.5'])
  await expect(mmlu.getByRole('cell').nth(3)).toContainText('+7.7')
  await table.getByRole('link', { name: 'mid', exact: true }).last().click()
  await expect(page).toHaveURL(new RegExp(`/${large}/experiments/2$`))
})
