import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { csvTable } from '#src/core/publish/csv.ts'
import { latexText } from '#src/core/publish/latex.ts'
import { markdownTable, parseMarkdownTable } from '#src/core/publish/markdown.ts'
import type { BenchmarkInput, EvaluationInput } from '#src/protocol/evaluations.ts'
import { PublishQuery } from '#src/protocol/publish.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { loadExample } from '#src/services/examples/load.ts'
import { getModelCard } from '#src/services/publish/get-card.ts'
import { getPublishedTable } from '#src/services/publish/get-table.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'
import tulu from '#test/fixtures/publish/tulu-3-8b.json' with { type: 'json' }

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

const viewer = () => lab.user('viewer')
const table = (project: string, more: Partial<PublishQuery> = {}, ctx = viewer()) =>
  getPublishedTable(ctx, { ...PublishQuery.parse({}), ...more, workspace: 'lab', project })
const texts = async (project: string, more: Partial<PublishQuery> = {}) =>
  (await table(project, more)).table.rows.map((row) => row.map((cell) => cell.text))

/** A finished stage with one checkpoint; `scores` by benchmark slug. */
async function stage(
  project: string,
  slug: string,
  more: Parameters<typeof makeExperiment>[3],
  scores: Readonly<Record<string, Partial<EvaluationInput>>> = {},
) {
  await makeExperiment(lab, project, slug, more)
  const run = await makeRun(lab, project, slug)
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  for (const [benchmark, of] of Object.entries(scores))
    await postEvaluation(run.ctx, {
      ...evaluation({ benchmark: bench(benchmark), protocol: { task: benchmark, shots: 0 }, ...of }),
      checkpoint,
    })
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  return { checkpoint, run }
}

const bench = (slug: string): BenchmarkInput => ({
  ...accuracy,
  slug,
  name: slug,
  category: slug.split('-')[0] ?? slug,
})
const slugOf = (name: string) => `tulu-${name.toLowerCase().replace('+', '-plus').replaceAll(' ', '-')}`

/** Tülu 3 8B with its card's figures, on a base that nobody measured. */
async function makeTulu(): Promise<string> {
  const { slug: project } = await makeProject(lab)
  const scoresOf = (column: readonly number[]) =>
    Object.fromEntries(
      tulu.benchmarks.map((name, i) => [
        slugOf(name),
        {
          benchmark: { ...bench(slugOf(name)), name, chance: null },
          score: column[i] ?? 0,
          scale: 100 as const,
          n: null,
          n_missing: 'not published',
        },
      ]),
    )
  const root = { kind: 'external_base' as const, name: 'meta-llama/Llama-3.1-8B', license: 'llama3.1' }
  await stage(project, 'base', { name: 'Llama 3.1 8B', stage: 'external_base', root })
  let parent = 'base'
  for (const [name, kind] of [
    ['SFT', 'sft'],
    ['DPO', 'dpo'],
    ['RLVR', 'rlvr'],
  ] as const) {
    const parents = [{ experiment: parent, kind: 'init' as const }]
    await stage(project, name.toLowerCase(), { name, stage: kind, parents }, scoresOf(tulu.scores[name]))
    parent = name.toLowerCase()
  }
  return project
}

describe('Tülu 3 8B', () => {
  let project: string
  beforeAll(async () => {
    project = await makeTulu()
  })

  test('has the card’s cells, and pasted as Markdown it parses to the same ones', async () => {
    const published = await table(project, { lost: false })
    const rows = published.table.rows.map((row) => row.map(({ text }) => text))
    expect(published.table.columns.map(({ name }) => name)).toEqual(['benchmark', 'SFT', 'DPO', 'RLVR'])
    const { SFT, DPO, RLVR } = tulu.scores
    expect(rows.slice(0, 12)).toEqual(
      tulu.benchmarks.map((name, i) => [name, ...[SFT, DPO, RLVR].map((column) => column[i]?.toFixed(1))]),
    )
    expect(rows.slice(12)).toEqual([
      ['average (12)', ...tulu.average],
      ['worst', '–', 'Safety −5.9', 'Safety −7.6'],
    ])
    expect(parseMarkdownTable(markdownTable(published.table))).toEqual(published.table)
  })

  test('has a last row with what RLVR lost against the best ancestor, when turned', async () => {
    const published = await table(project, { turned: true })
    expect(published.table.columns[0]?.name).toBe('stage')
    expect(published.table.rows.at(-1)?.map(({ text }) => text)).toEqual([
      'lost at RLVR against the best ancestor',
      ...tulu.lost,
      '0.70',
      'Safety 7.6',
    ])
    expect(published.notes.join(' ')).toContain('mean signed 0.70, mean of losses only 1.32, 7 of 12 lost')
  })

  test('says that the base is a missing baseline, and that n was not published', async () => {
    const { notes } = await table(project)
    expect(notes).toContain('Llama 3.1 8B: missing baseline, nothing was measured there.')
    expect(notes).toContain('n: not published, so the scores have no interval.')
    expect((await texts(project, { intervals: true }))[0]?.[1]).toBe('65.9')
  })

  test('its card names the base and holds the same cells', async () => {
    const card = await getModelCard(viewer(), { workspace: 'lab', project, decimals: 1 })
    const [, head = ''] = card.markdown.split('---\n')
    expect(parse(head)).toEqual({
      base_model: 'meta-llama/Llama-3.1-8B',
      base_model_relation: 'finetune',
      license: 'llama3.1',
      tags: ['descent'],
    })
    const results = card.markdown.slice(card.markdown.indexOf('## Results'))
    expect(parseMarkdownTable(results)).toEqual((await table(project)).table)
  })
})

test('the built-in example of Tülu 3 8B prints its card: cells, averages, protocols, and the base of each stage', async () => {
  await loadExample(lab.user('editor'), { workspace: 'lab', example: 'tulu-3-8b' })
  const published = await table('tulu-3-8b', { model: 'rlvr', lost: false })
  const { SFT, DPO, RLVR } = tulu.scores
  const columns = [SFT, DPO, RLVR]
  const card = tulu.benchmarks.map((name) => (name === 'BBH' ? 'BigBenchHard' : name))
  const rows = published.table.rows.map((row) => row.map(({ text }) => text))
  expect(rows).toEqual([
    ...card.map((name, i) => [name, ...columns.map((column) => column[i]?.toFixed(1))]),
    ['average (12)', ...tulu.average],
    ['worst', '–', 'Safety −5.9', 'Safety −7.6'],
  ])
  expect(published.sentence).toBe('Average of 12 accuracies 60.4 → 64.8; worst: Safety −7.6')
  const notes = published.notes.join(' ')
  for (const words of [
    'MMLU: 0 shot, CoT',
    'PopQA: 15 shot',
    'MATH: 4 shot, CoT, accuracy, Flex',
    'n: not published',
    'missing baseline',
  ])
    expect(notes).toContain(words)
  const cardOf = await getModelCard(viewer(), { workspace: 'lab', project: 'tulu-3-8b', model: 'rlvr', decimals: 1 })
  expect(cardOf.front_matter).toContain('base_model: allenai/Llama-3.1-Tulu-3-8B-DPO')
  expect(cardOf.markdown).toContain('not published')
})

test('models by stage: two models share a base, and each cell says from which checkpoint it began', async () => {
  const { slug: project } = await makeProject(lab)
  const base = await stage(project, 'base', {})
  const from = (experiment: string) => ({ parents: [{ experiment, kind: 'init' as const }] })
  await stage(project, 'think', {
    name: 'Think',
    stage: 'sft',
    parents: [{ checkpoint: base.checkpoint, kind: 'init' }],
  })
  await stage(project, 'instruct-sft', { stage: 'sft', ...from('base') })
  await stage(project, 'instruct', { name: 'Instruct', stage: 'dpo', ...from('instruct-sft') })
  const published = await table(project, { table: 'models' })
  expect(published.table.columns.map(({ name }) => name)).toEqual(['stage', 'Think', 'Instruct'])
  expect(published.table.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['Pretrain', 'base step 9 (random weights)', 'base step 9 (random weights)'],
    ['SFT', 'think step 9 (base step 9)', 'instruct-sft step 9 (base step 9)'],
    ['DPO', '', 'instruct step 9 (instruct-sft step 9)'],
  ])
  expect(published.table.rows[0]?.[1]?.href).toBe(published.table.rows[0]?.[2]?.href)
})

test('a soup: three inputs with their weights, tokens of the shared stage once', async () => {
  const { slug: project } = await makeProject(lab)
  await stage(project, 'stage-1', {})
  const parents = [{ experiment: 'stage-1', kind: 'init' as const }]
  for (const n of [1, 2, 3]) await stage(project, `ingredient-${n}`, { stage: 'mid-training', parents })
  await makeExperiment(lab, project, 'soup', {
    stage: 'soup',
    parents: [1, 2, 3].map((n) => ({
      experiment: `ingredient-${n}`,
      kind: 'merge' as const,
      weight: n === 3 ? 0.5 : 0.25,
    })),
  })
  const published = await table(project, { table: 'stages', model: 'soup' })
  const from = published.table.columns.findIndex(({ name }) => name === 'from')
  expect(published.table.rows.map((row) => [row[0]?.text, row[from]?.text])).toEqual([
    ['stage-1', 'random weights'],
    ['ingredient-1', 'stage-1 step 9'],
    ['ingredient-2', 'stage-1 step 9'],
    ['ingredient-3', 'stage-1 step 9'],
    ['soup', '0.25 × ingredient-1 step 9 + 0.25 × ingredient-2 step 9 + 0.5 × ingredient-3 step 9'],
  ])
})

test('trials: three seeds make one cell over the items, paired where items match; a fourth updates it', async () => {
  const { slug: project } = await makeProject(lab)
  const base = await stage(project, 'base', {})
  const tuned = await stage(project, 'tuned', { parents: [{ experiment: 'base', kind: 'init' }] })
  const post = (of: typeof base, right: number, seed: number) =>
    postEvaluation(of.run.ctx, {
      ...evaluation({ benchmark: bench('trial-bench'), score: right / 200, n: 200, seed, items: rightOf(right, 200) }),
      checkpoint: of.checkpoint,
    })
  for (const seed of [1, 2, 3]) {
    await post(base, 100, seed)
    await post(tuned, 118 + seed, seed)
  }
  expect(await texts(project, { table: 'trials' })).toEqual([
    [
      'trial-bench (200 items × 3 trials)',
      '50.0 ± 6.9',
      expect.stringMatching(/^60\.0 ± 6\.8$/),
      expect.stringMatching(/^\+10\.0 ± \d\.\d, paired$/),
    ],
  ])
  await post(tuned, 200, 4)
  expect((await texts(project, { table: 'trials' }))[0]?.[2]).toMatch(/^70\.0 ± /)
})

test('groups of one’s own; a benchmark that is not there is refused, with the nearest name', async () => {
  const { slug: project } = await makeProject(lab)
  await stage(project, 'base', {}, { 'facts-a': { score: 0.5 }, 'facts-b': { score: 0.7 }, 'sums-a': { score: 0.2 } })
  expect((await texts(project, { table: 'groups' })).map((row) => row[0])).toEqual([
    'facts (2 accuracies)',
    'sums (1 accuracy)',
  ])
  expect(await texts(project, { table: 'groups', groups: 'all: facts-a, sums-a' })).toEqual([
    ['all (2 accuracies)', '35.0'],
  ])
  const refusal = await expectRefusal(table(project, { table: 'groups', groups: 'all: facts-c' }), 'invalid_request')
  expect(refusal.message).toBe('No benchmark "facts-c" was measured here; did you mean "facts-a"?')
})

test('the ladder derives tokens where the run counted none', async () => {
  const { slug: project } = await makeProject(lab)
  await makeExperiment(lab, project, 'base', { parallelism: { global_batch: 512, sequence_length: 4608 } })
  const run = await makeRun(lab, project, 'base')
  await makeCheckpoint(run.ctx, run.uid, 40_000)
  await makeCheckpoint(run.ctx, run.uid, 4_720_000)
  const rows = await texts(project, { table: 'ladder' })
  expect(rows.map((row) => row.slice(1, 3))).toEqual([
    ['40,000', '94,371,840,000'],
    ['4,720,000', '11,135,877,120,000'],
  ])
})

test('a name in the ladder leads to where its checkpoint came from', async () => {
  const { slug: project } = await makeProject(lab)
  await stage(project, 'base', {}, { 'facts-a': { score: 0.5 } })
  await makeExperiment(lab, project, 'next')
  const run = await makeRun(lab, project, 'next')
  await makeCheckpoint(run.ctx, run.uid, 100)
  const hrefOf = async (model: string) =>
    (await table(project, { table: 'ladder', model })).table.rows.map((row) => row[3]?.href)
  for (const model of ['base', 'next'])
    expect(await hrefOf(model)).toEqual([expect.stringMatching(/\/lab\/checkpoints\/[0-9a-f-]{36}$/)])
})

test('an empty project says what would fill the table, and has no card', async () => {
  const { slug: project } = await makeProject(lab)
  expect(await table(project)).toMatchObject({ empty: 'This project has no stage yet.', model: null, models: [] })
  await expectRefusal(getModelCard(viewer(), { workspace: 'lab', project, decimals: 1 }), 'not_found')
  await makeExperiment(lab, project, 'base')
  expect((await table(project)).empty).toContain('run.log_eval(')
  expect((await table(project, { table: 'ladder' })).empty).toContain('saved a checkpoint')
})

test('somebody from elsewhere sees nothing, and a model that is not there is named', async () => {
  const { slug: project } = await makeProject(lab)
  await expectRefusal(table(project, {}, lab.stranger()), 'not_found')
  const refusal = await expectRefusal(table(project, { model: 'nobody' }), 'not_found')
  expect(refusal.message).toContain('"nobody"')
})

test('LaTeX and CSV hold as many rows as the screen', async () => {
  const project = await makeTulu()
  const published = await table(project)
  const latex = latexText({ ...published, footRows: published.foot_rows })
  expect(latex.split('\n').filter((line) => line.endsWith(' \\\\'))).toHaveLength(published.table.rows.length + 1)
  expect(csvTable(published.table).split('\r\n')).toHaveLength(published.table.rows.length + 2)
})
