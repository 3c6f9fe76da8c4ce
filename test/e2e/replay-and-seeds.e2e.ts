import { randomUUID } from 'node:crypto'
import type { Door } from './setup/door.ts'
import { fitsWidth } from './setup/fits-width.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'

const NOW = Date.now()

test.beforeEach(async ({ login }) => {
  await login()
})

/** A finished run of an hour on two cores with one checkpoint, measured on corpora in bits per byte. */
async function trained(
  door: Door,
  of: { project: string; experiment: string; scores: Readonly<Record<string, number>>; seed?: number },
): Promise<string> {
  const uid = randomUUID()
  await door.send('PUT', `/projects/${of.project}/runs/${uid}`, {
    experiment: of.experiment,
    environment: { cpu: { count: 2, model: 'test cpu' } },
    ...(of.seed !== undefined && { seed: of.seed }),
  })
  await door.send('POST', `/runs/${uid}/attempts`, { started_at: new Date(NOW - 7_200_000).toISOString() })
  const { id } = await door.send<{ id: string }>('POST', `/runs/${uid}/checkpoints`, {
    attempt: 1,
    step: 99,
    tokens: 1_000,
    location: `file:///elsewhere/${uid}`,
  })
  for (const [slug, score] of Object.entries(of.scores))
    await door.send('POST', `/checkpoints/${id}/evaluations`, {
      benchmark: { slug, name: `${slug} bpb`, category: 'text', kind: 'loss', higher_is_better: false, unit: 'bpb' },
      metric: 'bits_per_byte',
      protocol: { task: slug, dataset: slug, harness: 'e2e' },
      score,
      n: 1_000,
    })
  await door.send('POST', `/runs/${uid}/finish`, {
    attempt: 1,
    reason: 'finished',
    ended_at: new Date(NOW - 3_600_000).toISOString(),
    streams: [],
  })
  return id
}

/** base, and from it one continued stage a share of replay. */
async function seedReplay(door: Door, project: string, shares: readonly number[]): Promise<void> {
  await door.send('PUT', `/projects/${project}`, { name: 'Replay' })
  const stage = (slug: string, input: object) =>
    door.send('PUT', `/projects/${project}/experiments/${slug}`, { name: slug, ...input })
  await stage('base', { stage: 'pretrain', root: { kind: 'random_init' } })
  const base = await trained(door, { project, experiment: 'base', scores: { general: 2.2, domain: 3.4 } })
  for (const share of shares) {
    const slug = `cpt-${share * 100}`
    await stage(slug, {
      stage: 'cpt',
      parents: [{ checkpoint: base, kind: 'init' }],
      benchmarks: [
        { benchmark: 'domain', role: 'target' },
        { benchmark: 'general', role: 'retention' },
      ],
      mixture: [
        { source: 'law', role: 'domain', share: 1 - share },
        ...(share > 0 ? [{ source: 'text', role: 'replay', share }] : []),
      ],
    })
    // With a quarter of the old data most of the loss goes away, and the target pays a little.
    const scores = share > 0 ? { general: 2.23, domain: 2.53 } : { general: 2.44, domain: 2.5 }
    await trained(door, { project, experiment: slug, scores })
  }
}

test('replay: what a share kept and what the target paid, drawn and as a table', async ({ page, door, accessible }) => {
  const project = `replay-${NOW}`
  await seedReplay(door, project, [0, 0.25])
  await page.goto(`/${WORKSPACE}/${project}/cost?x=replay&target=domain&kept=general`)
  const table = page.getByRole('table', { name: 'Replay: general bpb kept against domain bpb' })
  const none = table.getByRole('row', { name: /^cpt-0 / })
  const quarter = table.getByRole('row', { name: /^cpt-25 / })
  await expect(none).toContainText('+0.240')
  await expect(quarter).toContainText('+0.030')
  // Of the 0.240 that are lost without replay a quarter of old data takes 0.210 away, for 0.030 of the target.
  await expect(quarter.getByRole('cell').nth(3)).toHaveText('+0.210')
  await expect(quarter.getByRole('cell').nth(5)).toHaveText('+0.030')
  await expect(page.getByRole('button', { name: /^cpt-25: / }).first()).toBeVisible()
  await expect(page.getByText(/A model trained anew on all data would be the other baseline/)).toBeVisible()
  await accessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(table).toBeVisible()
  await fitsWidth(page)
})

test('one share of replay is no trade-off, and the page says what to vary', async ({ page, door }) => {
  const project = `one-share-${NOW}`
  await seedReplay(door, project, [0.25])
  await page.goto(`/${WORKSPACE}/${project}/cost?x=replay&target=domain&kept=general`)
  await expect(page.getByText('Vary the mixture to see a trade-off')).toBeVisible()
  await expect(page.getByText(/differ in their share of replay: .*cpt-25 25 %/)).toBeVisible()
})

test('three training seeds have a mean and a spread beside the item interval, never the best', async ({
  page,
  door,
  accessible,
}) => {
  const project = `seeds-${NOW}`
  await door.send('PUT', `/projects/${project}`, { name: 'Seeds' })
  await door.send('PUT', `/projects/${project}/experiments/tuned`, {
    name: 'tuned',
    stage: 'pretrain',
    root: { kind: 'random_init' },
  })
  for (const [i, general] of [2.4, 2.5].entries())
    await trained(door, { project, experiment: 'tuned', seed: i, scores: { general } })
  await page.goto(`/${WORKSPACE}/${project}/experiments/1`)
  await expect(page.getByRole('heading', { level: 1, name: 'tuned' })).toBeVisible()
  await expect(page.getByText('general bpb').first()).toBeVisible()
  await expect(page.getByRole('table', { name: /^Over \d training seeds$/ })).toHaveCount(0)

  await trained(door, { project, experiment: 'tuned', seed: 2, scores: { general: 2.6 } })
  await page.reload()
  const table = page.getByRole('table', { name: 'Over 3 training seeds' })
  const row = table.getByRole('row', { name: /^general bpb/ })
  await expect(row).toContainText('2.500 ± 0.100')
  await expect(row).toContainText('2.400, 2.500, 2.600')
  await expect(row).toContainText('2.600 (no interval)')
  await expect(page.getByText(/The two are never pooled, and the best of the seeds is never compared/)).toBeVisible()
  await accessible(page)
})
