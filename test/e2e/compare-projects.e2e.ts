import type { Panel } from '#src/core/layouts/layout.ts'
import { arrangementText } from '#src/core/layouts/layout-text.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedTwoProjects } from './setup/seed-two-projects.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const LR = 'config.lr'
const LOSS = 'metrics.loss.min'
const PANELS: Panel[] = [
  { id: 'a', kind: 'line', metrics: ['loss'] },
  { id: 'b', kind: 'scatter', title: 'Scatter', x: LR, y: LOSS },
  { id: 'c', kind: 'bar', title: 'Bars', field: LOSS },
  { id: 'd', kind: 'histogram', title: 'Distribution', field: LOSS },
  { id: 'e', kind: 'parallel', title: 'Parallel', fields: [LR], target: LOSS },
  { id: 'f', kind: 'table', title: 'Table', fields: [LR, LOSS] },
  { id: 'g', kind: 'number', title: 'Number', field: LOSS, aggregate: 'mean' },
  { id: 'h', kind: 'text', title: 'Text', markdown: 'Both **projects**' },
]

test('charts of every kind draw the runs of two projects together, against one baseline, each run with its own look', async ({
  page,
  door,
}) => {
  const { entries } = await seedTwoProjects(door)
  const layout = arrangementText({
    sections: [
      { id: 'own', title: 'Both', collapsed: false, panels: PANELS },
      { id: 'keys:', title: '', prefix: '', collapsed: true, panels: [] },
    ],
    order: ['own'],
  })
  await page.goto(`/${WORKSPACE}/compare/draft?entries=${entries.join(',')}&layout=${encodeURIComponent(layout)}`)
  // As high as all of them: charts beyond the visible part are not mounted.
  await page.setViewportSize({ width: 1440, height: 3_200 })
  const figure = (name: string) => page.getByRole('figure', { name, exact: true })
  await expect(
    figure('loss').getByRole('group', { name: /^loss over step, 80 points\..*low of one.*high of other/ }),
  ).toBeVisible()
  for (const name of ['Scatter', 'Bars', 'Distribution', 'Parallel', 'Table', 'Number'])
    await expect(figure(name).getByText('4 runs', { exact: true })).toBeVisible()
  await expect(figure('Scatter').getByText('baseline', { exact: true })).toBeVisible()
  await expect(figure('Bars').getByText('2.55', { exact: true })).toBeVisible()
  await expect(figure('Number').getByText('1.8', { exact: true })).toBeVisible()
  await expect(figure('Text').getByText('projects')).toBeVisible()
  // Runs 1 of both projects share a colour: the dash tells them apart, in the head as in the chart.
  const head = (name: string) => page.getByRole('columnheader', { name: new RegExp(`^${name}`) })
  await expect(head('low of one').locator('path[stroke-dasharray]')).toHaveCount(0)
  await expect(head('low of other').locator('path[stroke-dasharray]')).toHaveCount(1)
})

test('runs of two projects are drawn as groups, and media and texts follow the crosshair of the charts', async ({
  page,
  door,
}) => {
  const { entries } = await seedTwoProjects(door)
  await page.goto(`/${WORKSPACE}/compare/draft?entries=${entries.join(',')}`)
  const loss = page.getByRole('figure', { name: 'loss', exact: true })
  await expect(loss.getByRole('group')).toBeVisible()
  await expect(page.getByText('one says 10')).toBeVisible()
  await expect(page.getByText('other says 10')).toBeVisible()
  await loss.getByRole('group').focus()
  await page.keyboard.press('Home')
  await expect(page.getByText('one says 0')).toBeVisible()
  await expect(page.getByText('other says 0')).toBeVisible()
  await page.getByRole('button', { name: 'Next step with media' }).click()
  await expect(page.getByText('one says 10')).toBeVisible()
  await expect(page.getByText('other says 10')).toBeVisible()

  await page.getByLabel('Grouping', { exact: true }).first().click()
  await page.getByRole('option', { name: 'All runs as one', exact: true }).click()
  await expect(loss.getByText('mean of 4 runs, min to max')).toBeVisible()
})
