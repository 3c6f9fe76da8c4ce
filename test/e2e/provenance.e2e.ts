import type { Page } from '@playwright/test'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedForgetting } from './setup/seed-forgetting.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

test('a checkpoint tells its stages, run, data and evaluations, and is one click from wherever it is shown', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `provenance-${Date.now()}`)
  const home = `/${WORKSPACE}/${project}`
  await page.goto(`${home}/experiments/2`)
  await page.getByRole('table', { name: 'Checkpoints of this stage' }).getByRole('link', { name: '39' }).first().click()
  await expect(title(page, 'cpt, step 39')).toBeVisible()
  const address = page.url()
  expect(address).toMatch(/\/checkpoints\/[0-9a-f-]{36}$/)
  const stages = page.getByRole('table', { name: 'Stages from which the weights came' })
  await expect(stages.getByRole('rowheader')).toHaveCount(2)
  await expect(stages.getByRole('row', { name: /base/ }).first()).toContainText('random weights')
  await expect(stages.getByRole('row', { name: /cpt/ })).toContainText('continues weights')
  await expect(page.getByText(/^16\d.* so far$/)).toBeVisible()
  const measured = page.getByRole('table', { name: 'Evaluations of this checkpoint' })
  await expect(measured.getByRole('row', { name: /General bpb/ })).toContainText('2.628')
  await accessible(page)

  // Up the chain, and to the run that wrote it.
  await stages.getByRole('row', { name: /base/ }).first().getByRole('link', { name: 'step 39' }).click()
  await expect(title(page, 'base, step 39')).toBeVisible()
  await page.getByRole('definition').getByRole('link', { name: 'base' }).last().click()
  await expect(page).toHaveURL(`${home}/runs/1`)

  // The run, the matrix and the curve lead back.
  await page.getByRole('table', { name: 'Checkpoints' }).getByRole('link', { name: 'step 39', exact: true }).click()
  await expect(title(page, 'base, step 39')).toBeVisible()
  await page.goto(`${home}/evaluations`)
  await page.getByRole('gridcell', { name: /^General bpb at cpt:/ }).click()
  await page.getByRole('link', { name: 'Where the checkpoint came from' }).click()
  await expect(page).toHaveURL(address)
  await page.goto(`${home}/runs/2/checkpoint?step=30`)
  await expect(page).toHaveURL(address)

  // The same address after everything was renamed.
  const fresh = `${project}-fresh`
  await renameAll(page, project, fresh)
  await page.goto(address)
  await expect(title(page, 'Renamed stage, step 39')).toBeVisible()
  await page.getByRole('link', { name: 'Renamed run' }).click()
  await expect(title(page, 'Renamed run')).toBeVisible()
  // Links that other pages hold name the project as it was called.
  await page.goto(`${home}/runs/2`)
  await expect(title(page, 'Renamed run')).toBeVisible()
})

test('the crosshair of a curve leads to the nearest checkpoint', async ({ page, door }) => {
  const { project } = await seedLineage(door, `nearest-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/runs/2?at=12`)
  await expect(page.getByText('Nearest to step 12:')).toBeVisible()
  await page.getByRole('link', { name: 'the checkpoint at step 39', exact: true }).click()
  await expect(title(page, 'cpt, step 39')).toBeVisible()
})

test('a pinned reading leads to the nearest checkpoint of its run: by pointer, keys and touch, on run, stage and runs', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `pinned-${Date.now()}`)
  const curve = page.getByRole('group', { name: /train\/loss/ }).first()

  // By pointer, beside the runs table: of several runs the nearest is named.
  await page.goto(`/${WORKSPACE}/${project}/runs`)
  const box = await curve.boundingBox()
  await curve.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } })
  const link = curve.getByRole('link', { name: /^Nearest checkpoint of / })
  await expect(link).toHaveAttribute('href', /\/runs\/\d+\/checkpoint\?step=\d+$/)
  await accessible(page)
  await link.click()
  await expect(page).toHaveURL(/\/checkpoints\//)

  // By keys, on the page of a run.
  await page.goto(`/${WORKSPACE}/${project}/runs/2`)
  await curve.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Tab')
  await expect(curve.getByRole('link', { name: 'Nearest checkpoint' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(title(page, 'cpt, step 39')).toBeVisible()

  // By touch, on the page of a stage, in the bar that says the reading.
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  const figure = page
    .getByRole('figure')
    .filter({ has: page.getByRole('group', { name: /loss over/ }) })
    .first()
  await figure.getByRole('group', { name: /loss over/ }).scrollIntoViewIfNeeded()
  await figure.getByRole('group', { name: /loss over/ }).click()
  await figure.getByRole('link', { name: /^Nearest checkpoint/ }).click()
  await expect(title(page, 'cpt, step 39')).toBeVisible()

  // What names no place leads nowhere.
  expect((await page.request.get(`/${WORKSPACE}/${project}/runs/2/checkpoint?step=`)).status()).toBe(404)
})

test('the page of a run leads to the stages that it started from and to those that go on from it', async ({
  page,
  door,
}) => {
  const { project } = await seedLineage(door, `kin-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/runs/1`)
  const children = page.getByText(/^Children /)
  await expect(children.getByRole('link')).toHaveText(['cpt', 'cpt-replay', 'lora'])
  await children.getByRole('link', { name: 'cpt', exact: true }).click()
  await expect(page).toHaveURL(`/${WORKSPACE}/${project}/experiments/2`)
  await page.goto(`/${WORKSPACE}/${project}/runs/2`)
  const from = page.getByText(/^From /)
  await expect(from).toHaveText('From base, step 39')
  await from.getByRole('link', { name: 'base' }).click()
  await expect(page).toHaveURL(`/${WORKSPACE}/${project}/experiments/1`)
})

test('links to a step of a chart, an evaluated item, a cell and an edge open at their place in another browser', async ({
  page,
  browser,
  cookies,
  door,
}) => {
  const { project } = await seedForgetting(door, `places-${Date.now()}`)
  const { project: lineage } = await seedLineage(door, `places-lineage-${Date.now()}`)
  const other = await browser.newContext()
  await other.addCookies(cookies)
  const elsewhere = await other.newPage()

  await page.goto(`/${WORKSPACE}/${project}/retention`)
  await page.getByRole('gridcell', { name: /Instruction format at task-full/ }).click()
  const itemOf = (of: Page) => of.getByRole('complementary', { name: 'The open cell' }).getByRole('tabpanel')
  await expect(itemOf(page)).toContainText('country 0?')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(itemOf(page)).toContainText('country 2?')
  await expect(page).toHaveURL(/item=2/)
  await elsewhere.goto(page.url())
  await expect(itemOf(elsewhere)).toContainText('country 2?')

  await page.goto(`/${WORKSPACE}/${lineage}/runs/2`)
  const chart = page.getByRole('group', { name: /train\/loss/ }).first()
  await chart.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  const words = (await page.getByText(/^Nearest to step \d+:/).textContent())?.split(':')[0] ?? ''
  await expect(page).toHaveURL(new RegExp(`at=${words.match(/\d+/)?.[0]}(&|$)`))
  await elsewhere.goto(page.url())
  await expect(elsewhere.getByText(words)).toBeVisible()

  await page.goto(`/${WORKSPACE}/${lineage}?view=table`)
  await page.getByRole('link', { name: 'continues base, step 39' }).first().click()
  await expect(page).toHaveURL(/edge=2\.init\.1/)
  await elsewhere.goto(page.url())
  const open = elsewhere.getByRole('complementary', { name: 'The open edge' })
  await expect(open).toContainText('cpt continues weights, from base step 39')
  await elsewhere.goto(page.url().replace(/view=table&?/, ''))
  await expect(open).toContainText('cpt continues weights, from base step 39')
  await expect(elsewhere.locator('.react-flow__edge path[stroke="var(--accent)"]').first()).toBeAttached()
  await other.close()
})

test('an edge gets a note, one that was inferred says so, and both are corrected in a dialog', async ({
  page,
  door,
  accessible,
  noise,
}) => {
  // A stage keeps an origin: what would take the last one is refused.
  noise.allow(/409/)
  const { project } = await seedLineage(door, `edges-${Date.now()}`)
  const checkpoint = await firstCheckpoint(page, project)
  // Nobody says from which checkpoint of base "found" starts; its run read one.
  const parents = [{ experiment: 'base', kind: 'init' }]
  await door.send('PUT', `/projects/${project}/experiments/found`, { name: 'found', stage: 'sft', parents })
  const run = crypto.randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${run}`, { experiment: 'found', name: 'found' })
  await door.send('POST', `/runs/${run}/inputs`, { items: [{ kind: 'checkpoint', name: checkpoint }] })

  await page.goto(`/${WORKSPACE}/${project}/experiments/6`)
  await expect(page.getByText('inferred', { exact: true })).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'It is right' }).click()
  await expect(page.getByText('inferred', { exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Edit the edge from base' }).click()
  const dialog = page.getByRole('dialog', { name: 'found from base' })
  await dialog.getByRole('textbox', { name: 'Note' }).fill('Taken before the cool-down.')
  await accessible(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  // The field of the dialog has the same text.
  await expect(dialog).toBeHidden()
  await expect(page.getByText('Taken before the cool-down.')).toBeVisible()

  // The lineage shows the note with the edge, and corrects it, too: the only origin of a stage stays.
  await page.goto(`/${WORKSPACE}/${project}?edge=6.init.1`)
  const open = page.getByRole('complementary', { name: 'The open edge' })
  await expect(open).toContainText('Taken before the cool-down.')
  await accessible(page)
  await open.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('button', { name: 'Take it away' }).click()
  await page.getByRole('button', { name: 'Yes, it is no parent' }).click()
  await expect(dialog).toContainText('would have no origin left')
  await dialog.getByRole('combobox', { name: 'Parent', exact: true }).click()
  await page.getByRole('option', { name: 'cpt (#2)' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(/edge=6\.init\.2/)
  await expect(open).toContainText('found continues weights, from cpt')

  // While it is edited it stays, whatever it is called by now; closed, the old link says that it is gone.
  await open.getByRole('button', { name: 'Edit' }).click()
  const again = page.getByRole('dialog', { name: 'found from cpt' })
  await expect(again).toBeVisible()
  const { edges } = (await ask(page, 'lineage.get', { workspace: WORKSPACE, project })) as {
    edges: { id: number; child: { number: number } }[]
  }
  const id = edges.find(({ child }) => child.number === 6)?.id
  await change(page, 'lineage.changeEdge', { workspace: WORKSPACE, project, edge: id, parent: 'base' })
  await Promise.all([
    page.waitForResponse((response) => response.url().includes('lineage.get')),
    door.send('PUT', `/projects/${project}/runs/${crypto.randomUUID()}`, { experiment: 'found', name: 'another' }),
  ])
  await expect(again).toBeVisible()
  await again.getByRole('button', { name: 'Cancel' }).click()
  await expect(open).toContainText('is not in the lineage any more')
})

async function firstCheckpoint(page: Page, project: string): Promise<string> {
  const found = await ask(page, 'experiments.page', { workspace: WORKSPACE, project, experiment: 1 })
  return (found as { checkpoints: { id: string }[] }).checkpoints[0]?.id ?? ''
}

async function renameAll(page: Page, project: string, fresh: string): Promise<void> {
  const place = { workspace: WORKSPACE, project }
  await change(page, 'runs.update', { ...place, run: 2, name: 'Renamed run' })
  await change(page, 'experiments.update', { ...place, experiment: 2, slug: 'renamed', name: 'Renamed stage' })
  await change(page, 'projects.update', { ...place, slug: fresh })
}

/** What a page of the product asks and changes, by the session of this one. */
async function ask(page: Page, procedure: string, input: object): Promise<unknown> {
  const answer = await page.request.get(`/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`)
  return ((await answer.json()) as { result: { data: unknown } }).result.data
}
async function change(page: Page, procedure: string, input: object): Promise<void> {
  const { origin } = new URL(page.url())
  const answer = await page.request.post(`/api/trpc/${procedure}`, { data: input, headers: { origin } })
  expect([procedure, answer.status()]).toEqual([procedure, 200])
}
