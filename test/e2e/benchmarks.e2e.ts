import { createHash, randomUUID } from 'node:crypto'
import { normalised } from '#src/core/evaluations/text-hashes.ts'
import type { Door } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

const question = (i: number) =>
  `Question ${i}: how many crates do ${i} wagons hold, when each of them holds ${i + 1} of them?`
const items = (right: number, n = 40) =>
  Array.from({ length: n }, (_, i) => ({ id: `q-${i}`, score: i < right ? 1 : 0, prompt: question(i) }))
const PROTOCOL = { task: 'quiz', dataset: 'quiz', split: 'test', shots: 5, harness: 'e2e', harness_version: '1' }

/** A base and its instruction stage, measured by two protocols, one of them twice; three items stand in the training data. */
async function seed(door: Door, project: string) {
  const slug = `quiz-${randomUUID().slice(0, 8)}`
  const dataset = `${slug}-web@v1`
  const benchmark = {
    slug,
    name: `Quiz ${slug.slice(5)}`,
    category: 'knowledge',
    kind: 'accuracy',
    higher_is_better: true,
    chance: 0.25,
  }
  await door.send('PUT', `/projects/${project}`, {})
  const base = await stage(door, project, 'base', { stage: 'pretrain', root: { kind: 'random_init' } })
  const mixture = [{ source: 'web', share: 1, dataset }]
  const sft = await stage(door, project, 'sft', {
    stage: 'sft',
    parents: [{ checkpoint: base, kind: 'init' }],
    mixture,
  })
  const post = (checkpoint: string, more: object) =>
    door.send<{ id: string; fingerprint: string }>('POST', `/checkpoints/${checkpoint}/evaluations`, {
      benchmark,
      metric: 'acc',
      protocol: PROTOCOL,
      ...more,
    })
  await post(base, { score: 0.5, n: 40, items: items(20), measured_at: '2026-01-01T00:00:00Z', source: 'first try' })
  const old = await post(base, { score: 0.55, n: 40, items: items(22), measured_at: '2026-01-02T00:00:00Z' })
  await post(base, {
    score: 0.7,
    n: null,
    n_missing: 'not published',
    variant: 'best prompt',
    measured_at: '2026-01-02T00:00:00Z',
  })
  await post(sft, {
    score: 0.75,
    n: 40,
    items: items(30),
    measured_at: '2026-01-03T00:00:00Z',
    protocol: { ...PROTOCOL, shots: 0 },
  })
  const rows = [3, 7, 12].map((i) => ({
    id: `doc-${i}`,
    hash: createHash('sha256')
      .update(normalised(question(i)))
      .digest('hex'),
  }))
  await door.send('POST', `/projects/${project}/training-rows`, { dataset, rows })
  return { slug, name: benchmark.name, dataset, fingerprint: old.fingerprint }
}

async function stage(door: Door, project: string, slug: string, input: object): Promise<string> {
  await door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
  const run = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${run}`, { experiment: slug })
  await door.send('POST', `/runs/${run}/attempts`, {})
  const files = [{ name: 'model.pt', sha256: 'a'.repeat(64), size: 1 }]
  const location = `file:///elsewhere/${slug}`
  const made = await door.send<{ id: string }>('POST', `/runs/${run}/checkpoints`, {
    attempt: 1,
    step: 9,
    files,
    location,
  })
  return made.id
}

test('the list tells direction, chance and use, and leads to a benchmark', async ({ page, door, accessible }) => {
  const { slug, name } = await seed(door, `bench-list-${Date.now()}`)
  await page.goto(`/${WORKSPACE}`)
  await page.getByRole('link', { name: 'Benchmarks' }).click()
  await page.getByRole('textbox', { name: 'Search benchmarks' }).fill(slug)
  await expect(page).toHaveURL(new RegExp(`q=${slug}`))
  const row = page.getByRole('row', { name: new RegExp(slug) })
  await expect(row).toContainText('accuracy, higher is better')
  await expect(row).toContainText('0.25')
  await expect(row).toContainText('not told')
  await accessible(page)
  await row.getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
})

test('protocols stand side by side, older results stay readable, items of training data are named', async ({
  page,
  door,
  accessible,
}) => {
  const { slug, dataset } = await seed(door, `bench-page-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/benchmarks/${slug}`)
  const protocols = page.getByRole('region', { name: 'Protocols', exact: true }).getByRole('table')
  await expect(protocols.getByRole('row')).toHaveCount(2)
  await expect(protocols.getByRole('row', { name: /Shots/ })).toContainText('0')
  await page.getByRole('checkbox', { name: /all \d+ fields/ }).check()
  await expect(protocols.getByRole('row', { name: /Harness version/ })).toBeVisible()
  await expect(page.getByText('3 items are also in training data')).toBeVisible()
  const overlaps = page.getByRole('region', { name: 'Items that are also in training data' })
  for (const item of ['q-3', 'q-7', 'q-12'])
    await expect(overlaps.getByRole('row', { name: item })).toContainText(dataset)
  const measured = page.getByRole('region', { name: 'Measured checkpoints' }).last()
  await expect(measured.getByRole('row', { name: /sft/ })).toContainText('3 items')
  await expect(measured.getByRole('row', { name: /best prompt/ })).toContainText('not published')
  await accessible(page)
  await page.getByRole('button', { name: '1 older of base' }).click()
  const history = page.getByRole('dialog')
  await expect(history.getByRole('row', { name: /0.550/ })).toContainText('stands')
  await expect(history.getByRole('row', { name: /0.500/ })).toContainText('first try')
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(history).toHaveCount(0)
})

test('an edit is kept, a wrong one is refused at its field, and what numbers mean stays', async ({
  page,
  door,
  accessible,
  noise,
}) => {
  noise.allow(/400/)
  const { slug } = await seed(door, `bench-edit-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/benchmarks/${slug}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await expect(dialog.getByRole('combobox', { name: 'Direction' })).toHaveAttribute('readonly', '')
  await dialog.getByLabel('Chance').fill('a quarter')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('"a quarter" is no number')).toBeVisible()
  await dialog.getByLabel('Chance').fill('25')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('chance is 25; of accuracy it is a share between 0 and 1')).toBeVisible()
  await accessible(page)
  await dialog.getByLabel('Chance').fill('0.2')
  await dialog.getByLabel('Margin').fill('0.01')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  const edits = page.getByRole('region', { name: 'Edits', exact: true }).last()
  await expect(edits.getByRole('row', { name: /Chance/ })).toContainText('0.25')
  await expect(edits.getByRole('row', { name: /Margin/ })).toContainText('nothing')
})

test('a person chooses the default protocol, and names it on its page', async ({ page, door, accessible }) => {
  const { slug, name } = await seed(door, `bench-default-${Date.now()}`)
  await page.goto(`/${WORKSPACE}/benchmarks/${slug}`)
  await expect(page.getByText('that of the newest evaluation')).toBeVisible()
  await page.getByRole('button', { name: 'Make it the default' }).click()
  await expect(page.getByText('chosen by a person')).toBeVisible()
  await page
    .getByRole('definition')
    .getByRole('link', { name: /^Protocol/ })
    .click()
  // The page of the benchmark has an Edit, too.
  await page.waitForURL(/\/protocols\//)
  await expect(page.getByText('5', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Five shots')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Five shots' })).toBeVisible()
  await accessible(page)
  await page.getByRole('link', { name }).click()
  await expect(page.getByRole('columnheader', { name: /Five shots/ })).toContainText('default')
})

test('on a phone only tables scroll sideways', async ({ page, door }) => {
  const { slug } = await seed(door, `bench-phone-${Date.now()}`)
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['/benchmarks', `/benchmarks/${slug}`]) {
    await page.goto(`/${WORKSPACE}${path}`)
    await expect(page.getByRole('table').first()).toBeVisible()
    await fitsWidth(page)
  }
})
