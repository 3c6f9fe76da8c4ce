import type { Page } from '@playwright/test'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'
import { seedNamedRuns } from './setup/seed-named-runs.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const table = (page: Page) => page.getByRole('grid')
const views = (page: Page) => page.getByRole('button', { name: /^(Views$|View: )/ })
const sight = (page: Page, word: string) =>
  page.getByRole('radiogroup', { name: 'What is in sight' }).getByText(word, { exact: true })
const words = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)

test('a view is saved, shared, chosen, changed and deleted with a way back; Back moves between views', async ({
  page,
  door,
  accessible,
}) => {
  const { runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma', 'delta'])
  await page.goto(runs)
  await expect(table(page)).toBeVisible()
  await sight(page, 'Table').click()
  await expect.poll(() => words(page)).toEqual({ pane: 'table' })

  await views(page).click()
  await page.getByRole('menuitem', { name: 'Save as a view…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save as a view' })
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(dialog.getByText('Give the view a name.')).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Only the table')
  await dialog.getByText('All who read the project').click()
  await accessible(page)
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(page.getByRole('button', { name: 'View: Only the table', exact: true })).toBeVisible()
  const { view } = words(page)

  // The state that a view begins with is left, and comes back with Back; keystrokes and clicks between are no views.
  await views(page).click()
  await page.getByRole('menuitem', { name: 'The usual view' }).click()
  await expect.poll(() => words(page)).toEqual({})
  await sight(page, 'Charts').click()
  await expect.poll(() => words(page)).toEqual({ pane: 'charts' })
  await page.goBack()
  await expect.poll(() => words(page)).toMatchObject({ pane: 'table' })
  await expect(table(page)).toBeVisible()
  await page.goForward()
  await expect.poll(() => words(page)).toEqual({ pane: 'charts' })

  await page.goto(`${runs}?pane=table&archived=true&view=${view}`)
  await expect(page.getByRole('button', { name: 'View: Only the table, changed' })).toBeVisible()
  await views(page).click()
  await page.getByRole('menuitem', { name: 'Save changes to “Only the table”' }).click()
  await expect(page.getByRole('button', { name: 'View: Only the table', exact: true })).toBeVisible()

  await views(page).click()
  await page.getByRole('menuitem', { name: 'Delete “Only the table”' }).click()
  await expect(page.getByRole('button', { name: 'Views', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await views(page).click()
  await page.getByRole('menuitem', { name: /^Only the table/ }).click()
  await expect.poll(() => words(page)).toMatchObject({ pane: 'table', archived: 'true' })
})

test('the charts come and go beside the same table; the usual view stays, whatever the page was left as', async ({
  page,
  door,
}) => {
  const { runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma', 'delta'])
  await page.goto(runs)
  await expect(table(page)).toBeVisible()
  await table(page).evaluate((node) => node.setAttribute('data-seen-first', ''))
  const keptAsTable = page.waitForResponse(/views\.keepLast/)
  await sight(page, 'Table').click()
  await keptAsTable
  await views(page).click()
  await page.getByRole('menuitem', { name: 'Save as a view…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save as a view' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Table')
  // With the saved view the list brings how the page was left.
  const listed = page.waitForResponse(/views\.list/)
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await listed
  await expect(page.getByRole('button', { name: 'View: Table', exact: true })).toBeVisible()

  const keptAsUsual = page.waitForResponse(/views\.keepLast/)
  await views(page).click()
  await page.getByRole('menuitem', { name: 'The usual view' }).click()
  await keptAsUsual
  await expect.poll(() => words(page)).toEqual({})
  await expect(page.getByRole('separator', { name: 'Width of the table' })).toBeVisible()
  await expect(table(page)).toHaveAttribute('data-seen-first')
})

test('changes of the view are undone and done again by keys, one step for each; a text field keeps its own', async ({
  page,
  door,
}) => {
  const { runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma', 'delta'])
  await page.goto(runs)
  await expect(table(page)).toBeVisible()
  await sight(page, 'Table').click()
  await expect.poll(() => words(page)).toEqual({ pane: 'table' })
  await sight(page, 'Both').click()
  await expect.poll(() => words(page)).toEqual({})
  await page.keyboard.press('Control+z')
  await expect.poll(() => words(page)).toEqual({ pane: 'table' })
  await expect(page.getByRole('status').filter({ hasText: 'Undone: what is in sight' })).toBeAttached()
  await page.keyboard.press('Control+z')
  await expect.poll(() => words(page)).toEqual({})
  await page.keyboard.press('Control+Shift+Z')
  await expect.poll(() => words(page)).toEqual({ pane: 'table' })
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await expect.poll(() => words(page)).toEqual({})

  const field = page
    .getByRole('combobox', { name: /search/i })
    .or(page.getByRole('textbox', { name: /search/i }))
    .last()
  await field.click()
  await page.keyboard.type('state')
  await expect(field).toHaveValue('state')
  await page.keyboard.press('Control+z')
  await expect(field).not.toHaveValue('state')
  await expect.poll(() => words(page).pane).toBeUndefined()
})

test('a copied link shows the same view in another browser, pixel for pixel; a page opens as it was left', async ({
  page,
  door,
  browser,
  cookies,
}) => {
  const { runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma', 'delta'])
  await page.goto(`${runs}?pane=table&sort=name&group=name&pin=2`)
  await expect(page.getByRole('treegrid').or(table(page)).first()).toBeVisible()
  await expect(page.getByText('gamma').first()).toBeVisible()
  await page.mouse.move(0, 0)

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(cookies)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(other.getByText('gamma').first()).toBeVisible()
  const main = (of: Page) => of.locator('#main').screenshot({ animations: 'disabled', caret: 'hide' })
  await expect(async () => {
    expect((await main(other)).equals(await main(page))).toBe(true)
  }).toPass({ timeout: 30_000 })
  await context.close()

  // Long enough for it to be the last view.
  await expect
    .poll(
      async () => {
        await page.goto(runs)
        return await page.waitForURL(/pin=2/, { timeout: 10_000 }).then(
          () => words(page).sort,
          () => null,
        )
      },
      { timeout: 40_000 },
    )
    .toBe('name')
})

test('a page that is left over a link and come back to opens as it was left', async ({ page, door }) => {
  const { project, runs } = await seedNamedRuns(door, ['alpha', 'beta'])
  await page.goto(runs)
  await expect(table(page)).toBeVisible()
  const kept = page.waitForResponse((answer) => /views\.keepLast/.test(answer.url()))
  await sight(page, 'Table').click()
  await expect.poll(() => words(page)).toEqual({ pane: 'table' })
  await kept
  const main = page.getByRole('navigation', { name: 'Main' })
  await main.getByRole('link', { name: 'Lineage', exact: true }).click()
  await page.waitForURL(`**/${project}`)
  await main.getByRole('link', { name: 'Runs', exact: true }).click()
  await expect.poll(() => words(page)).toEqual({ pane: 'table' })
})

test('hundreds of hidden runs make a short address that opens elsewhere; unknown parts of a link are named', async ({
  page,
  door,
  browser,
  cookies,
}) => {
  const { runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma', 'delta'])
  const hidden = Array.from({ length: 400 }, (_, i) => 5 + 2 * i).join(',')
  await page.goto(`${runs}?pane=table&hide=${hidden}`)
  await expect(table(page)).toBeVisible()
  const eye = (of: Page) => table(of).getByRole('gridcell', { name: /^alpha: / })
  const kept = page.waitForResponse(/views\.save/)
  await eye(page).click()
  await expect.poll(() => words(page).hide).toMatch(/^~[0-9A-Za-z]{10}$/)
  expect(page.url().length).toBeLessThan(200)
  await kept

  const context = await browser.newContext()
  await context.addCookies(cookies)
  const other = await context.newPage()
  await other.goto(page.url())
  for (const one of [page, other]) await expect(eye(one)).toHaveAttribute('aria-label', 'alpha: hidden in charts')
  await context.close()

  await page.goto(`${runs}?pane=sideways&colour_of_hope=blue`)
  await expect(page.getByText('Parts of this link were ignored')).toBeVisible()
  await expect(page.getByText('This page knows no “colour_of_hope”.')).toBeVisible()
  await expect(page.getByText('It cannot read “pane=sideways”.')).toBeVisible()
  await page.getByRole('button', { name: 'Remove from the address' }).click()
  await expect.poll(() => words(page)).toEqual({})
})

test('a part of a link that a page does not know is named, and its own parts are not', async ({ context, door }) => {
  test.setTimeout(240_000)
  const { project } = await seedLineage(door, `unknown-${Date.now()}`)
  const at = `/${WORKSPACE}/${project}`
  const addresses = [
    `${at}?view=table`,
    `${at}/runs?x=tokens`,
    `${at}/runs/2?tab=console&line=1&wrap=true&use=0-10&x=tokens&superseded=true&keys=true`,
    `${at}/experiments/2?baseline=root&sort=name&columns=state&floor=1&x=tokens&smooth=off`,
    `${at}/evaluations?set=all&sort=worst`,
    `${at}/evaluations/differences?sort=name`,
    `${at}/retention?over=best&scale=raw&leaf=2`,
    `${at}/retention?view=slope&upper=false`,
    `${at}/retention?view=triangle&whole=true`,
    `${at}/capability?x=tokens`,
    `${at}/cost?view=full`,
    `${at}/publish?table=models`,
    `${at}/compare-stages?stages=2,3`,
    `${at}/preferences?ties=half`,
    `${at}/experiments/2/decision?sibling=3`,
    `/${WORKSPACE}/compare/draft?entries=stage:${project}:1,stage:${project}:2&all=true&smooth=off`,
    `/${WORKSPACE}/benchmarks?q=bpb`,
    `/${WORKSPACE}/agents?join=true`,
    `/${WORKSPACE}/settings/storage?project=${project}`,
    `/${WORKSPACE}/settings/prices?all=true`,
  ]
  const names = async (address: string) => {
    const page = await context.newPage()
    await page.goto(`${address}${address.includes('?') ? '&' : '?'}no_such_part=1`)
    const notice = page.getByText('This page knows no “no_such_part”.')
    await expect(notice, address).toBeVisible({ timeout: 40_000 })
    await expect(page.getByText('A part of this link was ignored')).toBeVisible()
    await page.getByRole('button', { name: 'Remove from the address' }).click()
    await expect(notice, address).toHaveCount(0)
    await expect(page).not.toHaveURL(/no_such_part/)
    await page.close()
  }
  // A page says nothing until it has settled; five settle at once.
  for (let i = 0; i < addresses.length; i += 5) await Promise.all(addresses.slice(i, i + 5).map(names))
})

test('selected runs are tagged, moved, archived and deleted, each with a way back; a note keeps both of two texts', async ({
  page,
  door,
  accessible,
  browser,
  cookies,
}) => {
  const { project, runs } = await seedNamedRuns(door, ['alpha', 'beta', 'gamma', 'delta'])
  await page.goto(`${runs}?pane=table&select=1-2`)
  const bar = page.getByRole('toolbar', { name: '2 runs selected' })
  await expect(bar).toBeVisible()
  await bar.getByRole('button', { name: 'Tag' }).click()
  await page.getByRole('combobox', { name: 'Tags' }).fill('keep')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('Tagged 2 runs with keep.')).toBeVisible()
  await accessible(page)

  await bar.getByRole('button', { name: 'Move' }).click()
  await page.getByRole('combobox', { name: 'Move to stage' }).click()
  await page.getByRole('option', { name: 'other' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click()
  await expect(page.getByText('Moved 2 runs.')).toBeVisible()

  await bar.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog', { name: 'Delete 2 runs?' }).getByRole('button', { name: 'Delete 2 runs' }).click()
  await expect(page.getByText('Deleted 2 runs.')).toBeVisible()
  await expect(table(page).getByText('alpha')).toHaveCount(0)
  await page.getByText('Deleted 2 runs.').locator('..').getByRole('button', { name: 'Undo' }).click()
  await expect(table(page).getByText('alpha').first()).toBeVisible()

  // Two people write over the same text.
  const stage = `/${WORKSPACE}/${project}/experiments/1`
  await page.goto(stage)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(cookies)
  const other = await context.newPage()
  await other.goto(stage)
  for (const [one, text] of [
    [page, 'hers'],
    [other, 'his'],
  ] as const) {
    await one.getByRole('button', { name: 'Write a note' }).click()
    await one.getByRole('textbox', { name: 'Note in Markdown' }).fill(text)
  }
  await page.getByRole('button', { name: 'Save note' }).click()
  await expect(page.getByRole('button', { name: 'Edit the note' })).toBeVisible()
  await other.getByRole('button', { name: 'Save note' }).click()
  await expect(other.getByRole('region', { name: 'Their text' }).getByText('hers')).toBeVisible()
  await expect(other.getByRole('region', { name: 'Your text' }).getByText('his')).toBeVisible()
  await other.getByRole('button', { name: 'Put both below each other' }).click()
  await other.getByRole('button', { name: 'Save note' }).click()
  await expect(other.getByRole('region', { name: 'Note', exact: true }).getByText('hers')).toBeVisible()
  await context.close()
})
