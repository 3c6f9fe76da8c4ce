import { openDoor } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { adminKey } from './setup/on-the-box.ts'
import { seedVerdict } from './setup/seed-verdict.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('the head of a stage tells gain and retention side by side, what was paid, and the verdict', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedVerdict(door, `verdict-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await expect(page.getByText('Over budget: Arithmetic −0.20')).toBeVisible()
  await expect(page.getByText('The gate is closed')).toBeVisible()
  await expect(page.getByText('+0.400')).toHaveCount(2)
  // Of the head; the table of checkpoints below counts them too.
  await expect(page.getByRole('definition').filter({ hasText: '1 of 3 within budget' })).toBeVisible()
  await expect(page.getByText('worst Arithmetic −0.200')).toBeVisible()
  // Three of four kept benchmarks were measured on both: the mean would speak of others than it names.
  await expect(page.getByText(/only 2 of 3 benchmarks to be kept measured on both/)).toBeVisible()
  await accessible(page)
})

test('a missing baseline is named with the line that fills it, and filling it settles the mean', async ({
  page,
  door,
}) => {
  const { project } = await seedVerdict(door, `missing-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  const warning = page.getByText('Missing baseline: base, checkpoint 39, lacks Code.')
  await warning.click()
  const command = page.getByText(/descent\.run\.log_eval\("code"/)
  await expect(command).toBeVisible()
  const checkpoint = /checkpoint="([0-9a-f-]+)"/.exec((await command.textContent()) ?? '')?.[1]
  await door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
    benchmark: 'code',
    metric: 'acc',
    protocol: { task: 'code', shots: 0, harness: 'e2e' },
    score: 0.15,
    n: 200,
    items: Array.from({ length: 200 }, (_, i) => ({ id: `item-${i}`, score: i < 30 ? 1 : 0 })),
  })
  await page.reload()
  await expect(warning).toHaveCount(0)
  await expect(page.getByText(/mean −6\.8 points \(−8\.7 to −5\.0\)/)).toBeVisible()
  const paid = page.getByRole('definition').filter({ hasText: '0.17' })
  await expect(paid).toContainText('95 % 0.12 to 0.23')
})

test('a budget is set in a dialog by keyboard, and the verdict follows, on the lineage too', async ({ page, door }) => {
  const { project } = await seedVerdict(door, `budget-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}`)
  const card = page.getByRole('group', { name: /^sft, stage/ })
  await expect(card).toHaveAttribute('data-corner', 'true')
  await expect(card).toHaveAccessibleName(/1 over budget/)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await page.getByRole('button', { name: 'Change budget' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'What this stage may lose' })
  await dialog.getByLabel('Mean of what should be kept may fall by').fill('30')
  await dialog.getByLabel('Arithmetic may lose').fill('0.4')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(page.getByText('Cannot tell, 1 of 3 not measured on both')).toBeVisible()
  await expect(page.getByText('mean may fall 30 points')).toBeVisible()
  await expect(page.getByText('The gate is closed')).toHaveCount(0)
  await page.goto(`/${WORKSPACE}/${project}`)
  await expect(card).toBeVisible()
  await expect(card).not.toHaveAttribute('data-corner', 'true')
})

test('what another person sets while the form is open stays, unless it is changed here, too', async ({
  page,
  door,
}) => {
  const { project } = await seedVerdict(door, `two-budgets-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await page.getByRole('button', { name: 'Change budget' }).click()
  const dialog = page.getByRole('dialog', { name: 'What this stage may lose' })
  await dialog.getByLabel('Mean of what should be kept may fall by').fill('30')
  const admin = openDoor(adminKey())
  const address = `/projects/${project}/experiments/2/budget`
  await admin.send('PATCH', address, { gate: 'warn', holds: true })
  await dialog.getByRole('button', { name: 'Save budget' }).click()
  await expect(dialog).toHaveCount(0)
  const { budget } = await admin.send<{ budget: object }>('PATCH', address, {})
  expect(budget).toMatchObject({ points: 30, gate: 'warn', holds: true })
})

test('a budget that is refused says why at its field, the focus goes there, and entries stay', async ({
  page,
  door,
  noise,
  accessible,
}) => {
  noise.allow(/status of 400/)
  const { project } = await seedVerdict(door, `refused-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await page.getByRole('button', { name: 'Change budget' }).click()
  const dialog = page.getByRole('dialog', { name: 'What this stage may lose' })
  const mean = dialog.getByLabel('Mean of what should be kept may fall by')
  const arithmetic = dialog.getByLabel('Arithmetic may lose')
  await arithmetic.fill('0.4')
  await mean.fill('500')
  await page.keyboard.press('Enter')
  await expect(mean).toHaveAccessibleDescription(/0 to 100 points/)
  await expect(mean).toBeFocused()
  await expect(mean).toHaveValue('500')
  await expect(arithmetic).toHaveValue('0.4')
  await accessible(page)

  // One benchmark of several, which the server names by its place in what was sent.
  await mean.fill('30')
  await arithmetic.fill('-1')
  await page.keyboard.press('Enter')
  await expect(arithmetic).toHaveAccessibleDescription(/0 or more/)
  await expect(arithmetic).toBeFocused()
  await expect(mean).not.toHaveAttribute('aria-invalid', 'true')
  await expect(mean).toHaveValue('30')
})

test('on a phone the head reads from the verdict down, and nothing scrolls sideways', async ({ page, door }) => {
  const { project } = await seedVerdict(door, `phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await expect(page.getByText('Over budget: Arithmetic −0.20')).toBeVisible()
  await page.getByText(/^Missing baseline/).click()
  await expect(page.getByText(/log_eval\("code"/)).toBeVisible()
  await fitsWidth(page)
})
