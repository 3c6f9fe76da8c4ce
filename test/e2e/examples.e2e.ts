import { expect, test, WORKSPACE } from './setup/fixtures.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

test('an example lineage loads from the list of projects and opens', async ({ page, accessible, door }) => {
  await door.send('PUT', '/projects/there-is-one', {})
  await page.goto(`/${WORKSPACE}`)
  await page.getByRole('button', { name: 'Load an example' }).click()
  const dialog = page.getByRole('dialog', { name: 'Load an example lineage' })
  await expect(dialog.getByText('5 stages, 48 published scores')).toBeVisible()
  await expect(dialog.getByText('4 stages, planned, nothing measured')).toBeVisible()
  await accessible(page)
  await dialog.getByRole('button', { name: 'Load Tülu 3 8B' }).click()
  await page.waitForURL(`**/${WORKSPACE}/tulu-3-8b`)
  for (const name of ['Llama 3.1 8B', 'SFT', 'DPO', 'RLVR', 'Tülu 3.1'])
    await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
  await expect(page.getByText(/^Example\. Figures as published in the model cards/)).toBeVisible()
  await expect(page.getByText('not reported')).toBeVisible()
  await accessible(page)
})

test('planned stages of the legal assistant say the ranges of the article', async ({ page }) => {
  await page.goto(`/${WORKSPACE}`)
  await page.getByRole('button', { name: 'Load an example' }).click()
  await page.getByRole('button', { name: 'Load Legal assistant' }).click()
  await page.waitForURL(`**/${WORKSPACE}/legal-assistant`)
  await expect(page.getByText('Case law and statutes', { exact: true }).first()).toBeVisible()
  await page.goto(`/${WORKSPACE}/legal-assistant/experiments/2`)
  await expect(page.getByText(/GPUs 8–64 · time days to weeks · cost \$100s–\$10,000s/).first()).toBeVisible()
})
