import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { readDatabase } from './setup/database.ts'
import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

/** The clock comes by every five seconds. */
const CLOCK_MS = 20_000

test.beforeEach(async ({ login }) => {
  await login()
})

let projects = 0
const newProject = async (door: Door): Promise<string> =>
  (await seedLineage(door, `retention-${Date.now()}-${++projects}`)).project

const openRun = async (page: Page, project: string, number: number) => {
  await page.goto(`/${WORKSPACE}/${project}/runs/${number}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}

const row = (page: Page, project: string) => page.getByRole('row').filter({ hasText: project })

/** Asks to delete a run by the menu of its row in the list. */
async function askToDelete(page: Page, name: string): Promise<void> {
  await page
    .getByRole('rowheader')
    .filter({ has: page.getByRole('link', { name, exact: true }) })
    .click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Delete' }).click()
}

test('a run is deleted from its page, leaves the list, and the undo in the corner brings it back', async ({
  page,
  door,
  accessible,
  noise,
}) => {
  // The page of the run hears that it changed while it is left.
  noise.allow(/404/)
  const project = await newProject(door)
  await openRun(page, project, 2)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('can be restored for 7 days')
  await accessible(page)
  await dialog.getByRole('button', { name: 'Delete run' }).click()
  await page.waitForURL(`**/${project}/runs`)
  const table = page.getByRole('grid', { name: 'Runs' })
  await expect(table.getByRole('row')).toHaveCount(3)
  await expect(table).not.toContainText('#2')
  // The way back stands for 15 s.
  await page.getByText(/^Deleted cpt \(#2\)/).hover()
  await accessible(page)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByText('(#2) is back.')).toBeVisible()
  await expect(table).toContainText('#2')
})

test('a deleted run is told to its readers, restored from the settings, deleted for good, and its number stays taken', async ({
  page,
  door,
  accessible,
  noise,
}) => {
  noise.allow(/404/)
  const project = await newProject(door)
  await page.goto(`/${WORKSPACE}/${project}/runs`)
  await askToDelete(page, 'cpt-replay')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete run' }).click()
  await expect(page.getByRole('grid', { name: 'Runs' })).not.toContainText('cpt-replay')

  await page.goto(`/${WORKSPACE}/${project}/runs/3`)
  await expect(page.getByText(/Run 3 \(cpt-replay\) was deleted\. Admins restore it/)).toBeVisible()

  await page.goto(`/${WORKSPACE}/settings/deleted-runs`)
  await expect(row(page, project)).toContainText('everything, for 7 more days')
  await accessible(page)
  await row(page, project)
    .getByRole('button', { name: /^Restore/ })
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await expect(row(page, project)).toHaveCount(0)

  await page.goto(`/${WORKSPACE}/${project}/runs`)
  await askToDelete(page, 'cpt')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete run' }).click()
  // Who leaves the page takes back what it has not sent yet.
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.goto(`/${WORKSPACE}/settings/deleted-runs`)
  await row(page, project)
    .getByRole('button', { name: /^Delete for good/ })
    .click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await accessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(row(page, project)).toContainText('nothing', { timeout: CLOCK_MS })
  await expect(row(page, project).getByRole('button')).toHaveCount(0)

  const left = await readDatabase(
    (sql) => sql<{ n: number }[]>`
      select count(*)::int as n from metric_tail t join runs r on r.id = t.run_id join projects p on p.id = r.project_id
      where p.slug = ${project} and r.number = 2`,
  )
  expect(left).toEqual([{ n: 0 }])
  await page.goto(`/${WORKSPACE}/${project}/runs/2`)
  await expect(page.getByText('was deleted for good')).toBeVisible()
  const next = randomUUID()
  const made = await door.send<{ number: number }>('PUT', `/projects/${project}/runs/${next}`, {})
  expect(made.number).toBe(4)
})

test('a run whose checkpoint a stage starts from keeps that checkpoint', async ({ page, door }) => {
  const project = await newProject(door)
  await page.goto(`/${WORKSPACE}/${project}/runs`)
  await askToDelete(page, 'base')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete run' }).click()
  // Who leaves the page takes back what it has not sent yet.
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.goto(`/${WORKSPACE}/settings/deleted-runs`)
  await row(page, project)
    .getByRole('button', { name: /^Delete for good/ })
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(row(page, project)).toContainText('1 checkpoint that is in use', { timeout: CLOCK_MS })
  await page.goto(`/${WORKSPACE}/${project}`)
  await expect(page.getByRole('group', { name: /^cpt-replay, stage/ })).toBeVisible()
})

test('storage is told by project and run, and a policy says what it would do before it is saved', async ({
  page,
  door,
  accessible,
}) => {
  const project = await newProject(door)
  await page.goto(`/${WORKSPACE}/settings/storage?project=${project}`)
  const table = page.getByRole('table', { name: 'Storage by project' })
  await expect(table).toContainText('Small lineage')
  await expect(page.getByRole('table', { name: 'Largest runs' }).getByRole('row')).toHaveCount(4)
  await expect(page.getByText('Raw points of all runs are kept.')).toBeVisible()
  const save = page.getByRole('button', { name: 'Save' })
  await expect(save).toHaveAttribute('aria-disabled', 'true')
  await accessible(page)
  await page.getByRole('combobox', { name: 'Thin runs that ended' }).click()
  await page.getByRole('option', { name: 'more than 30 days ago' }).click()
  await expect(page.getByText('No run ended that long ago')).toBeVisible()
  await save.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Drop raw points' }).click()
  await expect(table.getByRole('row').filter({ hasText: '30 days' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Thin runs that ended' }).click()
  await page.getByRole('option', { name: 'never' }).click()
  await save.click()
  await expect(table.getByRole('row').filter({ hasText: '30 days' })).toHaveCount(0)
})
