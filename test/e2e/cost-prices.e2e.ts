/** Other prices, other costs, storage, CO₂e and the budget on the cost page; and whether all its sums are one number. */
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { LineageCost, ProjectCost } from '#src/protocol/cost.ts'
import { costCheck } from './setup/cost-agreement.ts'
import { openDoor } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { adminKey } from './setup/on-the-box.ts'
import { seedCost } from './setup/seed-cost.ts'
import { seedGpu } from './setup/seed-gpu.ts'

const NOW = Date.now()
const PROJECT = `priced-again-${NOW}`
const GPU = `on-gpus-${NOW}`
const COST = `/${WORKSPACE}/${PROJECT}/cost`

test.beforeAll(async ({ door }) => {
  await seedCost(door, PROJECT)
  await seedGpu(door, GPU)
})

test.beforeEach(async ({ login }) => {
  await login()
})

const reader = () => openDoor(adminKey())
const api = () => ({ get: <T>(path: string) => reader().send<T>('GET', path) })
const bookOf = (name: string, typical: string) =>
  reader().send('POST', '/price-book', {
    book: name,
    prices: [{ device: 'cpu-core', currency: 'USD', typical, source: 'invoice of October' }],
  })
const sentenceOf = (page: Page) => page.locator('header').filter({ has: page.getByRole('heading', { level: 1 }) })

test('a total is kept, another book re-prices the page, and the old total stays beside the new one', async ({
  page,
  accessible,
}) => {
  const book = `october-${randomUUID().slice(0, 8)}`
  await bookOf(book, '0.05')
  await page.goto(`${COST}?tab=kept&unit=money`)
  await expect(page.getByText('No total was kept yet')).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Keep this total' }).click()
  const kept = page.getByRole('table', { name: 'Kept totals' })
  await expect(kept.getByRole('row', { name: /dpo and its ancestors/ })).toContainText('none')

  const form = page.getByRole('form', { name: 'Reckon with other prices' })
  await form.getByRole('combobox', { name: 'Price book' }).click()
  await page.getByRole('option', { name: book }).click()
  await expect(page).toHaveURL(new RegExp(`book=${book}`))
  await expect(sentenceOf(page)).toContainText('$0.93')
  const row = kept.getByRole('row', { name: /dpo and its ancestors/ })
  await expect(row).toContainText('$0.7400')
  await expect(row).toContainText('$0.9250')
  await expect(row).toContainText('+$0.1850, +25 %')

  await page.getByRole('button', { name: 'Keep this total' }).click()
  await expect(kept.getByRole('row', { name: /dpo and its ancestors/ })).toHaveCount(2)
  await expect(kept.getByRole('row', { name: new RegExp(book) })).toContainText('invoice of October')
  await accessible(page)

  // The book as it stood before the price was recorded has only what is built in.
  await form.getByLabel('As it stood on').fill('2026-01-01')
  await expect(sentenceOf(page)).toContainText('$0.74')
})

test('a cost is added, refused at its field, and corrected; what it was stays readable', async ({
  page,
  accessible,
  noise,
}) => {
  noise.allow(/status of 400/)
  await page.goto(`${COST}?tab=entries&unit=money&path=4`)
  await expect(page.getByText(/None was recorded: totals hold device-hours alone/)).toBeVisible()
  const form = page.getByRole('form', { name: 'Add a cost' })
  await form.getByRole('combobox', { name: 'Stage' }).click()
  await page.getByRole('option', { name: 'left' }).click()
  await form.getByLabel('Quantity').fill('2')
  await form.getByLabel('Price of one').fill('-3')
  await form.getByRole('button', { name: 'Add cost' }).click()
  await expect(form.getByText('per_unit must not be negative, got -3')).toBeVisible()
  await expect(form.getByLabel('Price of one')).toHaveAttribute('aria-invalid', 'true')
  await accessible(page)
  await form.getByLabel('Price of one').fill('0.50')
  await form.getByLabel('Note').fill('judge of the answers')
  await page.keyboard.press('Enter')
  const rows = page.getByRole('table', { name: 'Other costs' }).getByRole('row', { name: /left/ })
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('2 million tokens × $0.50')
  await expect(sentenceOf(page)).toContainText('$1.72')

  await page.getByRole('button', { name: /^Correct calls of other models of left/ }).click()
  const correction = page.getByRole('form', { name: 'Correct a cost' })
  await correction.getByLabel('Quantity').fill('3')
  await correction.getByRole('button', { name: 'Correct it' }).click()
  await expect(rows).toHaveCount(2)
  await expect(rows.filter({ hasText: 'corrected' })).toContainText('$1.00')
  await expect(sentenceOf(page)).toContainText('$2.22')
})

test('people count only when asked, and the address keeps it', async ({ page }) => {
  await reader().send('POST', `/projects/${PROJECT}/experiments/base/cost/entries`, {
    kind: 'people',
    quantity: 2,
    unit: 'hours',
    per_unit: 60,
    currency: 'USD',
    on: '2026-03-01',
  })
  await page.goto(`${COST}?tab=entries&unit=money&path=3`)
  await expect(sentenceOf(page)).toContainText('$0.74')
  await page.getByLabel('Count the time of people').click()
  await expect(page).toHaveURL(/people=true/)
  await expect(sentenceOf(page)).toContainText('$120.74')
})

test('storage is told by stage, and costs money at a price that somebody types', async ({ page, accessible }) => {
  await page.goto(`/${WORKSPACE}/${GPU}/cost?tab=storage`)
  const kept = page.getByRole('table', { name: 'What is kept' })
  await expect(kept.getByRole('row', { name: /^lora/ })).toContainText('adapter alone')
  await expect(kept.getByRole('row', { name: /^tuned/ })).toContainText('size not told')
  await expect(page.getByText(/Price of storage: not known/)).toBeVisible()
  await page.getByLabel('Price of a gigabyte kept for a month, USD').fill('0.023')
  await expect(page).toHaveURL(/gbmonth=0.023/)
  await expect(page.getByText('Price: $0.023 per GB-month, as typed on this page.')).toBeVisible()
  await page.getByLabel('Price of a gigabyte kept for a month, USD').fill('cheap')
  await expect(page.getByText('A price is a decimal of 0 or more, not cheap.')).toBeVisible()
  await accessible(page)
})

test('energy of a data sheet is hatched as an estimate, CO₂e follows the grid, and an external base stands apart', async ({
  page,
  accessible,
}) => {
  await page.goto(`/${WORKSPACE}/${GPU}/cost?unit=energy`)
  // 2 h × 72 W of one L4.
  await expect(page.getByRole('button', { name: /^tuned: 2.00 h.*144 Wh, an estimate/ })).toBeVisible()
  await expect(page.locator('[data-estimate]').first()).toBeVisible()
  await expect(
    page.getByRole('button', { name: /^outside: from outside, in no total; embodied 1\.02 GWh/ }),
  ).toBeVisible()
  await expect(page.getByRole('region', { name: 'CO₂e', exact: true })).toContainText('no grid was named')

  await page.getByRole('radiogroup', { name: 'Unit' }).getByText('CO₂e').click()
  await page.getByRole('combobox', { name: 'Grid' }).click()
  await page.getByRole('option', { name: /Sweden/ }).click()
  await expect(page).toHaveURL(/grid=SWE/)
  await expect(page.getByRole('button', { name: /^tuned: .*5.86 g, an estimate/ }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /embodied 420 t, drawn not to scale/ }).first()).toBeVisible()
  await accessible(page)
})

test('idle time is a segment of its own, with runs and prices behind it', async ({ page }) => {
  await page.goto(`/${WORKSPACE}/${GPU}/cost?unit=money&path=2`)
  const bar = page.getByRole('button', { name: /^tuned: 2.00 h, \$1.50; training 1.50 h, idle 30 m 0 s/ })
  await expect(bar).toBeVisible()
  await bar.click()
  const pieces = page.getByRole('table', { name: 'Runs and prices of tuned' })
  await expect(pieces.getByRole('row', { name: /idle/ })).toContainText('$0.375')
  await expect(pieces.getByRole('row', { name: /training/ })).toContainText('$1.125')
})

test('hardware says how often to save, and bases from how many served tokens on they are earned back', async ({
  page,
}) => {
  await page.goto(`${COST}?tab=hardware`)
  await expect(page.getByText('1 attempt was killed, preempted or lost in 12.5 h of training')).toBeVisible()
  await page.getByLabel('Minutes to write a checkpoint').fill('2')
  await expect(page.getByText(/save every 54 m 4\d s; saving and lost work then take 7 % of the time/)).toBeVisible()
  await page.goto(`${COST}?tab=bases`)
  await page.getByLabel('Price of a million tokens before').fill('2.5')
  await page.getByLabel('Price of a million tokens with this model').fill('0.5')
  await expect(page.getByText(/earned back after 240k served tokens/)).toBeVisible()
})

test('the same numbers to the cent: bars, segments, held hours × price and the project', async () => {
  const { costAgreement, readCostAgreement } = await costCheck()
  const found = await readCostAgreement(api(), GPU)
  expect(found).toMatchObject({ agrees: true, toTheCent: true })
  const whole = await reader().send<ProjectCost>('GET', `/projects/${GPU}/cost`)
  const lineage = await reader().send<LineageCost>('GET', `/projects/${GPU}/experiments/tuned/cost/lineage`)
  const [first, ...rest] = whole.pieces
  if (!first) throw new Error('a seeded run holds hardware')
  const doubled = { ...whole, pieces: [{ ...first, device_hours: 2 * first.device_hours }, ...rest] }
  expect(costAgreement(lineage, doubled)).toMatchObject({ agrees: false, toTheCent: false })
  const twice = { ...lineage, stages: [...lineage.stages, ...lineage.stages] }
  expect(costAgreement(twice, whole)).toMatchObject({ agrees: false })
})

test('on a phone no tab scrolls the page sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const tab of ['entries', 'kept', 'storage', 'hardware', 'bases']) {
    await page.goto(`${COST}?tab=${tab}`)
    await expect(page.locator('[data-bar]').first()).toBeVisible()
    await fitsWidth(page)
  }
})
