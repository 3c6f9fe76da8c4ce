import { randomUUID } from 'node:crypto'
import type { Door } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

test.beforeEach(async ({ login }) => {
  await login()
})

interface Seeded {
  project: string
  /** Slugs of benchmarks by what they measure. */
  slugs: Record<'form' | 'content' | 'exam' | 'recall' | 'ifeval', string>
}

const right = (n: number, of: number, tags: (i: number) => Record<string, string> | undefined = () => undefined) =>
  Array.from({ length: of }, (_, i) => ({ id: `q-${i}`, score: i < n ? 1 : 0, ...(tags(i) && { tags: tags(i) }) }))
const facts = (counts: Record<string, number>) =>
  ['taught', 'paraphrased', 'unrelated'].flatMap((fact) =>
    Array.from({ length: 40 }, (_, i) => ({
      id: `${fact}-${i}`,
      score: i < (counts[fact] ?? 0) ? 1 : 0,
      tags: { fact },
    })),
  )

/** A base, its instruction stage, and a task stage that trained an adapter: measured in form and content, facets, and taught facts. */
async function seed(door: Door): Promise<Seeded> {
  const id = randomUUID().slice(0, 8)
  const project = `probes-${id}`
  const of = (slug: string, more: object) => ({
    ...{ slug: `${slug}-${id}`, name: `${slug[0]?.toUpperCase()}${slug.slice(1)} ${id}`, kind: 'accuracy' },
    ...{ higher_is_better: true, ...more },
  })
  const form = of('form', { category: 'format', part: 'form', pair: `content-${id}` })
  const content = of('content', { category: 'knowledge', valid_until: '2020-01-01' })
  const exam = of('exam', { category: 'domain', domain: `law ${id}` })
  const recall = of('recall', { category: 'knowledge' })
  const ifeval = of('ifeval', { category: 'instruction' })
  await door.send('PUT', `/projects/${project}`, {})
  const post = (checkpoint: string, benchmark: object, items: { score: number }[]) =>
    door.send('POST', `/checkpoints/${checkpoint}/evaluations`, {
      ...{ benchmark, metric: 'acc', protocol: { task: 'probe', harness: 'e2e' }, items, n: items.length },
      score: items.reduce((sum, item) => sum + item.score, 0) / items.length,
    })
  const facets = ['terminology', 'patterns', 'facts']
  const measure = async (checkpoint: string, n: { form: number; content: number; exam: number; taught: number }) => {
    await post(checkpoint, form, right(n.form, 100))
    await post(checkpoint, content, right(n.content, 100))
    await post(
      checkpoint,
      exam,
      right(n.exam, 60, (i) => ({ facet: facets[i % 3] ?? '' })),
    )
    await post(checkpoint, recall, facts({ taught: n.taught, paraphrased: 5, unrelated: 9 }))
  }
  const base = await stage(door, project, 'base', { stage: 'pretrain', root: { kind: 'random_init' } })
  await measure(base, { form: 10, content: 50, exam: 20, taught: 4 })
  const sft = await stage(door, project, 'sft', {
    ...{ stage: 'sft', parents: [{ checkpoint: base, kind: 'init' }], chat_template: '<user>{q}</user>' },
    benchmarks: [{ benchmark: form.slug, role: 'target' }],
  })
  await measure(sft, { form: 95, content: 48, exam: 36, taught: 38 })
  await post(sft, ifeval, right(80, 100))
  await stage(door, project, 'task', {
    ...{ stage: 'task', method: 'lora', adapter: { kind: 'lora', rank: 8 } },
    parents: [{ checkpoint: sft, kind: 'adapter_on' }],
    mixture: [
      { source: 'task', role: 'target', share: 0.75 },
      { source: 'web', role: 'replay', share: 0.25 },
    ],
  })
  return {
    project,
    slugs: { form: form.slug, content: content.slug, exam: exam.slug, recall: recall.slug, ifeval: ifeval.slug },
  }
}

async function stage(door: Door, project: string, slug: string, input: object): Promise<string> {
  await door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
  const run = randomUUID()
  await door.send('PUT', `/projects/${project}/runs/${run}`, { experiment: slug, config: { weight_decay: 0.1 } })
  await door.send('POST', `/runs/${run}/attempts`, {})
  const made = await door.send<{ id: string }>('POST', `/runs/${run}/checkpoints`, {
    ...{ attempt: 1, step: 9, files: [{ name: 'model.pt', sha256: 'a'.repeat(64), size: 1 }] },
    location: `file:///elsewhere/${slug}`,
  })
  return made.id
}

test('the page of a stage shows form beside content, four facets and what was recalled', async ({
  page,
  door,
  accessible,
}) => {
  const { project } = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  const probes = page.getByRole('region', { name: 'Probes' })
  await expect(probes.getByRole('heading', { name: 'Form and content' })).toBeVisible()
  await expect(probes).toContainText('▲ +0.850')
  await expect(probes).toContainText('▽ −0.020')
  await expect(probes.getByRole('heading', { name: /^Domain law/ })).toContainText('missing: reasoning')
  await expect(probes).toContainText('Recited: only the wording of the training data')
  await expect(probes.getByRole('row', { name: /As taught/ })).toContainText('0.950')
  await expect(probes.getByRole('img', { name: /sft 0\.950.*base 0\.100/ })).toBeVisible()
  await accessible(page)
})

test('what was not logged says how it is logged', async ({ page, door }) => {
  const { project } = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/experiments/3`)
  const probes = page.getByRole('region', { name: 'Probes' })
  await expect(probes).toContainText('Not logged here: form and content')
  await probes.getByText('How to log').click()
  await expect(probes.getByText('"tags": {"fact": "taught"}')).toBeVisible()
})

test('a reversible stage says beside its badge what it kept', async ({ page, door, accessible }) => {
  const { project, slugs } = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/experiments/3`)
  const head = page
    .getByRole('banner')
    .or(page.locator('header'))
    .filter({ hasText: 'reversible: base weights unchanged' })
  await expect(head.last()).toContainText('what it keeps with the adapter was not measured')
  const probes = page.getByRole('region', { name: 'Probes' })
  await expect(probes).toContainText('was tuned to follow instructions')
  await expect(probes.getByRole('link', { name: `Ifeval ${slugs.ifeval.slice(7)}` })).toBeVisible()
  await expect(probes).toContainText('<user>{q}</user>')
  await accessible(page)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await expect(page.getByRole('heading', { level: 1, name: 'sft' })).toBeVisible()
  await expect(page.getByText('reversible: base weights unchanged')).toHaveCount(0)
})

test('the owner of a stage and what was done against forgetting are said on its page', async ({ page, door }) => {
  const { project } = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/experiments/3`)
  const origin = page.getByRole('region', { name: 'What and from what' })
  await expect(origin).toContainText('replay, adapter only, weight decay (from the records)')
  await origin.getByRole('button', { name: 'Edit', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Owner' }).fill('Ada Lovelace')
  await dialog.getByRole('textbox', { name: 'Team' }).fill('Alignment')
  await dialog.getByRole('switch', { name: /Read it from mixture/ }).click()
  await dialog.getByRole('checkbox', { name: 'EWC' }).check()
  await dialog.getByRole('checkbox', { name: 'weight decay' }).uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(origin).toContainText('Ada Lovelace, team Alignment')
  await expect(origin).toContainText('replay, adapter only, EWC (as people said)')
})

test('a gain is labelled in the summary of its stage and where stages are compared', async ({ page, door }) => {
  const { project } = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/experiments/2`)
  await expect(page.getByText(/^Gain, Form/).locator('..')).toContainText('surface')
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=1,2`)
  await expect(page.getByRole('row', { name: /^Form/ })).toContainText('surface')
  await expect(page.getByRole('row', { name: /^Exam/ })).toContainText('knowledge')
  await page.goto(`/${WORKSPACE}/${project}/compare-stages?stages=2,3`)
  await expect(page.getByRole('row', { name: /^Against forgetting/ })).toContainText(
    'replay, adapter only, weight decay',
  )
})

test('both sides of a task stand together in the matrix, in an open cell and on the page of either', async ({
  page,
  door,
  accessible,
}) => {
  const { project, slugs } = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=2`)
  const names = page.getByRole('grid').getByRole('rowheader')
  await expect(names.filter({ hasText: /^Form / })).toContainText('form')
  const order = (await names.allTextContents()).filter((name) => /^(Form|Content) /.test(name))
  expect(order.map((name) => name.slice(0, 4))).toEqual(['Form', 'Cont'])
  await page
    .getByRole('gridcell', { name: /Form .* sft/ })
    .first()
    .click()
  const panel = page.getByRole('complementary', { name: 'The open cell' })
  await expect(panel).toContainText('This is the form; the content is')
  await expect(panel).toContainText('0.500 → 0.480')
  await page.goto(`/${WORKSPACE}/benchmarks/${slugs.content}`)
  const both = page.getByRole('region', { name: 'Form and content' }).getByRole('table')
  await expect(both.getByRole('row', { name: /sft/ })).toContainText('0.950')
  await expect(both.getByRole('row', { name: /sft/ })).toContainText('0.480')
  await accessible(page)
})

test('a benchmark whose answers are out of date says so on its page and in the matrix', async ({ page, door }) => {
  const { project, slugs } = await seed(door)
  await page.goto(`/${WORKSPACE}/benchmarks/${slugs.content}`)
  await expect(page.getByText('Its answers held until 2020-01-01')).toBeVisible()
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=2`)
  await expect(
    page
      .getByRole('grid')
      .getByRole('rowheader')
      .filter({ hasText: /^Content / }),
  ).toContainText('out of date')
  await page.goto(`/${WORKSPACE}/benchmarks/${slugs.content}?edit=true`)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Answers hold until' }).fill('soon')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toContainText('"soon" is no day. Write it as 2026-12-31.')
  await dialog.getByRole('textbox', { name: 'Answers hold until' }).fill('2999-12-31')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Its answers held until 2020-01-01')).toHaveCount(0)
})

test('stages are grouped by what was done against forgetting, on the page of retention', async ({ page, door }) => {
  const { project } = await seed(door)
  await page.goto(`/${WORKSPACE}/${project}/retention?leaf=2`)
  const groups = page.getByRole('region', { name: 'By what was done against forgetting', exact: true })
  await expect(groups.getByRole('row', { name: /^Replay/ })).toBeVisible()
  await expect(groups.getByRole('row', { name: /^sft/ })).toContainText('of 3')
})
