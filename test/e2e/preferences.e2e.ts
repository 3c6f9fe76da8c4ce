import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedForgetting } from './setup/seed-forgetting.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

let projects = 0
const name = () => `prefer-${Date.now()}-${++projects}`

/** `wins` battles that a won, `losses` that b won, each of a prompt of its own; every fourth one judged by a model too. */
function battles(key: string, a: string, b: string, wins: number, losses: number, more: object = {}) {
  return Array.from({ length: wins + losses }, (_, i) => ({
    id: `${key}-${i}`,
    a,
    b,
    winner: i < wins ? 'a' : 'b',
    prompt: `${key}-p${i}`,
    rater: 'ann',
    rater_kind: 'person',
    first: i % 2 ? 'a' : 'b',
    length_a: 120,
    length_b: 100,
    ...more,
  }))
}

test('an empty page says what a battle is and how one is told', async ({ page, door, accessible }) => {
  const project = name()
  await door.send('PUT', `/projects/${project}`, { name: 'Nothing yet' })
  await page.goto(`/${WORKSPACE}/${project}/preferences`)
  await expect(page.getByText('No battle yet').first()).toBeVisible()
  await expect(page.getByText('run.log_preferences(')).toBeVisible()
  await accessible(page)
})

test('models are rated by their battles, against an anchor that is chosen; the address keeps the choice', async ({
  page,
  door,
  accessible,
}) => {
  const { project, checkpoints } = await seedForgetting(door, name())
  const [base, sft, full] = ['base', 'sft', 'task-full'].map((slug) => checkpoints[slug] as string)
  await door.send('POST', `/projects/${project}/battles`, {
    battles: [
      ...battles('one', sft as string, base as string, 60, 20, { category: 'chat' }),
      ...battles('two', sft as string, full as string, 50, 30, { category: 'code' }),
      ...battles('three', sft as string, full as string, 10, 6, {
        category: 'code',
        rater: 'judge@1',
        rater_kind: 'model',
      }),
      ...battles('four', base as string, full as string, 20, 30, { category: 'code' }),
    ],
  })
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await page.getByRole('link', { name: 'Preferences' }).click()
  await expect(page.getByText('226 battles of 3 models; sft and task-full share the first rank')).toBeVisible()
  const ratings = page.getByRole('table', { name: 'Preference ratings' })
  await expect(ratings.getByRole('row', { name: /^base/ })).toContainText('1000 (anchor)')
  await expect(ratings.getByRole('row', { name: /^sft/ })).toContainText('×1.20')
  await expect(page.getByRole('table', { name: 'Win share of the row over the column' })).toContainText(
    '75 % (65 to 83), n 80',
  )
  await accessible(page)

  await page.getByRole('combobox', { name: 'Anchor' }).click()
  await page.getByRole('option', { name: 'Anchor sft' }).click()
  await expect(ratings.getByRole('row', { name: /^sft/ })).toContainText('1000 (anchor)')
  await page.getByRole('combobox', { name: 'Rater' }).click()
  await page.getByRole('option', { name: 'judge@1, model (16)' }).click()
  await expect(page.getByText('16 battles of 2 models; no difference is certain')).toBeVisible()
  await page.reload()
  await expect(page.getByText('16 battles of 2 models; no difference is certain')).toBeVisible()

  await page.getByRole('combobox', { name: 'Rater' }).click()
  await page.getByRole('option', { name: 'All raters' }).click()
  const row = page.getByRole('link', { name: /^sft: \d/ })
  await row.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/experiments\/2$/)
})

test('a model that won every battle has no rating: win shares stand in its place', async ({
  page,
  door,
  accessible,
}) => {
  const project = name()
  await door.send('PUT', `/projects/${project}`, { name: 'One side' })
  await door.send('POST', `/projects/${project}/battles`, { battles: battles('x', 'alpha@1', 'beta@1', 14, 0) })
  await page.goto(`/${WORKSPACE}/${project}/preferences`)
  await expect(page.getByRole('note')).toContainText('one side won every battle')
  await expect(page.getByRole('table', { name: 'Preference ratings' })).toContainText('100 % (78 to 100)')
  await accessible(page)
})
