import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { getStageProbes } from '#src/services/probes/stage-probes.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
let own: string
let checkpoints: Record<string, string>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = (await makeProject(lab)).slug
  own = randomUUID().slice(0, 8)
  checkpoints = {}
})

async function stage(slug: string, parent: string | null, more: Parameters<typeof makeExperiment>[3] = {}) {
  await makeExperiment(lab, project, slug, {
    ...(parent !== null && { parents: [{ checkpoint: checkpoints[parent] as string, kind: 'init' as const }] }),
    ...more,
  })
  const run = await makeRun(lab, project, slug)
  checkpoints[slug] = (await makeCheckpoint(run.ctx, run.uid)).id
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
}

const post = (slug: string, more: Parameters<typeof evaluation>[0]) =>
  postEvaluation(lab.key('ingest'), { ...evaluation(more), checkpoint: checkpoints[slug] as string })
const bench = (slug: string, more: object = {}) => ({ ...accuracy, slug: `${slug}-${own}`, ...more })
const probes = (experiment: string, ctx = lab.user('viewer')) =>
  getStageProbes(ctx, { workspace: 'lab', project, experiment })

describe('form and content', () => {
  test('are two numbers with two changes, form first, and never one', async () => {
    await stage('base', null)
    await stage('sft', 'base')
    const format = bench('format', { category: 'format', part: 'form', pair: `facts-${own}` })
    for (const [slug, form, content] of [
      ['base', 0.1, 0.5],
      ['sft', 0.95, 0.48],
    ] as const) {
      await post(slug, { benchmark: bench('facts'), score: content, n: 400 })
      await post(slug, { benchmark: format, score: form, n: 400 })
    }
    const { pairs } = await probes('sft')
    expect(pairs).toHaveLength(1)
    expect(pairs[0]).toMatchObject({
      kind: 'form_content',
      first: { benchmark: { slug: `format-${own}` }, after: { score: 0.95, n: 400 }, before: { score: 0.1 } },
      second: { benchmark: { slug: `facts-${own}` }, after: { score: 0.48 }, before: { score: 0.5 } },
    })
    expect(pairs[0]?.first.change?.value).toBeCloseTo(0.85)
    expect(pairs[0]?.second.change?.value).toBeCloseTo(-0.02)
  })

  test('the side that was not measured is named, not left out', async () => {
    await stage('base', null)
    await post('base', { benchmark: bench('answer', { part: 'answer', pair: `steps-${own}` }), score: 0.5, n: 50 })
    expect((await probes('base')).pairs).toMatchObject([
      {
        kind: 'process_answer',
        first: { benchmark: { slug: `steps-${own}` }, after: null, reason: 'the stage was not measured on it' },
        second: { after: { score: 0.5 }, before: null, reason: 'there is nothing to compare with' },
      },
    ])
  })
})

describe('facets of a domain', () => {
  test('come from benchmarks that say theirs and from the label of one that measures all; missing ones are named', async () => {
    await stage('base', null)
    await post('base', { benchmark: bench('terms', { domain: `law-${own}`, facet: 'terminology' }), score: 0.9, n: 50 })
    const items = ['facts', 'facts', 'reasoning', 'reasoning'].map((facet, i) => ({
      id: `q${i}`,
      score: Number(i < 3),
      tags: { facet },
    }))
    await post('base', { benchmark: bench('exam', { domain: `law-${own}` }), score: 0.75, n: 4, items })
    const { domains } = await probes('base')
    expect(domains.map(({ domain, missing }) => [domain, missing])).toEqual([[`law-${own}`, ['patterns']]])
    expect(domains[0]?.facets.map(({ facet, found }) => [facet, found?.after?.score ?? null, found?.after?.n])).toEqual(
      [
        ['terminology', 0.9, 50],
        ['patterns', null, undefined],
        ['reasoning', 0.5, 2],
        ['facts', 1, 2],
      ],
    )
  })
})

const rounded = (score: number | undefined) => score && Number(score.toFixed(6))

describe('facts that were taught', () => {
  const facts = (right: Record<string, number>) =>
    ['taught', 'paraphrased', 'unrelated'].flatMap((fact) =>
      Array.from({ length: 40 }, (_, i) => ({
        id: `${fact} ${i}`,
        score: Number(i < (right[fact] ?? 0)),
        tags: { fact },
      })),
    )
  const measured = (slug: string, right: Record<string, number>) => {
    const items = facts(right)
    const score = items.filter((item) => item.score === 1).length / items.length
    return post(slug, { benchmark: bench('recall'), items, n: items.length, score })
  }
  beforeEach(async () => {
    await stage('base', null)
    await stage('cpt', 'base', { stage: 'continued_pretrain' })
    await measured('base', { taught: 4, paraphrased: 4, unrelated: 10 })
  })

  test('three scores with intervals stand against where the stage started, and together they are read', async () => {
    await measured('cpt', { taught: 38, paraphrased: 6, unrelated: 9 })
    const [recall] = (await probes('cpt')).recall
    expect(
      recall?.kinds.map(({ kind, found }) => [
        kind,
        rounded(found?.after?.score),
        rounded(found?.before?.score),
        found?.after?.n,
      ]),
    ).toEqual([
      ['taught', 0.95, 0.1, 40],
      ['paraphrased', 0.15, 0.1, 40],
      ['unrelated', 0.225, 0.25, 40],
    ])
    expect(recall?.kinds.every(({ found }) => found?.after?.low != null && found.change?.low != null)).toBe(true)
    expect(recall).toMatchObject({ missing: [], reading: 'recited' })
  })

  test('paraphrased facts that rise as well were learned', async () => {
    await measured('cpt', { taught: 38, paraphrased: 30, unrelated: 9 })
    expect((await probes('cpt')).recall[0]?.reading).toBe('learned')
  })

  test('of more items than are read at once it is said that their labels were not', async () => {
    await measured('cpt', { taught: 38, paraphrased: 6, unrelated: 9 })
    expect((await probes('cpt')).unread).toEqual([])
    await lab.database.sql`
      update evaluations e set n_items = 200000 from checkpoints c
      where c.id = e.checkpoint_id and c.uid = ${checkpoints.cpt as string}`
    const { recall, unread } = await probes('cpt')
    expect(recall).toEqual([])
    expect(unread).toEqual([{ view: 'recall', items: 200_120, most: 200_000 }])
  })

  test('without one of the three nothing is read, and it is named', async () => {
    const items = facts({ taught: 38, paraphrased: 30 }).filter((item) => item.tags.fact !== 'unrelated')
    await post('cpt', { benchmark: bench('recall'), items, n: items.length, score: 68 / 80 })
    expect((await probes('cpt')).recall[0]).toMatchObject({ missing: ['unrelated'], reading: 'cannot tell' })
  })
})

describe('of a parent that follows instructions', () => {
  const ifeval = () => bench('ifeval', { category: 'instruction' })
  test('its benchmark of that is kept by default, also where the parent itself lacks it', async () => {
    await stage('base', null)
    await stage('sft', 'base')
    await stage('dpo', 'sft', { stage: 'dpo' })
    await stage('task', 'dpo', { stage: 'task' })
    await post('sft', { benchmark: ifeval(), score: 0.8, n: 100 })
    const verdict = await getStageVerdict(lab.user('viewer'), { workspace: 'lab', project, experiment: 'task' })
    expect(verdict.parent.cells).toMatchObject([
      { benchmark: { slug: `ifeval-${own}` }, role: 'retention', delta: null },
    ])
    expect(verdict.missing.map((cell) => [cell.benchmark.slug, cell.is_baseline])).toEqual([[`ifeval-${own}`, false]])
    expect((await probes('task')).instruct).toMatchObject({
      tuned: { slug: 'dpo' },
      benchmarks: [{ slug: `ifeval-${own}`, measured: false }],
      suggestion: null,
    })
    const { cards } = await getLineage(lab.user('viewer'), { workspace: 'lab', project })
    expect(cards.find((card) => card.slug === 'task')?.budget).toBe(verdict.parent.budget.verdict)
  })

  test('a stage that was told another role for it keeps that role', async () => {
    await stage('base', null)
    await stage('sft', 'base')
    await post('sft', { benchmark: ifeval(), score: 0.8, n: 100 })
    await stage('task', 'sft', { stage: 'task', benchmarks: [{ benchmark: `ifeval-${own}`, role: 'target' }] })
    const verdict = await getStageVerdict(lab.user('viewer'), { workspace: 'lab', project, experiment: 'task' })
    expect(verdict.parent.cells.map((cell) => cell.role)).toEqual(['target'])
  })

  test('where no such benchmark is known, the usual one is suggested with the template of the chat', async () => {
    await stage('base', null)
    await stage('sft', 'base', { chat_template: '<user>{q}</user>' })
    await stage('task', 'sft', { stage: 'task' })
    const { instruct } = await probes('task')
    expect(instruct?.chat_template).toMatchObject({ template: '<user>{q}</user>', from: { slug: 'sft' }, by: 'stage' })
    expect(instruct?.suggestion?.slug).toBe('ifeval')
    expect(instruct?.suggestion?.command).toContain('"chat_template": "<user>{q}</user>"')
    expect(instruct?.suggestion?.command).toContain(checkpoints.task as string)
  })

  test('the template is else the one by which the tuned stage was measured; from a base nothing is inherited', async () => {
    await stage('base', null)
    await stage('sft', 'base')
    await post('sft', { benchmark: ifeval(), score: 0.8, protocol: { task: 'ifeval', chat_template: 'chatml' } })
    await stage('task', 'sft', { stage: 'task' })
    expect((await probes('task')).instruct?.chat_template).toMatchObject({ template: 'chatml', by: 'protocol' })
    expect((await probes('sft')).instruct).toBeNull()
  })
})

test('a stage without any of it answers with empty views, and strangers get none', async () => {
  await stage('base', null)
  expect(await probes('base')).toMatchObject({ baseline: null, pairs: [], domains: [], recall: [], instruct: null })
  await expectRefusal(probes('base', lab.stranger()), 'not_found')
})
