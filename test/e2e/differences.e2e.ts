import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { seedForgetting } from './setup/seed-forgetting.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

let projects = 0
const name = (kind: string) => `${kind}-${Date.now()}-${++projects}`

const SAFETY = { category: 'safety', kind: 'accuracy', higher_is_better: true, chance: 0 } as const

/** A score without items. */
const score = (door: Door, checkpoint: string | undefined, benchmark: object, value: number, more: object = {}) =>
  door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
    benchmark,
    metric: 'accuracy',
    protocol: { task: (benchmark as { slug: string }).slug },
    score: value,
    n: 400,
    ...more,
  })

/** A stage with one checkpoint; its id. */
async function stageOf(door: Door, project: string, slug: string, more: object): Promise<string> {
  await door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...more })
  const uid = crypto.randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: slug, name: slug })
  await door.send('POST', `/runs/${uid}/attempts`, {})
  const { id } = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
    attempt: 1,
    step: 9,
    files: [{ name: 'model.pt', sha256: 'b'.repeat(64), size: 1 }],
    location: `file:///elsewhere/${slug}`,
  })
  await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  return id
}

test('a forest plot tells which differences are real, is walked by arrows, and opens the cell behind a row', async ({
  page,
  door,
  accessible,
}) => {
  const { project, checkpoints } = await seedForgetting(door, name('forest'))
  await page.goto(`/${WORKSPACE}/${project}/evaluations?cell=${checkpoints['task-full']}~~format`)
  await page.getByRole('link', { name: 'All benchmarks of task-full' }).click()
  await expect(page).toHaveURL(/\/evaluations\/differences\?checkpoint=/)
  await expect(page.getByText('2 benchmarks of task-full against its parent: 1 lost, 1 no interval')).toBeVisible()
  const row = page.getByRole('button', { name: /Instruction format against sft, −85\.4 points/ })
  await expect(row).toHaveAttribute('aria-label', /41 lost, 0 gained of 48/)
  await expect(page.getByText(/Benjamini–Hochberg over 1 of what should be kept/)).toBeVisible()
  await accessible(page)

  await row.focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('button', { name: /General bpb against sft, \+1\.551/ })).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'The open cell' })).toContainText('sft → task-full')
  await page.keyboard.press('Escape')
  await expect(row).toBeFocused()
})

test('the reference, the correction and the margin stand in the address; what cannot be compared is named', async ({
  page,
  door,
}) => {
  const { project, checkpoints } = await seedForgetting(door, name('forest-address'))
  await page.goto(`/${WORKSPACE}/${project}/evaluations/differences?checkpoint=${checkpoints['task-replay']}`)
  const apart = page.getByRole('region', { name: 'Without a difference' })
  await expect(apart).toContainText('General bpb another protocol: harness version differs')
  await expect(apart).toContainText('harness version 1 → 2')
  await page.getByRole('radiogroup', { name: 'Baseline' }).getByText('root').click()
  await expect(page.getByRole('button', { name: /Instruction format against base, \+83\.3 points/ })).toBeVisible()
  await page.getByRole('combobox', { name: 'Correction', exact: true }).click()
  await page.getByRole('option', { name: 'Holm' }).click()
  await page.getByRole('combobox', { name: 'Margin' }).click()
  await page.getByRole('option', { name: 'Margin 2 points' }).click()
  await expect(page).toHaveURL(/baseline=root/)
  await expect(page).toHaveURL(/correction=holm/)
  await expect(page).toHaveURL(/margin=2/)
  await expect(page.getByText(/Holm over 1 of what should be kept/)).toBeVisible()
  await expect(page.getByText(/2 points for rates/)).toBeVisible()
})

test('the triangle shows every model on the target of every stage, each measure with its denominator', async ({
  page,
  door,
  accessible,
}) => {
  const project = name('triangle')
  await door.send('PUT', `/projects/${project}`, { name: 'Triangle' })
  const exam = (slug: string, title: string) =>
    ({ slug, name: title, category: 'task', kind: 'accuracy', higher_is_better: true, chance: 0 }) as const
  const [law, code] = [exam('triangle-law', 'Law exam'), exam('triangle-code', 'Code exam')]
  const first = await stageOf(door, project, 'law', {
    stage: 'pretrain',
    root: { kind: 'random_init' },
    benchmarks: [{ benchmark: law.slug, role: 'target' }],
  })
  const second = await stageOf(door, project, 'code', {
    stage: 'task',
    parents: [{ checkpoint: first, kind: 'init' }],
    benchmarks: [{ benchmark: code.slug, role: 'target' }],
  })
  await score(door, first, law, 0.7)
  await score(door, first, code, 0.2)
  await score(door, second, law, 0.6)
  await score(door, second, code, 0.7)
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=2`)
  await page.getByRole('radiogroup', { name: 'View' }).getByText('Triangle').click()
  await expect(page).toHaveURL(/view=triangle/)
  await expect(page.getByText('2 stages with a target: ACC 65.0, BWT −10.0 (÷ 1), F 10.0 (÷ 1) points')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Code exam after law: 20.0 points, before training' })).toBeVisible()
  await accessible(page)
  await page.getByRole('radiogroup', { name: 'Denominator of BWT and F' }).getByText('÷ T', { exact: true }).click()
  await expect(page.getByText(/BWT −5\.0 \(÷ 2\)/).first()).toBeVisible()
  await page.getByRole('switch', { name: 'Before training' }).uncheck()
  await expect(page.getByRole('link', { name: /Code exam after law/ })).toHaveCount(0)
  await page.getByRole('link', { name: /Law exam after code/ }).click()
  await expect(page.getByRole('complementary', { name: 'The open cell' })).toContainText('law → code')
})

test('safety stands apart from ability, and its over-refusal twin beside it', async ({ page, door }) => {
  const { project, checkpoints } = await seedForgetting(door, name('safety'))
  const refuses = { ...SAFETY, category: 'chat', slug: 'e2e-refuses', name: 'Refuses too much' }
  const harm = { ...SAFETY, slug: 'e2e-harm', name: 'Harm', twin: 'e2e-refuses' }
  for (const [stage, safe, useful] of [
    ['base', 0.5, 0.9],
    ['sft', 0.9, 0.5],
  ] as const) {
    await score(door, checkpoints[stage], refuses, useful)
    await score(door, checkpoints[stage], harm, safe)
  }
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=2`)
  const rows = page.getByRole('grid').getByRole('rowheader')
  await expect(rows.filter({ hasText: 'Refuses too much' })).toBeVisible()
  const names = (await rows.allTextContents()).map((text) => text.trim())
  const at = names.findIndex((text) => text.startsWith('Harm'))
  expect(names[at + 1]).toMatch(/^Refuses too much.*twin/)
  const table = page.getByRole('table', { name: 'Ability and safety, apart' })
  await expect(table.getByRole('columnheader', { name: 'Refuses too much (twin)' })).toBeVisible()
  const sft = table.getByRole('row', { name: /^sft/ })
  await expect(sft).toContainText('+40.0')
  await expect(sft).toContainText('Harm +40.0')
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await expect(page.getByRole('rowgroup').filter({ hasText: 'apart from ability' })).toContainText('Refuses too much')
})

test('a result that was superseded stays readable in its cell, and trials stand by their seeds', async ({
  page,
  door,
}) => {
  const { project, checkpoints } = await seedForgetting(door, name('history'))
  const quiz = {
    slug: 'history-quiz',
    name: 'History quiz',
    category: 'task',
    kind: 'accuracy',
    higher_is_better: true,
  }
  await score(door, checkpoints.sft, quiz, 0.4, { seed: 1, measured_at: '2026-01-01T00:00:00Z' })
  await score(door, checkpoints.sft, quiz, 0.5, { seed: 1, measured_at: '2026-01-02T00:00:00Z' })
  await score(door, checkpoints.sft, quiz, 0.6, { seed: 2, measured_at: '2026-01-03T00:00:00Z' })
  await page.goto(`/${WORKSPACE}/${project}/evaluations?cell=${checkpoints.sft}~~history-quiz`)
  const panel = page.getByRole('complementary', { name: 'The open cell' })
  await panel.getByText('Results and trials').click()
  const results = panel.getByRole('table', { name: 'Results and trials, newest first' })
  await expect(results.getByRole('row')).toHaveCount(4)
  await expect(results.getByRole('row', { name: /2026-01-01 00:00 superseded/ })).toContainText('0.400')
  await expect(panel).toContainText('2 trials stand, one a seed')
})

test('a merge is told against its best input on its page', async ({ page, door }) => {
  const { project, checkpoints } = await seedForgetting(door, name('merge'))
  const id = await stageOf(door, project, 'soup', {
    stage: 'merge',
    parents: ['task-full', 'task-replay'].map((slug) => ({
      checkpoint: checkpoints[slug],
      kind: 'merge',
      weight: 0.5,
    })),
  })
  const quiz = {
    slug: 'soup-quiz',
    name: 'Soup quiz',
    category: 'task',
    kind: 'accuracy',
    higher_is_better: true,
    chance: 0,
  }
  await score(door, checkpoints['task-full'], quiz, 0.7)
  await score(door, checkpoints['task-replay'], quiz, 0.771)
  await score(door, id, quiz, 0.779)
  await page.goto(`/${WORKSPACE}/${project}/experiments/6`)
  const inputs = page.getByRole('region', { name: 'Against its inputs', exact: true })
  await expect(inputs).toContainText('better than its best input on 1 of 1, certainly on 0')
  await expect(inputs.getByRole('row', { name: /Soup quiz/ })).toContainText('task-replay')
  await expect(inputs.getByRole('row', { name: /Soup quiz/ })).toContainText('+0.8 points')
})
