import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

/** A project with stages base and other, and runs of base: two in groups, one in none. */
async function threeRuns(door: Door): Promise<{ project: string; runs: string }> {
  const project = `edited-${randomUUID().slice(0, 8)}`
  await door.send('PUT', `/projects/${project}`, { name: project })
  const root = { kind: 'random_init' }
  for (const stage of ['base', 'other'])
    await door.send('PUT', `/projects/${project}/experiments/${stage}`, { stage: 'pretrain', root, params: 1000 })
  for (const [name, group] of [
    ['alpha', 'lr sweep'],
    ['beta', 'seeds'],
    ['gamma', null],
  ]) {
    const uid = randomUUID()
    await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'base', name, group, tags: ['first'] })
    await door.send('POST', `/runs/${uid}/attempts`, {})
    await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  }
  return { project, runs: `/${WORKSPACE}/${project}/runs` }
}

const undo = (page: Page, words: string) =>
  page.getByText(words).locator('..').getByRole('button', { name: 'Undo' }).click()

test('the group of chosen runs is set and taken away from the table, completed from groups that are there, with a way back', async ({
  page,
  door,
  accessible,
}) => {
  const { runs } = await threeRuns(door)
  await page.goto(`${runs}?pane=table&columns=group&select=2-3`)
  const cell = (name: string) => page.getByRole('grid').getByRole('row').filter({ hasText: name })
  await expect(cell('beta')).toContainText('seeds')
  const bar = page.getByRole('toolbar', { name: '2 runs selected' })
  await bar.getByRole('button', { name: 'Group' }).click()
  const field = page.getByRole('dialog', { name: 'Group runs' }).getByRole('combobox', { name: 'Group' })
  await expect(field).toBeFocused()
  await page.keyboard.type('swe')
  await expect(page.getByRole('option', { name: 'lr sweep' })).toBeVisible()
  await expect(page.getByRole('option', { name: 'seeds' })).toHaveCount(0)
  await accessible(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field).toHaveValue('lr sweep')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Grouped 2 runs as lr sweep.')).toBeVisible()
  for (const name of ['beta', 'gamma']) await expect(cell(name)).toContainText('lr sweep')
  await undo(page, 'Grouped 2 runs as lr sweep.')
  await expect(cell('beta')).toContainText('seeds')
  await expect(cell('gamma')).not.toContainText('lr sweep')

  await bar.getByRole('button', { name: 'Group' }).click()
  await page.getByRole('dialog', { name: 'Group runs' }).getByRole('button', { name: 'Take out' }).click()
  await expect(page.getByText('Ungrouped 1 run. 1 run was so already.')).toBeVisible()
  await expect(cell('beta')).not.toContainText('seeds')
})

test('name, tags, group and archive of a run are edited on its page by keys, each with a way back, and its star', async ({
  page,
  door,
  accessible,
}) => {
  const { runs } = await threeRuns(door)
  await page.goto(`${runs}/1`)
  const head = page.getByRole('banner').or(page.locator('header')).filter({ hasText: '#1' })
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toHaveText('alpha')

  const star = page.getByRole('button', { name: 'Star', exact: true })
  // It is pressed before the server has answered.
  await Promise.all([page.waitForResponse(/runs\.update/), star.press('Enter')])
  await expect(star).toHaveAttribute('aria-pressed', 'true')
  await page.reload()
  await expect(star).toHaveAttribute('aria-pressed', 'true')

  await page.getByRole('button', { name: 'Edit', exact: true }).press('Enter')
  const bar = page.getByRole('toolbar', { name: 'Edit the run' })
  const rename = bar.getByRole('button', { name: 'Rename' })
  await expect(rename).toBeFocused()
  await page.keyboard.press('Enter')
  const name = page.getByRole('textbox', { name: 'Name' })
  await expect(name).toBeFocused()
  await accessible(page)
  await name.fill('better')
  await page.keyboard.press('Enter')
  await expect(title).toHaveText('better')
  await undo(page, 'Renamed alpha to better.')
  await expect(title).toHaveText('alpha')

  await bar.getByRole('button', { name: 'Tags' }).press('Enter')
  const tags = page.getByRole('dialog', { name: 'Tags of the run' })
  await expect(tags.getByText('first', { exact: true })).toBeVisible()
  await tags.getByLabel('Tags').fill('keep')
  await page.keyboard.press('Enter')
  await accessible(page)
  await tags.getByRole('button', { name: 'Save' }).press('Enter')
  await expect(page.getByText('Tagged 1 run with keep.')).toBeVisible()
  await expect(head.getByText('keep', { exact: true })).toBeVisible()
  await expect(head.getByText('first', { exact: true })).toBeVisible()
  await undo(page, 'Tagged 1 run with keep.')
  await expect(head.getByText('keep', { exact: true })).toHaveCount(0)

  await bar.getByRole('button', { name: 'Group' }).press('Enter')
  const group = page.getByRole('dialog', { name: 'Group of the run' }).getByRole('combobox', { name: 'Group' })
  await expect(group).toHaveValue('lr sweep')
  await group.fill('seeds of 2')
  await page.getByRole('button', { name: 'Set', exact: true }).press('Enter')
  await expect(head.getByText('group seeds of 2')).toBeVisible()
  await undo(page, 'Grouped 1 run as seeds of 2.')
  await expect(head.getByText('group lr sweep')).toBeVisible()

  await bar.getByRole('button', { name: 'Archive' }).press('Enter')
  await expect(head.getByText('archived', { exact: true })).toBeVisible()
  await accessible(page)
  await bar.getByRole('button', { name: 'Bring back from archive' }).press('Enter')
  await expect(head.getByText('archived', { exact: true })).toHaveCount(0)

  await bar.getByRole('button', { name: 'Close' }).press('Enter')
  await expect(bar).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeFocused()
})

test('a run is moved from its page to another stage and to another project; the page goes along, and back', async ({
  page,
  door,
}) => {
  const { project, runs } = await threeRuns(door)
  const there = await threeRuns(door)
  const move = async (to: string) => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('toolbar', { name: 'Edit the run' }).getByRole('button', { name: 'Move' }).click()
    const dialog = page.getByRole('dialog', { name: 'Move the run' })
    if (to !== project) {
      await dialog.getByRole('combobox', { name: 'Project', exact: true }).click()
      await page.getByRole('option', { name: to }).click()
    }
    await dialog.getByRole('combobox', { name: 'Move to stage' }).click()
    await page.getByRole('option', { name: 'other' }).click()
    await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  }
  await page.goto(`${runs}/2`)
  await move(project)
  await expect(page.getByText('Moved 1 run.')).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'other', exact: true }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await move(there.project)
  await expect(page).toHaveURL(new RegExp(`${there.runs}/4$`))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('beta')
  await undo(page, `Moved 1 run to ${there.project}.`)
  await expect(page).toHaveURL(new RegExp(`${runs}/2$`))
})
