import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import type { Page } from '@playwright/test'
import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedCurves } from './setup/seed-curves.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('runs of a stage are drawn as one line with a band, by a value of their config, and over other axes', async ({
  page,
  door,
  accessible,
}) => {
  const project = `axes-${Date.now()}`
  await sendStage(door, project)
  await page.goto(`/${WORKSPACE}/${project}/experiments/1`)
  await expect(page.getByRole('group', { name: /^Training loss over step, 160 points\./ })).toBeVisible()

  await choose(page, 'Grouping', 'All runs as one')
  await expect(page.getByText('mean of 4 runs, min to max')).toBeVisible()
  await choose(page, 'Band of a group', '95 % CI')
  await expect(page.getByText('mean of 4 runs, 95 % CI')).toBeVisible()
  await expect(page).toHaveURL(/group=all/)
  await page.reload()
  await expect(page.getByText('mean of 4 runs, 95 % CI')).toBeVisible()

  await choose(page, 'Grouping', 'Grouped by config')
  await page.getByRole('textbox', { name: 'Config key to group by' }).fill('lr')
  await page.keyboard.press('Enter')
  await expect(page.getByText('2 groups, mean of 2 runs, 95 % CI')).toBeVisible()
  await expect(page.getByRole('group', { name: /lr 0\.1, loss, mean of 2 runs, 95 % CI: last/ })).toBeVisible()
  await accessible(page)

  await choose(page, 'Grouping', 'Each run a line')
  await choose(page, 'X axis', 'x: tokens since root')
  await expect(page.getByText('Run #4 has no place on this axis: no tokens were logged')).toBeVisible()
  await choose(page, 'X axis', 'x: cost since root')
  await expect(page.getByText(/^Runs .* have no place on this axis: no hardware was told/)).toBeVisible()
  await choose(page, 'X axis', 'x: another metric')
  await choose(page, 'Metric on the x axis', 'epoch')
  await expect(page.getByRole('group', { name: /^Training loss over epoch/ })).toBeVisible()
  await expect(page).toHaveURL(/x_metric=epoch/)
})

test('a lineage goes on over FLOPs and over what it cost, with its stages behind the lines', async ({ page, door }) => {
  const project = `spent-${Date.now()}`
  await seedCurves(door, project)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts&x=lineage_flops`)
  const loss = page.getByRole('figure', { name: 'loss', exact: true })
  await expect(loss.locator('text').filter({ hasText: 'Pretrain' })).toBeVisible()
  // 6N of 1,000 parameters by 40,000 tokens of the base and 10,000 of the stage behind it.
  await expect(loss.getByRole('group', { name: /loss over FLOPs since root, .*at 300,000,000 FLOPs/ })).toBeVisible()

  await choose(page, 'X axis', 'x: cost since root')
  await expect(page).toHaveURL(/x=lineage_cost/)
  await expect(loss.getByRole('group', { name: /loss over USD since root/ })).toBeVisible()
  await loss.hover()
  await loss.getByRole('button', { name: 'More for loss' }).click()
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save points as CSV' }).click(),
  ])
  const [head = '', ...rows] = fs
    .readFileSync(await csv.path(), 'utf8')
    .trim()
    .split('\r\n')
  expect(head).toContain('usd_since_root')
  const column = head.split(',').indexOf('usd_since_root')
  const spent = rows.map((row) => Number(row.split(',')[column]))
  // Twenty minutes of the base and ten behind it: what the last point of the second stage cost lies above all of the first.
  expect(Math.max(...spent)).toBeGreaterThan(0)
  expect(spent.every(Number.isFinite)).toBe(true)
})

async function choose(page: Page, select: string, option: string): Promise<void> {
  await page
    .getByRole('combobox', { name: select, exact: true })
    .or(page.getByLabel(select, { exact: true }))
    .first()
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** A stage with four finished runs of 40 points, two of each learning rate; the last logs no tokens. */
async function sendStage(door: Door, project: string): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: project })
  const root = { stage: 'pretrain', root: { kind: 'random_init' }, params: 1000 }
  await door.send('PUT', `/projects/${project}/experiments/base`, root)
  const step = Array.from({ length: 40 }, (_, i) => i)
  for (let run = 0; run < 4; run++) {
    const uid = randomUUID()
    const config = { lr: run < 2 ? 0.1 : 0.2 }
    await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'base', name: `run ${run}`, config })
    await door.send('POST', `/runs/${uid}/attempts`, {})
    const m = {
      loss: step.map((i) => 3 - i / 50 + run / 10),
      epoch: step.map((i) => i / 20),
      ...(run < 3 && { tokens: step.map((i) => (i + 1) * 1000) }),
    }
    const head = { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' }
    await door.send('POST', `/runs/${uid}/metrics`, { groups: [{ step, t: step.map((i) => Date.now() + i), m }] }, head)
    await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  }
}
