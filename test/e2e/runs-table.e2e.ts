import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { Door } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedNamedRuns } from './setup/seed-named-runs.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('while a search is on its way the rows of the one before are marked as such', async ({ page, door }) => {
  const project = `slow-${Date.now()}`
  await sendRuns(door, project, 3)
  await openTable(page, project)
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid).toHaveAttribute('aria-busy', 'false')
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(/api\/trpc\/.*runs\.table/, async (route) => {
    await held
    await route.continue()
  })
  await page.getByRole('combobox', { name: 'Search runs' }).fill('name = "run 2"')
  await page.keyboard.press('Enter')
  await expect(grid).toHaveAttribute('aria-busy', 'true')
  await expect(grid.getByRole('link', { name: 'run 1', exact: true })).toBeVisible()
  answer()
  await expect(grid.getByRole('link', { name: 'run 1', exact: true })).toHaveCount(0)
  await expect(grid).toHaveAttribute('aria-busy', 'false')
})

test('a value is filtered by, runs are grouped and set against a baseline, and the address holds it all', async ({
  page,
  door,
  accessible,
}) => {
  // Four looks with axe at a table of six runs: slow machines take a minute.
  const project = `table-${Date.now()}`
  await sendRuns(door, project, 6)
  await openTable(page, project)
  const grid = page.getByRole('grid', { name: 'Runs' })
  await expect(grid).toHaveAttribute('aria-rowcount', '7')
  await expect(page.getByText('6 shown in charts')).toBeVisible()
  await accessible(page)

  // Only chosen columns are there; the picker finds one by its key.
  await page.getByRole('button', { name: /^Columns/ }).click()
  await lookFor(page, 'Search for a column', 'lr')
  await page.getByRole('button', { name: /^config\.lr/ }).click()
  await expect(page.getByRole('list', { name: 'Shown columns' })).toContainText('lr')
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/columns=.*config\.lr/)

  // A click on a value writes the grammar.
  await row(page, 'run 1').getByRole('gridcell', { name: '0.1', exact: true }).click()
  await expect(page.getByRole('menuitem', { name: 'Only this' })).toBeVisible()
  await accessible(page)
  await page.getByRole('menuitem', { name: 'Only this' }).click()
  await expect(page.getByRole('combobox', { name: 'Search runs' })).toHaveValue('config.lr = 0.1')
  await expect(grid).toHaveAttribute('aria-rowcount', '4')
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await expect(grid).toHaveAttribute('aria-rowcount', '7')

  // A baseline: signed changes, with the word, by the direction of the metric.
  await row(page, 'run 3').getByRole('rowheader').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Make it the baseline' }).click()
  await expect(
    row(page, 'run 1')
      .getByText(/^−0\.2 ▲ better$/)
      .first(),
  ).toBeVisible()
  await expect(
    row(page, 'run 5')
      .getByText(/^\+0\.2 ▼ worse$/)
      .first(),
  ).toBeVisible()

  await page.getByRole('button', { name: /^Group/ }).click()
  await lookFor(page, 'Search for a key to group by', 'lr')
  await page.getByRole('button', { name: /^config\.lr/ }).click()
  await page.keyboard.press('Escape')
  const groups = page.getByRole('treegrid', { name: 'Runs' })
  const first = groups.getByRole('row', { name: /lr 0\.1 3 runs/ })
  await expect(first).toContainText('best #1')
  await expect(first).toContainText('±')
  await first.getByRole('rowheader').click()
  await expect(first).toHaveAttribute('aria-expanded', 'false')
  await expect(groups).toHaveAttribute('aria-rowcount', '7')
  await accessible(page)

  await page.reload()
  await expect(groups.getByRole('row', { name: /lr 0\.1 3 runs/ })).toHaveAttribute('aria-expanded', 'false')
  await expect(page.getByText('against run 3 #3')).toBeVisible()
  await page.goto(`/${WORKSPACE}/${project}/runs?q=state+%3D+failed`)
  await expect(page.getByText('matches none of the 6 runs of this project')).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(grid).toHaveAttribute('aria-rowcount', '7')
})

test('the table is used by keys: rows, cells, selection and its range, order, columns, their width and place', async ({
  page,
  door,
}) => {
  const project = `keys-${Date.now()}`
  await sendRuns(door, project, 6)
  await openTable(page, project)
  await page.keyboard.press('j')
  await expect(row(page, 'run 6').getByRole('rowheader')).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await expect(row(page, 'run 4').getByRole('rowheader')).toBeFocused()
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+X')
  await expect(page.getByText('3 runs selected').first()).toBeVisible()
  await expect(row(page, 'run 3')).toHaveAttribute('aria-selected', 'true')
  await expect(page).toHaveURL(/select=2-4/)

  // The menu of a cell, and back to the cell.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+F10')
  await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(row(page, 'run 2').getByRole('gridcell').nth(2)).toBeFocused()

  // Heads: sort, widen, move.
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('k')
  await page.keyboard.press('End')
  const last = page.getByRole('columnheader').last()
  await expect(last).toBeFocused()
  const name = (await last.textContent()) ?? ''
  await page.keyboard.press('Enter')
  await expect(last).toHaveAttribute('aria-sort', /ending/)
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page).toHaveURL(/columns=.*%40\d+|columns=.*@\d+/)
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(page.getByRole('columnheader').last()).not.toHaveText(name)

  // The divider, then all that match, then open.
  const divider = page.getByRole('separator', { name: 'Width of the table' })
  await divider.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(divider).toHaveAttribute('aria-valuenow', '53')
  await page.getByRole('columnheader', { name: 'Select all 6 that match' }).click()
  await expect(page.getByText('6 runs selected').first()).toBeVisible()
  await page.getByRole('button', { name: 'Select none' }).click()
  await row(page, 'run 2').getByRole('rowheader').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/${project}/runs/2`)
})

test('a run that arrives while somebody reads waits, and selection, scroll and the open menu stay', async ({
  page,
  door,
}) => {
  const project = `arrive-${Date.now()}`
  await sendRuns(door, project, 60)
  await openTable(page, project)
  const grid = page.getByRole('grid', { name: 'Runs' })
  await row(page, 'run 55').getByRole('gridcell').first().click()
  await row(page, 'run 54').getByRole('rowheader').click({ button: 'right' })
  const menu = page.getByRole('menu', { name: 'Menu of run 54' })
  // Hovering waits until it has come to rest.
  await menu.getByRole('menuitem', { name: 'Open', exact: false }).first().hover()
  const box = await menu.boundingBox()
  const before = await row(page, 'run 55').boundingBox()
  await sendRun(door, project, 61)
  await expect(page.getByText('1 run selected').first()).toBeVisible()
  await expect(page.getByText('Show 1 new run')).toBeVisible()
  expect(await menu.boundingBox()).toEqual(box)
  expect(await row(page, 'run 55').boundingBox()).toEqual(before)
  await expect(row(page, 'run 55')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await page.getByText('Show 1 new run').click()
  await expect(row(page, 'run 61')).toBeVisible()
  await expect(row(page, 'run 55')).toHaveAttribute('aria-selected', 'true')
  await expect(grid).toHaveAttribute('aria-rowcount', '62')

  // Only what is in sight is in the document, and the last row is reached.
  await row(page, 'run 61').getByRole('rowheader').focus()
  await page.keyboard.press('Control+End')
  await expect(row(page, 'run 1')).toBeVisible()
  expect(await grid.getByRole('row').count()).toBeLessThan(62)

  // Hidden in charts, and all of them again.
  await row(page, 'run 1').getByRole('gridcell').nth(1).click()
  await expect(page.getByText('60 shown in charts, 1 hidden')).toBeVisible()
  await expect(page).toHaveURL(/hide=1/)
  await page.keyboard.press('Control+z')
  await expect(page.getByText('61 shown in charts')).toBeVisible()
})

test('on a phone runs are cards, and filter, order and groups are sheets', async ({ page, door, accessible }) => {
  const project = `cards-${Date.now()}`
  await sendRuns(door, project, 4)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/runs`)
  const cards = page.getByRole('list', { name: 'Runs' })
  await expect(cards.getByRole('listitem')).toHaveCount(4)
  await expect(cards).toContainText('loss')
  await fitsWidth(page)
  await accessible(page)
  await page.getByRole('button', { name: /^Filter/ }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('combobox', { name: 'Search runs' }).fill('config.lr = 0.1')
  await page.keyboard.press('Enter')
  await expect(sheet.getByText('2 of 4 runs match.')).toBeVisible()
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await expect(cards.getByRole('listitem')).toHaveCount(2)
  await page.getByRole('button', { name: 'Newest' }).click()
  await lookFor(page, 'Search for a key to sort by', 'loss')
  await page
    .getByRole('button', { name: /^metrics\.loss/ })
    .first()
    .click()
  await page.keyboard.press('Escape')
  await expect(cards.getByRole('listitem').first()).toContainText('run 1')
  await fitsWidth(page)
})

test('runs that a link selects are changed at once, all but the excepted, before the table knows them by their ids', async ({
  page,
  door,
}) => {
  const { runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma'])
  // What asks for runs by their numbers is never answered.
  await page.route(/runs\.table/, (route) => {
    const asked = decodeURIComponent(`${route.request().url()} ${route.request().postData() ?? ''}`)
    return asked.includes('number') ? undefined : route.continue()
  })
  await page.goto(`${runs}?pane=table&select=all-but-2`)
  const bar = page.getByRole('toolbar', { name: '2 runs selected' })
  await expect(bar).toBeVisible()
  await bar.getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByText('Archived 2 runs.')).toBeVisible()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.goto(`${runs}?pane=table`)
  await expect(row(page, 'beta')).toBeVisible()
  await expect(row(page, 'alpha')).toHaveCount(0)
  await expect(row(page, 'gamma')).toHaveCount(0)
})

test('what a question asks about is what is deleted: a run that matches since is not, and it is said', async ({
  page,
  door,
  noise,
}) => {
  noise.allow(/status of 409/)
  const { project, runs } = await seedNamedRuns(door, ['alpha', 'beta'])
  await page.goto(`${runs}?pane=table&select=all`)
  await page.getByRole('toolbar', { name: '2 runs selected' }).getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete 2 runs?' })
  await expect(dialog).toBeVisible()
  await door.send('PUT', `/projects/${project}/runs/${randomUUID()}`, { experiment: 'base', name: 'gamma' })
  await expect(page.getByText('3 runs selected').or(page.getByText('Show 1 new run')).first()).toBeAttached()
  await dialog.getByRole('button', { name: 'Delete 2 runs' }).click()
  await expect(dialog.getByText(/3 runs match by now, and not 2/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Keep them' }).click()
  await expect(row(page, 'alpha')).toBeVisible()
})

test('a project whose runs are all archived says so, at a desk and on a phone, and leads to them', async ({
  page,
  door,
  accessible,
}) => {
  const { runs } = await seedNamedRuns(door, ['alpha', 'beta'])
  await page.goto(`${runs}?pane=table&select=1-2`)
  await page.getByRole('toolbar', { name: '2 runs selected' }).getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByText('All 2 runs are archived')).toBeVisible()
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(runs)
    await expect(page.getByText('All 2 runs are archived')).toBeVisible()
    await expect(page.getByText('Send the first point')).toHaveCount(0)
    await accessible(page)
    await page.getByRole('button', { name: 'Show archived runs' }).click()
    await expect(page.getByText('alpha').first()).toBeVisible()
    await expect(page).toHaveURL(/archived=true/)
  }
})

/** Types into the search of a list of keys, and waits until the list follows: a press meets the line that stands there then. */
async function lookFor(page: Page, label: string, text: string): Promise<void> {
  const other = page.getByRole('button', { name: /^config\.depth/ })
  await expect(other).toBeVisible()
  await page.getByRole('textbox', { name: label }).fill(text)
  await expect(other).toHaveCount(0)
}

const row = (page: Page, name: string) =>
  page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader').filter({ has: page.getByRole('link', { name, exact: true }) }) })

async function openTable(page: Page, project: string): Promise<void> {
  await page.goto(`/${WORKSPACE}/${project}/runs`)
  await expect(page.getByRole('grid', { name: 'Runs' }).getByRole('rowheader').first()).toBeVisible()
}

/** Runs 1 to `count` of one stage: odd ones with a learning rate of 0.1, losses that grow with the number by 0.1. */
async function sendRuns(door: Door, project: string, count: number): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: project })
  const root = { stage: 'pretrain', root: { kind: 'random_init' }, params: 1000 }
  await door.send('PUT', `/projects/${project}/experiments/base`, root)
  for (let number = 1; number <= count; number++) await sendRun(door, project, number)
}

async function sendRun(door: Door, project: string, number: number): Promise<void> {
  const uid = randomUUID()
  const config = { lr: number % 2 === 1 ? 0.1 : 0.2, depth: number }
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'base', name: `run ${number}`, config })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const step = [0, 1, 2]
  await door.send(
    'POST',
    `/runs/${uid}/metrics`,
    { groups: [{ step, t: step.map((i) => Date.now() + i), m: { loss: step.map((i) => 2 - i / 10 + number / 10) } }] },
    { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' },
  )
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished' })
}
