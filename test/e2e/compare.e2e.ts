import { randomUUID } from 'node:crypto'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedLineage } from './setup/seed-lineage.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const entriesOf = (project: string, ...stages: number[]) => stages.map((n) => `stage:${project}:${n}`).join(',')

test('an entry is chosen among the newest 500 runs of a project, and where older ones are compared is said', async ({
  page,
  door,
}) => {
  test.slow()
  const project = `entries-${Date.now()}`
  await door.send('PUT', `/projects/${project}`, { name: project })
  for (let i = 0; i < 501; i += 16)
    await Promise.all(
      Array.from({ length: Math.min(16, 501 - i) }, (_, at) =>
        door.send('PUT', `/projects/${project}/runs/${randomUUID()}`, { name: `run ${i + at}` }),
      ),
    )
  await page.goto(`/${WORKSPACE}/compare/draft`)
  await page.getByRole('button', { name: 'Add entry' }).click()
  const projects = page.getByRole('combobox', { name: 'Project', exact: true })
  await projects.click()
  await page.getByRole('option', { name: project, exact: true }).click()
  const run = page.getByRole('combobox', { name: 'Run', exact: true })
  await expect(run).toHaveAccessibleDescription(
    'The newest 500 are listed; older ones are compared from the runs table.',
  )
  await run.fill('#501')
  await page.getByRole('option', { name: /#501$/ }).click()
  await expect(page).toHaveURL(/entries=/)
})

test('stages are set beside each other, differences walked over, kept under a link, frozen and made live again', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seedLineage(door, `kept-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/compare/draft?entries=${entriesOf(project, 1, 2, 3)}`)
  const table = page.getByRole('table', { name: /^Entries side by side/ })
  const general = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /General bpb/ }) })
  await expect(general.getByRole('cell')).toContainText(['2.316', '+0.312', '+0.101'])
  const loss = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^train\/loss/ }) })
  await expect(loss.getByRole('cell').nth(1)).toContainText('worse')
  await accessible(page)

  await page.keyboard.press('n')
  await expect(page.getByText(/^1 of \d+$/)).toBeVisible()
  await page.keyboard.press('p')
  await expect(page.getByText(/^(\d+) of \1$/)).toBeVisible()

  await page.getByRole('button', { name: 'Make cpt the baseline' }).click()
  await expect(page).toHaveURL(/baseline=/)
  await expect(general.getByRole('cell').first()).toContainText('−0.312')

  await page.getByRole('button', { name: 'Keep comparison' }).click()
  const dialog = page.getByRole('dialog', { name: 'Keep this comparison' })
  await dialog.getByLabel('Title').fill('Replay or not')
  await dialog.getByRole('button', { name: 'Keep comparison' }).click()
  await page.waitForURL(/\/compare\/[0-9a-f-]{36}/)
  await expect(page.getByRole('heading', { level: 1, name: 'Replay or not' })).toBeVisible()
  await page.getByText('Freeze', { exact: true }).click()
  await expect(page.getByRole('radio', { name: 'Frozen' })).toBeChecked()
  await expect(page.getByRole('button', { name: /^Make .* the baseline$/ })).toHaveCount(0)
  await expect(
    page.getByText(
      /^The numbers in the table were frozen .*\. Charts, media and texts show the runs as they are now\.$/,
    ),
  ).toBeVisible()
  await page.getByText('Live', { exact: true }).click()
  await page.getByRole('button', { name: 'Take cpt-replay out' }).click()
  await expect(page.getByRole('columnheader', { name: /cpt-replay/ })).toHaveCount(0)

  await page.goto(`/${WORKSPACE}/compare`)
  await expect(page.getByRole('row', { name: /Replay or not/ })).toContainText('base, cpt')
  await accessible(page)
})

test('compare with parent is one click from a stage, and a root says that it has none', async ({ page, door }) => {
  const { project } = await seedLineage(door, `parent-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await page.getByRole('link', { name: 'Compare with parent' }).click()
  const heads = page.getByRole('table', { name: /^Entries side by side/ }).getByRole('columnheader')
  await expect(heads.nth(1)).toContainText('base')
  await expect(heads.nth(1)).toContainText('Baseline')
  await expect(heads.nth(2)).toContainText('cpt')
  await page.goto(`/${WORKSPACE}/compare/draft?entries=${entriesOf(project, 1)}&parent=true`)
  await expect(page.getByText('base is a root: its weights came from no other stage.')).toBeVisible()
})

test('on a phone only the table of a comparison scrolls sideways, and kept ones are cards', async ({ page, door }) => {
  const { project } = await seedLineage(door, `compare-small-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/compare/draft?entries=${entriesOf(project, 1, 2, 3)}`)
  await expect(page.getByRole('rowheader', { name: /General bpb/ })).toBeVisible()
  await fitsWidth(page)

  await page.getByRole('button', { name: 'Keep comparison' }).click()
  const dialog = page.getByRole('dialog', { name: 'Keep this comparison' })
  await dialog.getByLabel('Title').fill('Three on a phone')
  await dialog.getByRole('button', { name: 'Keep comparison' }).click()
  await page.waitForURL(/\/compare\/[0-9a-f-]{36}/)
  await page.goto(`/${WORKSPACE}/compare`)
  const card = page.getByRole('list', { name: 'Comparisons' }).getByRole('link', { name: /^Three on a phone/ })
  await expect(card).toContainText('base, cpt')
  await expect(card).toContainText(project)
  await expect(page.getByRole('table')).toHaveCount(0)
  await fitsWidth(page)
  await card.click()
  await expect(page.getByRole('heading', { level: 1, name: 'Three on a phone' })).toBeVisible()
})
