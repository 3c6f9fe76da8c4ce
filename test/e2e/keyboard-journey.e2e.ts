import type { Locator, Page } from '@playwright/test'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { signInLink } from './setup/on-the-box.ts'
import { seedLineage } from './setup/seed-lineage.ts'
import { seedSweep } from './setup/seed-sweep.ts'

/** Presses Tab, or Shift and Tab, until the target, or something in it, has the focus. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible()
  for (let i = 0; i < 120; i++) {
    if (await target.evaluate((element) => element.contains(document.activeElement))) return
    await page.keyboard.press(key)
  }
  await expect(target).toBeFocused()
}

test('a day without a mouse: sign in, find a run, select two and compare them, zoom a chart, keep a view, open the keys', async ({
  page,
  door,
}) => {
  const { project } = await seedLineage(door, `journey-${Date.now()}`)

  await page.goto(signInLink())
  // It waits until the link is read.
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  await tabTo(page, page.getByRole('button', { name: 'Sign in' }))
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/${WORKSPACE}`)

  // A run by its name, from anywhere.
  await page.goto(`/${WORKSPACE}/${project}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search everything' })).toBeFocused()
  await page.keyboard.type('cpt-replay')
  const runs = page.getByRole('group', { name: /^Runs/ }).getByRole('option')
  await expect(runs.first()).toBeVisible()
  const found = runs.filter({ hasText: 'cpt-replay' }).first()
  for (let i = 0; i < 20 && (await found.getAttribute('aria-selected')) !== 'true'; i++)
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/${project}/runs/3`)

  await tabTo(page, page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: 'Runs' }))
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(`/${project}/runs(\\?|$)`))
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })
  await expect(row('cpt-replay').first()).toBeVisible()

  // Sorted by its last column, and kept as a view under a name.
  const cell = page.getByRole('grid', { name: 'Runs' }).locator('[data-row][tabindex="0"]').first()
  await tabTo(page, cell)
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('k')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/[?&]sort=/)
  await tabTo(page, page.getByRole('button', { name: /^(Views$|View: )/ }), 'Shift+Tab')
  await page.keyboard.press('Enter')
  const save = page.getByRole('menuitem', { name: 'Save as a view…' })
  await expect(save).toBeVisible()
  await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1)
  for (let i = 0; i < 20 && !(await save.evaluate((element) => element === document.activeElement)); i++)
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const name = page.getByRole('dialog', { name: 'Save as a view' }).getByRole('textbox', { name: 'Name' })
  await expect(name).toBeFocused()
  await page.keyboard.type('By keys')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^View: By keys/ })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  // Two runs, then side by side.
  await tabTo(page, cell)
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(page.getByText('2 runs selected').first()).toBeVisible()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await expect(keys).toContainText('Select the row')
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()
  await tabTo(page, page.getByRole('link', { name: 'Compare', exact: true }), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/compare\/draft\?/)
  await expect(page.getByRole('columnheader')).toHaveCount(3)

  // A chart, which is there once it is near the visible part: closer, and back to the whole.
  await tabTo(page, page.getByRole('textbox', { name: 'Search charts by regular expression' }))
  const plot = page.getByRole('figure', { name: 'loss', exact: true }).getByRole('group').first()
  await tabTo(page, plot)
  await page.keyboard.press('+')
  await expect(page).toHaveURL(/[?&]zoom=/)
  await page.keyboard.press('0')
  await expect(page).not.toHaveURL(/[?&]zoom=/)
})

test('search, full screen and the form of a panel give the focus back to what opened them', async ({
  page,
  door,
  login,
}) => {
  await login()
  const project = `focus-${Date.now()}`
  await seedSweep(door, project)
  await page.goto(`/${WORKSPACE}/${project}/runs?pane=both`)
  const chart = page.getByRole('figure', { name: 'loss', exact: true })
  await expect(chart.getByRole('group')).toBeVisible()

  // The first search of a page is opened while its code is still on its way.
  const run = page.getByRole('rowheader').nth(2)
  await run.focus()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search everything' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(run).toBeFocused()

  const full = chart.getByRole('button', { name: 'Full screen' })
  await full.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('chart 1 of')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(full).toBeFocused()

  // An item of a menu is gone by then: its button has the focus.
  const add = page.getByRole('button', { name: 'Add a chart to Charts' })
  await add.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: /^Scatter/ }).press('Enter')
  await expect(page.getByRole('dialog', { name: 'Add a panel' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(add).toBeFocused()
})
