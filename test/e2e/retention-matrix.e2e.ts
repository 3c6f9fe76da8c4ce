import type { Page } from '@playwright/test'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedForgetting } from './setup/seed-forgetting.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

let projects = 0
const name = () => `retain-${Date.now()}-${++projects}`
const cell = (page: Page, words: RegExp) => page.getByRole('gridcell', { name: words })
const panel = (page: Page) => page.getByRole('complementary', { name: 'The open cell' })

test('from an orange cell to the items that were lost, to both answers', async ({ page, door, accessible }) => {
  const { project } = await seedForgetting(door, name())
  await page.goto(`/${WORKSPACE}/${project}/retention`)
  await expect(page.getByRole('heading', { level: 1, name: 'Retention' })).toBeVisible()
  await expect(page.getByText('siblings lost')).toContainText('instruction format −0.854 at task-full')

  const lost = cell(page, /Instruction format at task-full/)
  await expect(lost).toHaveAttribute('data-ground', 'lost-5')
  await expect(lost).toHaveAttribute('data-sure', 'certain')
  await expect(lost).toContainText('−0.854')
  await accessible(page)

  await lost.click()
  await expect(panel(page).getByRole('heading', { name: 'Instruction format' })).toBeVisible()
  await expect(panel(page)).toContainText('sft → task-full, same protocol, n 48')
  await expect(panel(page).getByRole('tab', { name: 'Lost 41' })).toHaveAttribute('aria-selected', 'true')
  await expect(panel(page)).toContainText('McNemar exact: 41 lost, 0 gained')
  const item = panel(page).getByRole('tabpanel')
  await expect(item).toContainText('What is the capital of country 0?')
  await expect(item.getByRole('listitem').filter({ hasText: 'parent' })).toContainText(
    'The capital of country 0 is Berlin.',
  )
  await expect(item.getByRole('listitem').filter({ hasText: 'this checkpoint' })).toContainText('place')
  await expect(item.getByRole('listitem').filter({ hasText: 'sibling' })).toContainText(
    'The capital of country 0 is Berlin.',
  )
  await expect(panel(page).getByRole('table', { name: /Slices/ })).toContainText('type: island')
  await accessible(page)

  await page.keyboard.press('j')
  await expect(item).toContainText('What is the capital of country 1?')
  await page.keyboard.press('k')
  await expect(item).toContainText('What is the capital of country 0?')
  await panel(page).getByRole('tab', { name: 'Kept wrong 7' }).click()
  await expect(page).toHaveURL(/flip=kept_wrong/)
  await expect(item).toContainText('What is the capital of country 41?')
})

test('by keyboard: arrows walk the cells, Enter opens one, Escape gives the focus back', async ({ page, door }) => {
  const { project } = await seedForgetting(door, name())
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=3`)
  const start = cell(page, /General bpb at base/)
  await start.focus()
  await page.keyboard.press('ArrowRight')
  await expect(cell(page, /General bpb at sft/)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  const lost = cell(page, /Instruction format at task-full/)
  await expect(lost).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(panel(page)).toBeFocused()
  await expect(panel(page)).toContainText('McNemar')
  await page.keyboard.press('Escape')
  await expect(panel(page)).toHaveCount(0)
  await expect(lost).toBeFocused()
})

test('groups fold to the member that lost most, by keyboard too, and unfold; the address keeps it', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedForgetting(door, name())
  await page.goto(`/${WORKSPACE}/${project}/retention`)
  const group = page.getByRole('rowheader').getByRole('button', { name: /^Instruction, 1 benchmark/ })
  await expect(group).toHaveAttribute('aria-expanded', 'true')
  await page.getByRole('button', { name: 'Fold all groups' }).click()
  await expect(page).toHaveURL(/fold=/)
  await expect(group).toHaveAttribute('aria-expanded', 'false')
  const worst = cell(page, /^Worst of Instruction: Instruction format at task-full/)
  await expect(worst).toContainText('Instruction format')
  await expect(worst).toContainText('−0.854')
  await expect(worst).toHaveAttribute('data-ground', 'lost-5')
  await accessible(page)
  await worst.focus()
  await page.keyboard.press('Enter')
  await expect(panel(page).getByRole('heading', { name: 'Instruction format' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(worst).toBeVisible()
  await group.focus()
  await page.keyboard.press('Enter')
  await expect(group).toHaveAttribute('aria-expanded', 'true')
  await expect(cell(page, /^Instruction format at task-full/)).toBeVisible()
})

test('what cannot be compared is hatched, says which field differs, and opens to both protocols', async ({
  page,
  door,
}) => {
  const { project } = await seedForgetting(door, name())
  await page.goto(`/${WORKSPACE}/${project}/retention`)
  const hatched = cell(page, /General bpb at task-replay/)
  await expect(hatched).toHaveAttribute('data-kind', 'hatched')
  await expect(hatched).toContainText('harness version')
  await hatched.click()
  await expect(panel(page)).toContainText('Cannot be compared')
  await expect(panel(page).getByRole('table', { name: 'What differs' })).toContainText('harness version')
  await expect(page.getByText(/No interval: .*standard error/)).toBeVisible()
})

test('the path is the control: another branch, its siblings, and a planned stage without a score', async ({
  page,
  door,
}) => {
  const { project } = await seedForgetting(door, name())
  await page.goto(`/${WORKSPACE}/${project}/retention`)
  const path = page.getByRole('navigation', { name: 'Path' })
  await expect(path).toContainText('task-replay')
  await path.getByRole('button', { name: /task-replay/ }).click()
  await page.getByRole('menuitem', { name: 'task-full' }).click()
  await expect(page).toHaveURL(/leaf=3/)
  await expect(page.getByText('Certainly lost on this path: instruction format −0.854 at task-full')).toBeVisible()
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=5`)
  await expect(page.getByRole('columnheader', { name: /rlvr/ })).toContainText('planned')
})

test('the baseline is in the address and changes what cells are compared with', async ({ page, door }) => {
  const { project } = await seedForgetting(door, name())
  await page.goto(`/${WORKSPACE}/${project}/retention`)
  await expect(cell(page, /Instruction format at task-replay/)).toContainText('−0.021')
  await page.getByRole('radiogroup', { name: 'Baseline' }).getByText('root').click()
  await expect(page).toHaveURL(/baseline=root/)
  await expect(cell(page, /Instruction format at task-replay/)).toContainText('+0.833')
  await page.goBack()
  await expect(cell(page, /Instruction format at task-replay/)).toContainText('−0.021')
})

test('is taken away as Markdown with its baseline and notes, and as a row per cell', async ({
  page,
  door,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { project } = await seedForgetting(door, name())
  await page.goto(`/${WORKSPACE}/${project}/retention`)
  await page.getByRole('button', { name: /Save or copy: Retention/ }).click()
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).click()
  await expect(page.getByRole('status')).toContainText('Markdown copied')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain("against each stage's parent")
  expect(copied).toContain('−0.854 ▼ over budget')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /^Save as CSV/ }).click(),
  ])
  expect(file.suggestedFilename()).toBe(`${project}-retention.csv`)
  await page.getByRole('button', { name: /Save or copy: Retention/ }).click()
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as PNG' }).click(),
  ])
  expect(picture.suggestedFilename()).toBe(`${project}-retention.png`)
})

test('without an evaluation the page says what one is and the line that sends it', async ({
  page,
  door,
  accessible,
}) => {
  const project = name()
  await door.send('PUT', `/projects/${project}`, { name: 'Empty' })
  await page.goto(`/${WORKSPACE}/${project}/retention`)
  await expect(page.getByText('Nothing was measured yet')).toBeVisible()
  await expect(page.getByText(/run\.log_eval\(/)).toBeVisible()
  await accessible(page)
})

test('on a phone only the matrix scrolls sideways, and a cell opens as a sheet', async ({ page, door, accessible }) => {
  const { project } = await seedForgetting(door, name())
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=3`)
  await expect(page.getByRole('grid', { name: 'Retention' })).toBeVisible()
  await fitsWidth(page)
  await cell(page, /Instruction format at task-full/).click()
  await expect(panel(page)).toContainText('41')
  const box = await panel(page).boundingBox()
  expect(box?.width).toBe(390)
  await accessible(page)
})
