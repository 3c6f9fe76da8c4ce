import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { openDoor } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { adminKey } from './setup/on-the-box.ts'
import { seedLineage } from './setup/seed-lineage.ts'
import { seedScores, sendScore } from './setup/seed-scores.ts'
import { seedTulu, tulu } from './setup/seed-tulu.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/publish/${name}`, import.meta.url), 'utf8')

async function pickForm(page: Page, form: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Form' }).click()
  await page.getByRole('option', { name: form, exact: true }).click()
}

test.beforeEach(async ({ login }) => {
  await login()
})

test('the card of Tülu 3 8B: its cells on the screen, in every form and behind the machine door', async ({
  page,
  door,
  accessible,
}) => {
  const project = await seedTulu(door, `tulu-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/publish?lost=false`)
  const table = page.getByRole('table', { name: 'RLVR: benchmarks by stage' })
  for (const [i, name] of tulu.benchmarks.entries()) {
    const cells = table
      .getByRole('row')
      .nth(i + 1)
      .getByRole('cell')
    await expect(
      table
        .getByRole('row')
        .nth(i + 1)
        .getByRole('rowheader'),
    ).toHaveText(name)
    await expect(cells).toHaveText(
      [tulu.scores.SFT[i], tulu.scores.DPO[i], tulu.scores.RLVR[i]].map((v) => v?.toFixed(1) ?? ''),
    )
  }
  await expect(page.getByText('Average of 12 accuracies 60.4 → 64.8; worst: Safety −7.6')).toBeVisible()
  await expect(page.getByRole('paragraph').filter({ hasText: 'Llama 3.1 8B: missing baseline' })).toBeVisible()
  await expect(
    page.getByRole('paragraph').filter({ hasText: 'n: not published, so the scores have no interval' }),
  ).toBeVisible()
  await accessible(page)

  const code = page.locator('pre')
  const rows = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .join('\n')
  expect(rows((await code.textContent()) ?? '')).toBe(rows(fixture('tulu-3-8b.md')))
  await pickForm(page, 'CSV')
  await expect(code).toHaveText(fixture('tulu-3-8b.csv').replaceAll('\r\n', '\n'), { useInnerText: false })
  await pickForm(page, 'LaTeX')
  await expect(code).toContainText('average (12) & 60.4 & 64.4 & 64.8')
  await pickForm(page, 'TSV')
  await expect(code).toContainText('average (12)\t60.4\t64.4\t64.8', { useInnerText: false })
  await pickForm(page, 'API request, Python')
  await expect(code.first()).toContainText(`/api/v1/projects/${project}/publish?table=benchmarks&lost=false`)
  await pickForm(page, 'LaTeX')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as' }).click()
  expect((await saved).suggestedFilename()).toBe(`${project}-rlvr.tex`)

  // A key that only sends reads no evaluation.
  const answer = await openDoor(adminKey()).send<{ table: { rows: { text: string }[][] } }>(
    'GET',
    `/projects/${project}/publish?lost=false`,
  )
  expect(answer.table.rows.slice(0, 12).map((row) => row.map(({ text }) => text))).toEqual(
    tulu.benchmarks.map((name, i) => [
      name,
      ...[tulu.scores.SFT, tulu.scores.DPO, tulu.scores.RLVR].map((c) => c[i]?.toFixed(1)),
    ]),
  )
})

test('the address holds the choice: turned it ends in what was lost; the card names the base', async ({
  page,
  door,
}) => {
  const project = await seedTulu(door, `tulu-turned-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/publish`)
  await page.getByRole('checkbox', { name: 'Turned' }).check()
  await expect(page).toHaveURL(/turned=true/)
  const last = page.getByRole('table', { name: 'RLVR: benchmarks by stage' }).getByRole('row').last()
  await expect(last.getByRole('rowheader')).toHaveText('lost at RLVR against the best ancestor')
  await expect(last.getByRole('cell').last()).toHaveText('Safety 7.6')
  await expect(
    page.getByRole('paragraph').filter({ hasText: 'mean signed 0.70, mean of losses only 1.32, 7 of 12 lost' }),
  ).toBeVisible()
  await pickForm(page, 'Model card')
  await expect(page.locator('pre')).toContainText('base_model: allenai/Llama-3.1-Tulu-3-8B-DPO')
})

test('a pasted table is compared with the one here', async ({ page, door }) => {
  const project = await seedTulu(door, `tulu-paste-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/publish?lost=false`)
  const paste = page.getByRole('textbox', { name: 'Published table as Markdown' })
  const said = page.getByRole('status')
  await paste.fill(fixture('tulu-3-8b.md'))
  await expect(said.filter({ hasText: 'All 42 cells say the same as here.' })).toBeVisible()
  await paste.fill(fixture('tulu-3-8b.md').replace('68.7', '68.9'))
  await expect(said.filter({ hasText: 'MMLU, DPO: pasted 68.9, here 68.7' })).toBeVisible()
  await paste.fill('no table')
  await expect(said.filter({ hasText: 'There is no table in this text' })).toBeVisible()
})

test('groups of one’s own: what cannot be read is said at the field, what can is in the address', async ({
  page,
  door,
}) => {
  const project = await seedTulu(door, `tulu-groups-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/publish?table=groups`)
  const groups = page.getByRole('textbox', { name: 'Groups' })
  await expect(groups).toHaveValue(/^knowledge: card-mmlu, card-popqa, card-truthfulqa/)
  await groups.fill('facts: card-mmlv')
  await page.getByRole('button', { name: 'Use these groups' }).click()
  await expect(page.getByText('did you mean "card-mmlu"?')).toBeVisible()
  await groups.fill('facts: card-mmlu, card-popqa')
  await page.getByRole('button', { name: 'Use these groups' }).click()
  await expect(page).toHaveURL(/groups=facts/)
  await expect(page.getByRole('rowheader', { name: 'facts (2 accuracies)' })).toBeVisible()
  await expect(page.getByText(/^In no group: TruthfulQA/)).toBeVisible()
})

test('stages, models and checkpoints lead to where they come from', async ({ page, door }) => {
  const { project } = await seedLineage(door, `publish-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/publish?table=models`)
  await expect(page.getByRole('cell', { name: 'cpt step 39 (base step 39)' })).toBeVisible()
  await page.getByRole('link', { name: 'cpt step 39 (base step 39)' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'cpt, step 39' })).toBeVisible()
  await page.goto(`/${WORKSPACE}/${project}/publish?table=ladder&model=2`)
  await expect(page.getByRole('cell', { name: '163,840' })).toBeVisible()
})

test('on a phone nothing but tables scrolls sideways, and the options are reached by keyboard', async ({
  page,
  door,
}) => {
  const project = await seedTulu(door, `tulu-phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/${WORKSPACE}/${project}/publish`)
  await expect(page.getByRole('rowheader', { name: 'MMLU' })).toBeVisible()
  await fitsWidth(page)
  await page.getByRole('checkbox', { name: 'Change' }).focus()
  await page.keyboard.press('Space')
  await expect(page.getByRole('columnheader', { name: 'change from SFT' })).toBeVisible()
})

test('an empty project says what would fill the table', async ({ page, door }) => {
  const project = `publish-empty-${Date.now()}`
  await door.send('PUT', `/projects/${project}`, {})
  await page.goto(`/${WORKSPACE}/${project}/publish`)
  await expect(page.getByText('This project has no stage yet.')).toBeVisible()
})

test('a frozen table stays as it was when a score is added, and says which cells differ now', async ({
  page,
  door,
  accessible,
}) => {
  const project = `frozen-${Date.now()}`
  const checkpoint = await seedScores(door, project, { base: [59.8, 24.1], mid: [63.7, 67.5] })
  await page.goto(`/${WORKSPACE}/${project}/publish?lost=false`)
  await page.getByRole('button', { name: 'Freeze this table' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('For the release page')
  await page.getByRole('button', { name: 'Freeze', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'For the release page' })).toBeVisible()
  await expect(page.getByText('All cells say the same today.')).toBeVisible()
  await accessible(page)
  const address = page.url()

  await sendScore(door, checkpoint, 'MMLU', 65.1)
  await page.goto(address)
  await expect(page.getByRole('row', { name: /^MMLU/ }).getByRole('cell').last()).toHaveText('63.7')
  await expect(page.getByText('MMLU, mid: frozen 63.7, live 65.1')).toBeVisible()
  await page.getByRole('link', { name: 'Live table' }).click()
  await expect(page.getByRole('row', { name: /^MMLU/ }).getByRole('cell').last()).toHaveText('65.1')
  await expect(page.getByRole('link', { name: 'For the release page' })).toBeVisible()

  await page.goto(address)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('button', { name: 'Delete it' }).click()
  await expect(page.getByText(/^None yet\. A frozen table/)).toBeVisible()
})
