import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedVerdict } from './setup/seed-verdict.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

test('files of scores are read, looked at by column, benchmark and line, and then written in one go', async ({
  page,
  door,
  accessible,
}) => {
  const slug = `trivia-${Date.now()}`
  const { project } = await seedVerdict(door, `add-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations`)
  await page.getByRole('link', { name: 'Add results' }).click()
  await expect(page.getByText('A table needs the columns')).toBeVisible()
  await accessible(page)

  const rows = [
    'checkpoint,benchmark,metric,score,n,shots,category,colour',
    `base,${slug},acc,0.61,100,5,knowledge,red`,
    `,${slug},acc,0.64,100,5,knowledge,red`,
    `sft,${slug},acc,"0,7",100,5,knowledge,red`,
    `sfd,${slug},acc,0.7,100,5,knowledge,red`,
  ]
  await page.getByLabel('Files of scores').setInputFiles(file('scores.csv', `${rows.join('\n')}\n`))
  await expect(page.getByText('3 scores of 1 benchmark in 1 file: 1 new, 2 left out.')).toBeVisible()
  const faults = page.getByRole('table', { name: 'What was not understood' })
  await expect(faults.getByRole('row', { name: /line 4/ })).toContainText('decimal comma; write a point')
  await expect(faults.getByRole('row', { name: /line 3/ })).toContainText('names no checkpoint')
  await expect(faults.getByRole('row', { name: /line 5/ })).toContainText('Nearest: sft')
  await expect(page.getByRole('table', { name: 'What was understood per file' })).toContainText('colour ignored')
  const benchmark = page
    .getByRole('table', { name: 'What was understood per benchmark' })
    .getByRole('row', { name: slug })
  await expect(benchmark).toContainText('new here')
  await expect(benchmark).toContainText('knowledge, higher is better')
  await accessible(page)

  await page.getByLabel('Checkpoint where the files name none').fill('sft')
  await page.keyboard.press('Enter')
  await expect(page.getByText('3 scores of 1 benchmark in 1 file: 2 new, 1 left out.')).toBeVisible()
  // What was looked at is what is written, and nothing else.
  await page.getByLabel('Checkpoint where the files name none').fill('base')
  const other = page.getByRole('button', { name: 'Write 2 scores' })
  await expect(other).toHaveAttribute('aria-disabled', 'true')
  await expect(other).toHaveAccessibleDescription(/read again first/)
  await page.getByLabel('Checkpoint where the files name none').fill('sft')
  await page.getByRole('button', { name: 'Write 2 scores' }).click()
  await expect(page.getByRole('status').filter({ hasText: '2 scores written.' })).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await fitsWidth(page)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('link', { name: 'See them among the evaluations' }).click()
  await expect(page.getByText(slug).first()).toBeVisible()

  await page.goto(`/${WORKSPACE}/${project}/evaluations/add`)
  await page.getByLabel('Files of scores').setInputFiles(file('scores.csv', `${rows.slice(0, 2).join('\n')}\n`))
  await expect(page.getByText('1 score of 1 benchmark in 1 file: 0 new, 1 there already.')).toBeVisible()
  const button = page.getByRole('button', { name: /^Write 0 scores/ })
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await expect(button).toHaveAccessibleDescription(/All of these scores are there already/)
})

test('a file that is none says why, and nothing is written', async ({ page, door }) => {
  const { project } = await seedVerdict(door, `none-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/${project}/evaluations/add`)
  await page.getByLabel('Files of scores').setInputFiles(file('notes.csv', 'name,value\na,1\n'))
  await expect(page.getByText('No score was understood in 1 file.')).toBeVisible()
  await expect(page.getByRole('table', { name: 'What was not understood' })).toContainText(
    'has no column benchmark and no column score (it has name, value)',
  )
})
