import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { ProjectCost } from '#src/protocol/cost.ts'
import { openDoor } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { adminKey } from './setup/on-the-box.ts'
import { replayLifecycle } from './setup/replay-lifecycle.ts'
import { seedCost, seedUnpriced } from './setup/seed-cost.ts'

// Another one each time that the file is begun, so that nothing is counted twice.
const NOW = Date.now()
const PROJECT = `known-to-the-cent-${NOW}`
const COST = `/${WORKSPACE}/${PROJECT}/cost`

test.beforeAll(async ({ door }) => {
  await seedCost(door, PROJECT)
})

/** Costs are not for keys that only send data. */
const reader = () => openDoor(adminKey())

test.beforeEach(async ({ login }) => {
  await login()
})

/** The bars of the waterfall by name, with their exact amounts. */
async function barsOf(page: Page): Promise<{ key: string; amount: number }[]> {
  const bars = page.locator('[data-bar]')
  await expect(bars.first()).toBeVisible()
  return bars.evaluateAll((all) =>
    all.map((bar) => ({ key: bar.getAttribute('data-bar') ?? '', amount: Number(bar.getAttribute('data-amount')) })),
  )
}

/** Cells of a column of the table of stages, by the name of the row. */
async function columnOf(page: Page, head: RegExp): Promise<Map<string, string>> {
  const table = page.getByRole('table', { name: /^Cost of/ })
  await expect(table).toBeVisible()
  const heads = await table.getByRole('columnheader').allTextContents()
  const at = heads.findIndex((words) => head.test(words))
  const rows = await table.locator('tbody tr').evaluateAll((all, column) => {
    // The icon of a stage says its kind to readers; the name is the link.
    const name = (cell: Element | undefined) => (cell?.querySelector('a') ?? cell)?.textContent ?? ''
    return all.map((row): [string, string] => [name(row.children[0]), row.children[column]?.textContent ?? ''])
  }, at)
  return new Map(rows)
}

/** The answer beside the title. */
const sentenceOf = (page: Page) => page.locator('header').filter({ has: page.getByRole('heading', { level: 1 }) })

const cents = (amount: number) => Math.round(amount * 100)

test('bars, table and Σ allocated hours × price agree, and waste has segments of its own', async ({
  page,
  accessible,
}) => {
  await page.goto(`${COST}?unit=money`)
  await expect(page.getByRole('heading', { level: 1, name: 'Cost' })).toBeVisible()
  await expect(sentenceOf(page)).toContainText('The model cost 18.5 h, $0.74')
  await expect(page.getByText(/went to one branch that was not continued/)).toBeVisible()
  const bars = await barsOf(page)
  expect(bars.map(({ key, amount }) => [key.split(' ').slice(0, 2).join(' '), cents(amount)])).toEqual([
    ['path 1', 48],
    ['path 2', 18],
    ['path 3', 8],
    ['model', 74],
    ['branch 4', 24],
    ['waste failed', 4],
    ['project', 102],
  ])
  const cost = await columnOf(page, /^Cost, USD/)
  expect(cost.get('base')).toBe('0.480')
  expect(cost.get('The model, path to dpo')).toBe('0.740')
  expect(cost.get('failed')).toBe('0.040')
  expect(cost.get('Project')).toBe('1.020')
  const answer = await reader().send<ProjectCost>('GET', `/projects/${PROJECT}/cost`)
  const held = answer.pieces.reduce((sum, piece) => sum + piece.device_hours * Number(piece.per_hour), 0)
  expect(cents(held)).toBe(102)
  await expect(page.getByRole('button', { name: /^base: 12.0 h, .*rolled back 2.00 h/ })).toBeVisible()
  await expect(page.getByText(/Price: cpu-core.*assumed/)).toBeVisible()
  await expect(page.getByText(/Excluded: time of people/)).toBeVisible()
  await accessible(page)
})

test('a checkpoint that is parent and reference counts once', async ({ page }) => {
  await page.goto(COST)
  expect((await columnOf(page, /^From/)).get('dpo')).toBe('sft')
  expect((await barsOf(page)).filter(({ key }) => key.startsWith('path 2'))).toHaveLength(1)
})

test('a bar is walked to by arrows and shows its runs and prices; the address keeps it', async ({ page }) => {
  await page.goto(COST)
  const base = page.getByRole('button', { name: /^base: / })
  await base.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: /^sft: / })).toBeFocused()
  await page.keyboard.press('Enter')
  const prices = page.getByRole('table', { name: 'Runs and prices of sft' })
  await expect(prices.getByRole('row')).toHaveCount(3)
  await expect(prices).toContainText('training')
  await expect(prices).toContainText('evaluation')
  await expect(prices).toContainText('$0.040')
  await page.reload()
  await expect(prices).toBeVisible()
  await page.getByRole('button', { name: 'Close' }).click()
  await expect(prices).toHaveCount(0)
})

test('leaves share the base: marginal leaves it out, allocated halves it, and shares sum to the union', async ({
  page,
}) => {
  const modelOf = async (path: number, view: string) => {
    await page.goto(`${COST}?unit=money&path=${path}&view=${view}`)
    return cents((await barsOf(page)).find(({ key }) => key === 'model')?.amount ?? Number.NaN)
  }
  expect(await modelOf(3, 'marginal')).toBe(26)
  expect(await modelOf(4, 'marginal')).toBe(24)
  const shares = [await modelOf(3, 'allocated'), await modelOf(4, 'allocated')]
  expect(shares).toEqual([50, 48])
  await expect(sentenceOf(page)).toContainText('Beside one other leaf left carries $0.48 of $0.98')
})

test('hardware, plan, time and bases each have their table', async ({ page, accessible }) => {
  await page.goto(`${COST}?tab=hardware`)
  await expect(page.getByRole('table', { name: 'By hardware' })).toContainText('cpu-core')
  await page.goto(`${COST}?tab=plan`)
  const plan = page.getByRole('table', { name: 'Planned against actual' }).getByRole('row', { name: /^base/ })
  await expect(plan).toContainText('$0.20')
  await expect(plan).toContainText('$0.28')
  await page.goto(`${COST}?tab=time`)
  await expect(page.getByRole('table', { name: 'Spending over time' }).getByRole('row')).toHaveCount(8)
  await page.goto(`${COST}?tab=bases`)
  await expect(page.getByText(/3 stages descend from it, 2 of them directly/)).toContainText('$0.24 per direct child')
  await page.getByRole('textbox', { name: /Tokens expected to be served/ }).fill('100')
  await expect(page.getByText(/Over 100M served tokens/)).toContainText('$0.0048 per million')
  await expect(page).toHaveURL(/served=100000000/)
  await accessible(page)
})

test('the table is saved as CSV and the picture as SVG and PNG', async ({ page }) => {
  await page.goto(COST)
  await expect(page.locator('[data-bar]').first()).toBeVisible()
  const save = async (item: string) => {
    await page.getByRole('button', { name: /^Save or copy Cost of dpo/ }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ])
    return { name: download.suggestedFilename(), path: await download.path() }
  }
  const csv = await save('Save as CSV')
  expect(csv.name).toBe(`${PROJECT}-cost.csv`)
  expect(readFileSync(csv.path, 'utf8')).toContain('base,random weights')
  const svg = readFileSync((await save('Save as SVG')).path, 'utf8')
  expect(svg).toContain('shared ancestors once')
  expect(svg).not.toContain('var(--')
  const png = readFileSync((await save('Save as PNG')).path)
  expect(png.subarray(1, 4).toString()).toBe('PNG')
})

test('hardware without a price shows its hours, and money that is missing', async ({ page, door, accessible }) => {
  await seedUnpriced(door, `without-a-price-${NOW}`)
  await page.goto(`/${WORKSPACE}/without-a-price-${NOW}/cost`)
  await expect(sentenceOf(page)).toContainText('The model cost 2.00 h, price missing')
  await expect(page.getByText(/Price missing for Abacus 9000.*without 1 run/)).toBeVisible()
  await page.getByRole('radiogroup', { name: 'Unit' }).getByText('Money').click()
  await expect(page.getByText('Price missing', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Show device time' }).click()
  await expect(page.getByRole('button', { name: /^base: 2.00 h, price missing/ })).toBeVisible()
  await accessible(page)
})

test('a project that spent nothing says so and where to begin', async ({ page, door }) => {
  await door.send('PUT', `/projects/spent-nothing-${NOW}`, { name: 'Spent nothing' })
  await page.goto(`/${WORKSPACE}/spent-nothing-${NOW}/cost`)
  await expect(page.getByText('No run has held hardware yet')).toBeVisible()
  await page.getByRole('link', { name: 'Begin with a stage' }).click()
  await expect(page).toHaveURL(`/${WORKSPACE}/spent-nothing-${NOW}`)
})

test('on a phone nothing scrolls sideways but the picture and the table', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(COST)
  await expect(page.locator('[data-bar]').first()).toBeVisible()
  await fitsWidth(page)
})

test.describe('of the recorded lifecycle', () => {
  const RECORDED = `cost-recorded-${NOW}`
  const HOME = `/${WORKSPACE}/${RECORDED}`
  test.beforeAll(async ({ door }) => {
    await replayLifecycle(door, RECORDED)
  })

  test('bars, table and Σ allocated hours × price are one sum; five branches were not continued', async ({ page }) => {
    await page.goto(`${HOME}/cost?unit=money`)
    await expect(page.getByText(/went to five branches that were not continued/)).toBeVisible()
    const bars = await barsOf(page)
    const own = bars.filter(({ key }) => key !== 'model' && key !== 'project')
    expect(own).toHaveLength(10)
    const sum = (of: typeof bars) => of.reduce((all, { amount }) => all + amount, 0)
    const total = (key: string) => bars.find((bar) => bar.key === key)?.amount ?? Number.NaN
    expect(sum(own)).toBeCloseTo(total('project'), 9)
    expect(sum(own.filter(({ key }) => key.startsWith('path')))).toBeCloseTo(total('model'), 9)
    const { pieces } = await reader().send<ProjectCost>('GET', `/projects/${RECORDED}/cost`)
    const held = pieces.reduce((all, piece) => all + piece.device_hours * Number(piece.per_hour), 0)
    expect(held).toBeCloseTo(total('project'), 9)
    const cells = await columnOf(page, /^Cost, USD/)
    expect(Number(cells.get('Project'))).toBeCloseTo(total('project'), 6)
    expect(Number(cells.get('base'))).toBeCloseTo(own[0]?.amount ?? Number.NaN, 6)
  })

  test('what it bought: certain gains are filled, and methods are compared at equal learning', async ({
    page,
    accessible,
  }) => {
    await page.goto(`${HOME}/cost`)
    await expect(page.getByRole('button', { name: /^task-full: .*gain is certain/ }).first()).toBeVisible()
    await expect(page.getByRole('button', { name: /^dpo: .*gain is not certain/ }).first()).toBeVisible()
    await expect(page.getByText(/At equal learning, Task accuracy of/)).toBeVisible()
    await expect(page.getByText(/General bpb: task-full/)).toContainText('task-lora')
    await page.getByRole('radiogroup', { name: 'Unit' }).getByText('Energy').click()
    await expect(page.getByText('Energy is not available on this machine')).toBeVisible()
    await accessible(page)
  })
})
