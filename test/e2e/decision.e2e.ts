import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedForgetting } from './setup/seed-forgetting.ts'
import { seedTulu } from './setup/seed-tulu.ts'
import { seedVerdict } from './setup/seed-verdict.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('one page says what a stage gained, lost and cost against base, parent and sibling, with the items that flipped', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedForgetting(door, `decision-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/3`)
  await page.getByRole('link', { name: 'Was it worth it?' }).click()
  await expect(page.getByRole('heading', { name: 'Was task-full worth it?' })).toBeVisible()
  const table = page.getByRole('table', { name: 'task-full against base, parent and sibling' })
  await expect(table.getByRole('columnheader')).toContainText(['Against base', 'Against parent', 'Against sibling'])
  const format = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /format/i }) })
  await expect(format.getByRole('cell').nth(1)).toContainText('−0.854')
  await expect(format.getByRole('cell').nth(1)).toContainText('95 %')
  await expect(table.getByRole('row').filter({ hasText: 'Budget' })).toContainText('over budget')
  await page.getByRole('heading', { name: 'What changed, item by item' }).scrollIntoViewIfNeeded()
  await expect(page.getByRole('tab', { name: 'Lost 41' })).toBeVisible()
  await expect(page.getByText(/1 of 41/)).toBeVisible()
  await page.getByRole('radiogroup', { name: 'Flips against' }).getByText('Sibling').click()
  await expect(page).toHaveURL(/to=sibling/)
  await expect(page.getByRole('tab', { name: 'Lost 40' })).toBeVisible()
  await accessible(page)
})

test('what is asked for when it comes into view does not claim to wait before; asked for in vain it says so, and is stopped and taken up', async ({
  page,
  door,
}) => {
  const { project } = await seedForgetting(door, `waiting-${Date.now()}`)
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(/evaluations\.matrixCell/, async (route) => {
    await isReleased
    await route.continue().catch(() => {})
  })
  await page.clock.install()
  // The items lie more than half a screen below.
  await page.setViewportSize({ width: 1440, height: 500 })
  await page.goto(`/${WORKSPACE}/${project}/experiments/3/decision`)
  await expect(page.getByRole('table', { name: 'task-full against base, parent and sibling' })).toBeVisible()
  await page.clock.fastForward(6_000)
  const words = page.getByText('Still waiting for the server: the items.')
  await expect(words).toHaveCount(0)
  await page.getByRole('heading', { name: 'What changed, item by item' }).scrollIntoViewIfNeeded()
  // They are asked for once they are near, and waited for from then on.
  await expect(async () => {
    await page.clock.fastForward(6_000)
    await expect(words).toBeVisible({ timeout: 500 })
  }).toPass()
  await page.getByRole('button', { name: 'Stop waiting' }).click()
  await expect(page.getByText('Not loaded: the items')).toBeVisible()
  release()
  await page.getByRole('button', { name: 'Load it' }).click()
  await expect(page.getByRole('tab', { name: 'Lost 41' })).toBeVisible()
})

test('nobody has to type: the numbers draft the decision; what people decide is kept with its history', async ({
  page,
  door,
}) => {
  const { project } = await seedVerdict(door, `decide-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2/decision`)
  await expect(page.getByText('a draft by rule; nobody decided yet')).toBeVisible()
  await expect(page.getByText('Retrain', { exact: true })).toBeVisible()
  await expect(page.getByText(/Gain against base: Law exam \+0\.400/)).toBeVisible()
  await page.getByRole('button', { name: 'Decide' }).click()
  await page.getByRole('radiogroup', { name: 'Decision' }).getByText('Roll back').click()
  await page.getByRole('textbox', { name: 'Reason' }).fill('It **lost** arithmetic.')
  await page.getByRole('button', { name: 'Save decision' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByText('Roll back', { exact: true })).toBeVisible()
  await expect(page.locator('strong').filter({ hasText: 'lost' })).toBeVisible()
  await page.getByRole('button', { name: 'Change decision' }).click()
  await page.getByRole('radiogroup', { name: 'Decision' }).getByText('Retrain').click()
  await page.getByRole('button', { name: 'Save decision' }).click()
  await page.getByText('1 earlier decision').click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Roll back' })).toBeVisible()
})

test('of two who decide at once the second sees the first and writes over it knowingly', async ({
  page,
  door,
  noise,
}) => {
  noise.allow(/Failed to load resource/)
  const { project } = await seedVerdict(door, `decide-twice-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2/decision`)
  const other = await page.context().newPage()
  await other.goto(page.url())
  for (const one of [page, other]) await one.getByRole('button', { name: 'Decide' }).click()
  await other.getByRole('textbox', { name: 'Reason' }).fill('The other one.')
  await other.getByRole('button', { name: 'Save decision' }).click()
  await expect(other.getByRole('dialog')).toBeHidden()
  await page.getByRole('textbox', { name: 'Reason' }).fill('Mine.')
  await page.getByRole('button', { name: 'Save decision' }).click()
  await expect(page.getByText(/decided while you wrote/)).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Reason' })).toHaveValue('Mine.')
  await page.getByRole('button', { name: 'Write mine over it' }).click()
  await page.getByRole('button', { name: 'Save decision' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByText('Mine.')).toBeVisible()
})

test('a card without items says no interval, missing baseline, and why no item can be shown; a root is held against nothing', async ({
  page,
  door,
}) => {
  const project = await seedTulu(door, `decision-tulu-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/4/decision`)
  const safety = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^Safety ↑/ }) })
  await expect(safety).toContainText('missing baseline')
  await expect(safety).toContainText('no interval')
  await expect(safety).toContainText('n not published')
  await page.goto(`/${WORKSPACE}/${project}/experiments/1/decision`)
  await expect(page.getByText(/is a root: nothing came before it/)).toBeVisible()
})

test('on a phone only the table scrolls sideways', async ({ page, door }) => {
  const { project } = await seedForgetting(door, `decision-phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/experiments/3/decision`)
  await page.getByRole('heading', { name: 'What changed, item by item' }).scrollIntoViewIfNeeded()
  await expect(page.getByRole('tab', { name: 'Lost 41' })).toBeVisible()
  await fitsWidth(page)
})
