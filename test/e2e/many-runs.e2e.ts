import { randomUUID } from 'node:crypto'
import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

const RUNS = 520
const POINTS = 4

const project = `many-${Date.now()}`

test.beforeAll(async ({ door }) => {
  await sendRuns(door, project)
})

test('of over 500 runs the first 500 are drawn, charts say so, and grouping is offered and draws as few lines', async ({
  page,
  login,
}) => {
  await login()
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=charts&charts=loss`)
  await expect(page.getByText(/The first 500 runs are drawn, by the table's order; 20 more match\./)).toContainText(
    'Group the lines to read so many, or narrow the search.',
    { timeout: 30_000 },
  )
  const loss = page.getByRole('figure', { name: 'loss', exact: true })
  await expect(loss.getByText(/^500 of 520 runs, the first by the table's order\./)).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('Grouping', { exact: true }).first().click()
  await page.getByRole('option', { name: 'Grouped by stage', exact: true }).click()
  await expect(loss.getByText(/2 groups, mean of 2\d\d( to 2\d\d)? runs/)).toBeVisible({ timeout: 30_000 })
})

test('a range over rows that were scrolled past selects each of them', async ({ page, login }) => {
  await login()
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=table`)
  const grid = page.getByRole('grid', { name: 'Runs' })
  const rows = grid.locator('[data-row]')
  await expect(rows.first()).toBeVisible()
  await grid.locator('[data-row][tabindex="0"]').first().focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('x')
  await expect(page.getByText('1 run selected').first()).toBeVisible()
  await page.keyboard.press('Control+End')
  // It had the focus while it stood there empty, and keeps it.
  const last = grid.getByRole('row').filter({ has: page.getByText('#1', { exact: true }) })
  await expect(last.locator(':focus')).toHaveCount(1)
  await page.keyboard.press('Shift+X')
  await expect(page.getByText('520 runs selected').first()).toBeVisible()
})

/** Runs of a few points each in two stages. */
async function sendRuns(door: Door, project: string): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: project })
  for (const stage of ['even', 'odd'])
    await door.send('PUT', `/projects/${project}/experiments/${stage}`, {
      stage: 'pretrain',
      root: { kind: 'random_init' },
      params: 1000,
    })
  const step = Array.from({ length: POINTS }, (_, i) => i)
  const send = async (i: number) => {
    const uid = randomUUID()
    const stage = i % 2 === 0 ? 'even' : 'odd'
    await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: stage, name: `run ${i}` })
    const head = { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' }
    const m = { loss: step.map((at) => 1 + i / RUNS + 1 / (at + 1)) }
    await door.send('POST', `/runs/${uid}/attempts`, {})
    await door.send('POST', `/runs/${uid}/metrics`, { groups: [{ step, m }] }, head)
  }
  for (let i = 0; i < RUNS; i += 16)
    await Promise.all(Array.from({ length: Math.min(16, RUNS - i) }, (_, at) => send(i + at)))
}
