import fs from 'node:fs'
import type { Download, Page } from '@playwright/test'
import type { Panel } from '#src/core/layouts/layout.ts'
import { arrangementText } from '#src/core/layouts/layout-text.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedBest, seedSweep } from './setup/seed-sweep.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const LR = 'config.lr'
const OPTIMIZER = 'config.optimizer'
const LOSS = 'metrics.loss.min'

let projects = 0
const slug = () => `panels-${Date.now()}-${++projects}`

const BARS: Panel = { id: 'p2', kind: 'bar', field: LOSS, by: OPTIMIZER }
const HISTOGRAM: Panel = { id: 'p3', kind: 'histogram', field: LOSS }
const PARALLEL: Panel = {
  id: 'p4',
  kind: 'parallel',
  fields: [LR, OPTIMIZER, 'metrics.accuracy.max'],
  target: LOSS,
  width: 12,
}

/** Opens the charts of a project with these panels in a section of their own, and nothing else. */
async function openPanels(page: Page, project: string, panels: Panel[], more = '') {
  const layout = arrangementText({
    sections: [
      { id: 'own', title: 'Sweep', collapsed: false, panels },
      { id: 'keys:', title: '', prefix: '', collapsed: true, panels: [] },
    ],
    order: ['own'],
  })
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts&layout=${encodeURIComponent(layout)}${more}`)
}

const text = async (download: Download): Promise<string> => fs.readFileSync(await download.path(), 'utf8')

test('a scatter is added by its form, read by arrows, opened, shown as a table and taken away as SVG, PNG and CSV', async ({
  page,
  door,
  accessible,
}) => {
  const project = slug()
  await seedSweep(door, project)
  await openPanels(page, project, [{ id: 'note', kind: 'text', markdown: 'What **matters** here' }])
  await expect(page.getByText('What matters here')).toBeVisible()
  await page.getByRole('button', { name: 'Add a chart to Sweep' }).click()
  await page.getByRole('menuitem', { name: /^Scatter, bars/ }).click()
  const form = page.getByRole('dialog', { name: 'Add a panel' })
  await expect(form.getByRole('radio', { name: /Scatter/ })).toHaveAttribute('aria-checked', 'true')
  await form.getByRole('button', { name: 'Add the panel' }).click()
  await expect(form.getByText('Choose what lies across')).toBeVisible()
  await pick(page, 'Across', 'lr', 'lr (config)')
  await pick(page, 'Upwards', 'metrics.loss.min', 'loss (min)')
  await form.getByRole('checkbox', { name: 'Log scale across' }).check()
  await accessible(page)
  await form.getByRole('button', { name: 'Add the panel' }).click()

  const panel = page.getByRole('figure', { name: 'loss (min) over lr (config)' })
  await expect(panel.getByText('10 of 12 runs, 2 without both values')).toBeVisible()
  await expect(panel.getByText('|ρ| ↓ 0.71 over 10 runs, by chance 0.33')).toBeVisible()
  await expect(page).toHaveURL(/layout=/)
  const drawing = panel.getByRole('group', { name: /loss \(min\) over lr \(config\), 10 runs/ })
  await drawing.focus()
  await page.keyboard.press('ArrowRight')
  await expect(panel.getByText(/^sweep-1 #1: lr \(config\) 1\.00e−5, loss \(min\) 2\.4$/).first()).toBeVisible()
  await page.keyboard.press('End')
  await expect(panel.getByText(/^sweep-10 #10: lr \(config\) 0\.01/).first()).toBeVisible()
  await accessible(page)

  await panel.getByRole('button', { name: 'Save or copy loss (min) over lr (config)' }).click()
  const [svg] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as SVG' }).click(),
  ])
  expect(await text(svg)).toMatch(/<svg[\s\S]*10 of 12 runs, 2 without both values/)
  await panel.getByRole('button', { name: 'Save or copy loss (min) over lr (config)' }).click()
  const [png] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as PNG' }).click(),
  ])
  expect(png.suggestedFilename()).toMatch(/\.png$/)
  await panel.getByRole('button', { name: 'Save or copy loss (min) over lr (config)' }).click()
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as CSV' }).click(),
  ])
  expect(await text(csv)).toContain('sweep-4,4,')

  await panel.getByRole('button', { name: 'Show as table: loss (min) over lr (config)' }).click()
  await expect(panel.getByRole('row', { name: /sweep-4 4 .*0\.92/ })).toBeVisible()
  await accessible(page)
  await panel.getByRole('button', { name: 'Show as chart: loss (min) over lr (config)' }).click()
  await drawing.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/runs\/(1|7)$/)
})

test('a panel follows the runs that it draws while they come and are written to', async ({ page, door }) => {
  const project = slug()
  await seedSweep(door, project)
  await openPanels(page, project, [BARS])
  const bars = page.getByRole('figure', { name: 'loss (min) by optimizer (config)' })
  await expect(bars.getByText('10 of 12 runs, 2 without a value')).toBeVisible()
  await seedBest(door, project)
  await expect(bars.getByText('11 of 13 runs, 2 without a value')).toBeVisible()
})

test('bars stand against a baseline, a distribution counts, and fields that matter are told with what chance gives', async ({
  page,
  door,
  accessible,
}) => {
  const project = slug()
  await seedSweep(door, project)
  await openPanels(page, project, [BARS, HISTOGRAM, PARALLEL], '&base=3')
  const bars = page.getByRole('figure', { name: 'loss (min) by optimizer (config)' })
  await expect(bars.getByText('10 of 12 runs, 2 without a value')).toBeVisible()
  await expect(bars.getByText(/^baseline sweep-3 1\.21$/)).toBeVisible()
  await bars.getByRole('group', { name: /loss \(min\) of 3 groups/ }).focus()
  await page.keyboard.press('Home')
  await expect(bars.getByText(/\+0\.\d+ worse against sweep-3/).first()).toBeVisible()

  const histogram = page.getByRole('figure', { name: 'Distribution of loss (min)' })
  await histogram.getByRole('group', { name: /How many runs have which loss/ }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(histogram.getByText(/^0\.5 to 1: 1 run, 10 %$/).first()).toBeVisible()

  const parallel = page.getByRole('figure', { name: 'What goes along with loss (min)' })
  const importance = parallel.getByRole('region', { name: 'Association with loss (min)' })
  await expect(importance.getByRole('listitem')).toHaveCount(3)
  await expect(importance).toContainText('what goes along with it, not what causes it')
  await expect(importance.getByRole('listitem').first()).toContainText('10 runs, by chance 0.33')
  await parallel.getByRole('button', { name: 'Range of optimizer (config)' }).focus()
  await page.keyboard.press('Enter')
  await parallel.getByRole('checkbox', { name: 'sgd' }).uncheck()
  await expect(parallel.getByText('12 runs, 6 in the chosen ranges')).toBeVisible()
  await accessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(parallel).toBeVisible()
  await fitsWidth(page)
})

async function pick(page: Page, label: string, typed: string, name: string) {
  const field = page.getByRole('dialog').getByRole('combobox', { name: label, exact: true })
  await field.click()
  await field.fill(typed)
  await page.getByRole('option', { name, exact: true }).click()
}
