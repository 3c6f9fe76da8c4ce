import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedForgetting } from './setup/seed-forgetting.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

let projects = 0
const name = () => `slope-${Date.now()}-${++projects}`

/** The lineage in which something is forgotten, with a benchmark whose chance is known. */
async function seed(door: Door): Promise<string> {
  const { project, checkpoints } = await seedForgetting(door, name())
  for (const [slug, score] of [
    ['base', 0.25],
    ['sft', 0.85],
    ['task-full', 0.25],
    ['task-replay', 0.8],
  ] as const)
    await door.send('POST', `/checkpoints/${checkpoints[slug]}/evaluations`, {
      benchmark: {
        slug: 'slope-quiz',
        name: 'Quiz',
        category: 'knowledge',
        kind: 'accuracy',
        higher_is_better: true,
        chance: 0.25,
        best: 1,
      },
      metric: 'accuracy',
      protocol: { task: 'quiz' },
      score,
      n: 400,
    })
  return project
}

test('the way of a benchmark through the stages, from its name to the cell behind a mark', async ({
  page,
  door,
  accessible,
}) => {
  const project = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=3`)
  await page.getByRole('radiogroup', { name: 'View' }).getByText('Slope').click()
  await expect(page).toHaveURL(/view=slope/)
  await expect(page.getByText(/1 benchmark over 3 stages; Quiz lost for certain/)).toBeVisible()
  await expect(page.getByText(/General bpb \(it has no chance level\)/)).toBeVisible()
  await accessible(page)

  await page.getByRole('button', { name: 'Highlight Quiz' }).focus()
  await expect(page.getByText(/Quiz: base 0\.250 .*; task-full 0\.250 .*lost/)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/benchmark=/)
  await page.getByRole('link', { name: /Quiz, task-full: 0\.250/ }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'The open cell' })).toContainText('sft → task-full')
})

test('raw, a benchmark has an axis of its own, and two protocols are not joined', async ({
  page,
  door,
  accessible,
}) => {
  const project = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/retention?view=slope&leaf=4&scale=raw`)
  await expect(page.getByText(/3 benchmarks over 3 stages/)).toBeVisible()
  await expect(page.getByText(/Not joined: General bpb after sft \(another protocol\)/)).toBeVisible()
  await expect(page.getByRole('table', { name: 'Retention, scores' })).toContainText('2.316 (no interval)')
  await accessible(page)
})
