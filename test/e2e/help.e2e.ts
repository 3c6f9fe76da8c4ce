import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('? lists the keys, Esc returns the focus, and single keys can be turned off', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `keys-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}`)
  const list = page.getByRole('dialog', { name: 'Keys' })
  await page.getByRole('button', { name: 'Recent places' }).focus()
  await page.keyboard.press('?')
  await expect(list.getByRole('region', { name: 'Table of runs' })).toContainText('Next row')
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(page.getByRole('button', { name: 'Recent places' })).toBeFocused()

  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'List of keys' }).click()
  await list.getByRole('switch', { name: 'Single keys' }).click()
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
  await page.keyboard.press('?')
  // As long as the list takes to come where keys are on.
  await page.waitForTimeout(500)
  await expect(list).toBeHidden()
  await page.reload()
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'List of keys' }).click()
  await expect(list.getByRole('switch', { name: 'Single keys' })).not.toBeChecked()
})

test('a word of a legend tells what it means and leads to the glossary', async ({ page, door, accessible }) => {
  const { project } = await seedLineage(door, `words-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1,2`)
  await page
    .getByRole('button', { name: /^no interval/ })
    .first()
    .click()
  await expect(page.getByText('nobody can say how sure the difference is')).toBeVisible()
  await page.getByRole('button', { name: 'Glossary' }).click()
  const glossary = page.getByRole('dialog', { name: 'Glossary' })
  await glossary.getByRole('textbox', { name: 'Search the glossary' }).fill('budget')
  await expect(glossary.getByText('How much a stage may lose on a benchmark.', { exact: false })).toBeVisible()
  await accessible(page)
})

test('a page that was looked at is in the recent places under its name', async ({ page, door }) => {
  const { project } = await seedLineage(door, `recent-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  const trail = page.getByRole('navigation', { name: 'Breadcrumbs' })
  await expect(trail.getByText('cpt', { exact: true })).toBeVisible()
  await expect
    .poll(() => page.evaluate((workspace) => window.localStorage.getItem(`descent.recent.${workspace}`), WORKSPACE))
    .toContain('"cpt"')
  await page.goto(`/${WORKSPACE}`)
  await page.getByRole('button', { name: 'Recent places' }).click()
  await page.getByRole('menuitem', { name: /^cpt/ }).click()
  await expect(page).toHaveURL(new RegExp(`/${project}/experiments/2$`))
})
