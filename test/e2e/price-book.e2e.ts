import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

/** A book of its own, so that no other test's costs change. */
const bookPage = () => `/${WORKSPACE}/settings/prices?book=book-${randomUUID().slice(0, 8)}`

test('the price book shows sources, dates and currencies, and marks what is assumed', async ({ page, accessible }) => {
  await page.goto(bookPage())
  const prices = page.getByRole('table', { name: 'Prices' })
  await expect(prices.getByRole('row', { name: /^H100 SXM/ })).toContainText('2026-11-09')
  await expect(prices.getByRole('row', { name: /^H100 SXM/ })).toContainText('Vast median 2.40')
  const core = prices.getByRole('row', { name: /^cpu-core/ })
  await expect(core).toContainText('assumed price')
  await expect(core).toContainText('0.04')
  await expect(core).toContainText('USD')
  await accessible(page)
})

test('a price is added and goes before the built-in one, which stays readable', async ({ page, accessible, noise }) => {
  noise.allow(/status of 400/)
  await page.goto(bookPage())
  const form = page.getByRole('form', { name: 'Add a price' })
  await form.getByRole('combobox', { name: 'Device' }).fill('L4')
  await form.getByLabel('Typical, per device-hour').fill('-1')
  await form.getByRole('button', { name: 'Add price' }).click()
  await expect(form.getByText('source must say where the price of L4 comes from')).toBeVisible()
  await form.getByLabel('Source').fill('invoice of October')
  await form.getByRole('button', { name: 'Add price' }).click()
  await expect(form.getByText('typical must not be negative, got -1')).toBeVisible()
  await expect(form.getByLabel('Typical, per device-hour')).toHaveAttribute('aria-invalid', 'true')
  await accessible(page)

  await form.getByLabel('Typical, per device-hour').fill('0.62')
  await page.keyboard.press('Enter')
  const rows = page.getByRole('table', { name: 'Prices' }).getByRole('row', { name: /^L4 / })
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('invoice of October')
  await expect(rows).toContainText('your own')
  await page.getByLabel('Earlier and later ones too').click()
  await expect(page).toHaveURL(/all=true/)
  await expect(rows).toHaveCount(2)
  await expect(rows.filter({ hasText: 'built in' })).toContainText('replaced')
})

test('a rate is added, and the book goes out as a file and comes into another book the same', async ({
  page,
  noise,
}) => {
  noise.allow(/status of 400/)
  await page.goto(bookPage())
  const form = page.getByRole('form', { name: 'Add a rate' })
  await form.getByLabel('Is worth').fill('1.085')
  await form.getByLabel('From the day').fill('2026-11-09')
  await form.getByLabel('Source of the rate').fill('European Central Bank')
  await form.getByRole('button', { name: 'Add rate' }).click()
  await expect(page.getByRole('table', { name: 'Rates' })).toContainText('1 EUR in USD')

  const save = async () => {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: /CSV/ }).click()
    return (await download).path()
  }
  const first = await save()
  await page.goto(bookPage())
  await expect(page.getByText('No rate yet')).toBeVisible()
  await page.getByLabel('Import a price book').setInputFiles({
    name: 'book.csv',
    mimeType: 'text/csv',
    buffer: readFileSync(first),
  })
  await expect(
    page.getByRole('status').filter({ hasText: '0 prices and 1 rate added, 18 were there already.' }),
  ).toBeVisible()
  expect(readFileSync(await save(), 'utf8')).toBe(readFileSync(first, 'utf8'))

  await page.getByLabel('Import a price book').setInputFiles({
    name: 'book.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('record,device,currency,typical,source\nprice,L4,DOLLARS,1,x\n'),
  })
  await expect(page.getByRole('status').filter({ hasText: 'currency must be a currency of ISO 4217' })).toBeVisible()
})
