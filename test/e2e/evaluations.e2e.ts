import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedForgetting } from './setup/seed-forgetting.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('checkpoints stand against benchmarks with score, interval, n and change', async ({ page, door, accessible }) => {
  const { project } = await seedForgetting(door, `evals-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await expect(
    page.getByText(/4 checkpoints × 2 benchmarks · 1 certainly lost, worst instruction format −0.854 at task-full/),
  ).toBeVisible()
  const cell = page.getByRole('gridcell', { name: /Instruction format at sft/ })
  await expect(cell).toContainText('0.854')
  await expect(cell).toContainText('0.73 to 0.93')
  await expect(cell).toContainText('+0.854')
  await expect(page.getByRole('rowheader', { name: /General bpb ↓.*n 12.0k/ })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: /task-full.*vs sft/ })).toBeVisible()
  await accessible(page)
  await page
    .getByRole('columnheader', { name: /task-full/ })
    .getByRole('link')
    .click()
  await expect(page.getByRole('heading', { level: 1, name: 'task-full' })).toBeVisible()
})

test('any checkpoint can be the baseline, and the address keeps it', async ({ page, door }) => {
  const { project, checkpoints } = await seedForgetting(door, `evals-base-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations?baseline=${checkpoints['task-replay']}`)
  await expect(page.getByRole('gridcell', { name: /Instruction format at task-full/ })).toContainText('−0.833')
  await expect(page.getByRole('gridcell', { name: /Instruction format at task-replay/ })).toContainText('baseline')
  await page.getByRole('radiogroup', { name: 'Baseline' }).getByText('best ancestor').click()
  await expect(page).toHaveURL(/baseline=best/)
  await expect(page.getByRole('gridcell', { name: /Instruction format at task-full/ })).toContainText('−0.854')
})

test('what is not significant is hidden and counted, the worst comes first', async ({ page, door }) => {
  const { project } = await seedForgetting(door, `evals-worst-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations?group=none`)
  const names = page.getByRole('rowheader')
  await expect(names.first()).toContainText('General bpb')
  await page.getByRole('button', { name: 'Worst first' }).click()
  await expect(names.first()).toContainText('Instruction format')
  await page.getByRole('checkbox', { name: 'Hide not significant' }).check()
  await expect(names).toHaveCount(1)
  await expect(page.getByText('1 benchmark without a certain change is hidden.')).toBeVisible()
  await expect(page).toHaveURL(/certain=true/)
})

test('one path, branches and picked checkpoints', async ({ page, door }) => {
  const { project, checkpoints } = await seedForgetting(door, `evals-sets-${Date.now()}`)
  const heads = page.getByRole('columnheader')
  await page.goto(`/${WORKSPACE}/${project}/evaluations?set=path&leaf=3`)
  await expect(heads).toHaveCount(4)
  await page.goto(`/${WORKSPACE}/${project}/evaluations?set=branches&leaf=2`)
  await expect(heads).toHaveCount(4)
  await page.goto(
    `/${WORKSPACE}/${project}/evaluations?set=picked&picked=${checkpoints['task-full']},${checkpoints.base}`,
  )
  await expect(heads).toHaveCount(3)
  await expect(heads.nth(1)).toContainText('task-full')
})

test('a measured checkpoint of a stage that still runs is offered', async ({ page, door }) => {
  const { project } = await seedLineage(door, `evals-all-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await page.getByRole('combobox', { name: 'Checkpoints', exact: true }).click()
  await page.getByRole('option', { name: 'All checkpoints' }).click()
  await expect(page).toHaveURL(/set=all/)
  await expect(page.getByRole('columnheader', { name: /cpt-replay/ })).toBeVisible()
})

test('on a phone only the table scrolls sideways', async ({ page, door }) => {
  const { project } = await seedLineage(door, `evals-phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await expect(page.getByRole('grid', { name: 'Evaluations' })).toBeVisible()
  await fitsWidth(page)
})
