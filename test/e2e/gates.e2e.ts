import { openDoor } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { adminKey } from './setup/on-the-box.ts'
import { seedVerdict } from './setup/seed-verdict.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('what follows is held up by a closed gate, with the reason on every page, until a person lets it pass', async ({
  page,
  door,
  accessible,
  noise,
}) => {
  // A reason that is left empty is refused by the server.
  noise.allow(/status of 400/)
  const { project } = await seedVerdict(door, `gate-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await page.getByRole('button', { name: 'Change budget' }).focus()
  await page.keyboard.press('Enter')
  const budget = page.getByRole('dialog', { name: 'What this stage may lose' })
  await expect(budget.locator(':focus')).toHaveCount(1)
  await budget.getByRole('checkbox', { name: 'Hold up what follows' }).focus()
  await page.keyboard.press('Space')
  await budget.getByRole('button', { name: 'Save budget' }).click()
  await expect(budget).toHaveCount(0)
  await expect(page.getByText('and holds up what follows')).toBeVisible()
  await expect(page.getByText(/nothing waits for it yet: over budget against its parent/)).toBeVisible()

  await openDoor(adminKey()).send('POST', `/projects/${project}/pipelines`, {
    version: 1,
    name: 'Goes on',
    defaults: { queue: 'nobody' },
    experiments: { dpo: { stage: 'dpo', name: 'dpo', recipe: 'preference', parents: [{ experiment: 'sft' }] } },
  })
  await page.goto(`/${WORKSPACE}/agents`)
  const job = page
    .getByRole('table', { name: 'Waiting jobs' })
    .getByRole('row', { name: /dpo/ })
    .filter({ hasText: project })
  await expect(job).toContainText('Held up by the gate of sft #2: over budget against its parent', { timeout: 30_000 })
  await page.goto(`/${WORKSPACE}/${project}`)
  await expect(page.getByRole('group', { name: /^dpo, stage/ })).toContainText('Held up by the gate of sft')
  await page.goto(`/${WORKSPACE}/agents`)
  await job.getByRole('link', { name: 'To the gate of sft' }).click()

  await expect(page.getByText(/^The gate holds up dpo: over budget/)).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Let it pass…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Let this checkpoint pass' })
  await dialog.getByRole('button', { name: 'Let it pass', exact: true }).click()
  await expect(dialog.getByLabel('Why it may pass')).toHaveAccessibleDescription(/the reason is kept/)
  await expect(dialog.getByLabel('Why it may pass')).toBeFocused()
  await dialog.getByLabel('Why it may pass').fill('Arithmetic comes back in the next stage')
  const sent = page.waitForRequest((request) => request.postData()?.includes('Arithmetic comes back') ?? false)
  await dialog.getByRole('button', { name: 'Let it pass', exact: true }).click()
  // Only the checkpoint whose numbers were read may pass.
  expect((await sent).postData()).toMatch(/"checkpoint":"[0-9a-f-]{36}"/)
  await expect(dialog).toHaveCount(0)
  await expect(
    page.getByText(/let this checkpoint pass its gate: “Arithmetic comes back in the next stage”/),
  ).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await fitsWidth(page)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`/${WORKSPACE}/agents`)
  await expect(job).toContainText('No agent of queue nobody is online')
})
