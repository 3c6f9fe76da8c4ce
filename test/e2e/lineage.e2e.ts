import { randomUUID } from 'node:crypto'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

const PROJECT = 'small-lineage'
const HOME = `/${WORKSPACE}/${PROJECT}`

test.beforeAll(async ({ door }) => {
  await seedLineage(door, PROJECT)
})

test.beforeEach(async ({ login }) => {
  await login()
})

test('the drawing shows every stage with what it gained and lost', async ({ page, accessible }) => {
  await page.goto(HOME)
  await expect(page.getByRole('heading', { level: 1, name: 'Lineage' })).toBeVisible()
  await expect(page).toHaveTitle(/^Lineage of Small lineage/)
  const cards = page.getByRole('group', { name: /, stage \d/ })
  await expect(cards).toHaveCount(5)
  const cpt = page.getByRole('group', { name: /^cpt, stage/ })
  await expect(cpt).toContainText('Finished')
  await expect(cpt).toContainText('+0.312')
  await expect(cpt).toContainText('loss 4.1')
  await expect(page.getByRole('group', { name: /^later, stage/ })).toContainText('Planned')
  await accessible(page)
})

test('a card is selected by a click, and the address keeps the path', async ({ page }) => {
  await page.goto(HOME)
  const cpt = page.getByRole('group', { name: /^cpt, stage/ })
  await cpt.click({ position: { x: 90, y: 60 } })
  await expect(page).toHaveURL(/path=2/)
  await expect(cpt).toHaveAttribute('data-selected', 'true')
  await page.reload()
  await expect(page.getByRole('group', { name: /^cpt, stage/ })).toHaveAttribute('data-selected', 'true')
})

test('the drawing is walked and opened by keyboard', async ({ page }) => {
  await page.goto(`${HOME}?path=2`)
  const cpt = page.getByRole('group', { name: /^cpt, stage/ })
  await cpt.focus()
  await page.keyboard.press('ArrowLeft')
  const base = page.getByRole('group', { name: /^base, stage/ })
  await expect(base).toBeFocused()
  await page.keyboard.press('Space')
  await expect(page).toHaveURL(/path=1/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${HOME}/experiments/1`)
})

test('zoom stays where it was set while new numbers arrive', async ({ page }) => {
  await page.goto(HOME)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  const figure = page.getByRole('group', { name: 'Zoom' }).locator('output')
  await expect(figure).not.toHaveText('100 %')
  await page.waitForTimeout(400)
  const zoom = await figure.textContent()
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await page.waitForTimeout(1_000)
  await expect(figure).toHaveText(zoom ?? '')
  await page.getByRole('button', { name: 'Fit all stages' }).click()
  await expect(figure).toHaveText('100 %')
})

test('the table holds the same stages as a tree', async ({ page, accessible }) => {
  await page.goto(HOME)
  await page.getByText('Table', { exact: true }).click()
  await expect(page).toHaveURL(/view=table/)
  const table = page.getByRole('table', { name: /as a tree/ })
  await expect(table.getByRole('rowheader')).toHaveCount(5)
  await expect(table.getByRole('row', { name: /^Level 2: cpt-replay/ })).toContainText('continues base')
  await expect(table.getByRole('row', { name: /^Level 2: lora/ })).toContainText('adapter on base')
  await accessible(page)
})

test('edges of each kind look different without colour, a merge sums its weights, a root is never blank, and what came to nothing folds', async ({
  page,
  door,
  accessible,
}) => {
  const project = `kinds-${Date.now()}`
  await door.send('PUT', `/projects/${project}`, { name: 'Kinds' })
  const stage = (slug: string, input: object) =>
    door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
  await stage('outside', {
    stage: 'external_base',
    root: { kind: 'external_base', name: 'pythia-70m', revision: 'step143000' },
  })
  await stage('left', { stage: 'sft', parents: [{ experiment: 'outside', kind: 'init' }] })
  await stage('right', { stage: 'task', method: 'lora', parents: [{ experiment: 'outside', kind: 'adapter_on' }] })
  await stage('soup', {
    stage: 'merge',
    parents: [
      { experiment: 'left', kind: 'merge', weight: 0.7 },
      { experiment: 'right', kind: 'merge', weight: 0.3 },
    ],
  })
  await stage('dpo', {
    stage: 'dpo',
    parents: [
      { experiment: 'soup', kind: 'init' },
      { experiment: 'left', kind: 'reference' },
    ],
  })
  await stage('broken', { stage: 'sft', parents: [{ experiment: 'left', kind: 'init' }] })
  const run = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${run}`, { experiment: 'broken', name: 'broken' })
  await door.send('POST', `/runs/${run}/attempts`, {})
  await door.send('POST', `/runs/${run}/finish`, { attempt: 1, reason: 'failed', exit_code: 1 })

  await page.goto(`/${WORKSPACE}/${project}`)
  const edge = (words: RegExp) => page.locator('.react-flow__edge').filter({ hasText: words })
  const drawn = (words: RegExp) => edge(words).locator('path:not([stroke=transparent])').first()
  await expect(drawn(/dpo reference model left/)).toHaveAttribute('stroke-dasharray', '1.25 3')
  await expect(drawn(/dpo continues soup/)).not.toHaveAttribute('stroke-dasharray', '1.25 3')
  await expect(edge(/right adapter on outside/).locator('rect')).toHaveCount(1)
  await expect(edge(/soup merges left/)).toContainText('× 0.7')
  await expect(page.getByRole('group', { name: /^outside, stage/ })).toContainText('External · pythia-70m')

  const cards = page.getByRole('group', { name: /, stage \d/ })
  await expect(cards).toHaveCount(6)
  await page.getByRole('switch', { name: 'Fold 1 failed or stopped' }).click()
  await expect(cards).toHaveCount(5)
  await expect(page).toHaveURL(/fold=true/)
  await accessible(page)

  await page.goto(`/${WORKSPACE}/${project}/experiments/4`)
  await expect(page.getByText('2 inputs, weights sum to 1')).toBeVisible()
  await page.goto(`/${WORKSPACE}/${project}/experiments/1`)
  await expect(page.getByText('pythia-70m@step143000').first()).toBeVisible()
})

test('on a phone the lineage is a list that never scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(HOME)
  await expect(page.getByRole('list', { name: /^Stages of/ }).getByRole('link')).toHaveCount(5)
  await fitsWidth(page)
})

test('of more stages than a lineage shows it says how many are not there, over drawing, table and list', async ({
  page,
  accessible,
}) => {
  // As if 345 more had been made: a lineage of 2,000 is read in test/integration/lineage.
  await page.route(
    (url) => url.pathname.includes('lineage.get'),
    async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replace('"left_out":0', '"left_out":345') })
    },
  )
  await page.goto(HOME)
  const notice = page.getByText('345 newer stages are not shown')
  await expect(notice).toBeVisible()
  await expect(page.getByText('The search at the top of the page (Ctrl K) finds them by name')).toBeVisible()
  await accessible(page)
  await page.goto(`${HOME}?view=table`)
  await expect(notice).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(HOME)
  await expect(notice).toBeVisible()
  await fitsWidth(page)
})

test('a project that is absent is answered like one that is not shared', async ({ page, noise }) => {
  noise.allow(/404/)
  await page.goto(`/${WORKSPACE}/no-such-project`)
  await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible()
})

test('the list of projects shows the stages at a glance', async ({ page, accessible }) => {
  await page.goto(`/${WORKSPACE}`)
  const row = page.getByRole('row', { name: /Small lineage small-lineage/ })
  await expect(row).toContainText('5')
  await accessible(page)
  await row.getByRole('link').click()
  await expect(page).toHaveURL(HOME)
})

test('a new project teaches how the first point comes, and opens the first run by itself', async ({
  page,
  door,
  accessible,
}) => {
  await page.goto(`/${WORKSPACE}`)
  await page.getByRole('button', { name: 'Create project' }).click()
  await page.getByLabel('Name').fill('Empty Model')
  await expect(page.getByLabel('Address')).toHaveValue('empty-model')
  await page.getByRole('dialog').getByRole('button', { name: 'Create project' }).click()
  await page.waitForURL(`**/${WORKSPACE}/empty-model`)
  await expect(page.getByRole('heading', { name: 'Python client' })).toBeVisible()
  await expect(page.getByText(/export DESCENT_API_KEY=dsc_ing-/).first()).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Key is active' })).toContainText('not used yet')
  await accessible(page)
  await page.goto(`/${WORKSPACE}/empty-model/runs`)
  await expect(page.getByRole('heading', { name: 'Python client' })).toBeVisible()
  await expect(page.getByText('No run is drawn')).toHaveCount(0)
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Python client' })).toBeVisible()
  const run = randomUUID()
  await door.send('PUT', `/projects/empty-model/runs/${run}`, { name: 'first' })
  await door.send('POST', `/runs/${run}/attempts`, {})
  await door.send(
    'POST',
    `/runs/${run}/metrics`,
    { groups: [{ step: [0], t: [Date.now()], m: { loss: [6.96] } }] },
    { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' },
  )
  await page.waitForURL(`**/${WORKSPACE}/empty-model/runs/1`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('first')
})
