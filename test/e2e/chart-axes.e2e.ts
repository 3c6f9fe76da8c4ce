import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

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
  await choose(page, 'X axis', 'x: another metric')
  await choose(page, 'Metric on the x axis', 'epoch')
  await expect(page.getByRole('group', { name: /^Training loss over epoch/ })).toBeVisible()
  await expect(page).toHaveURL(/x_metric=epoch/)
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
