import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { getEvaluationTable } from '#src/services/evaluations/table.ts'
import { listExamples } from '#src/services/examples/list.ts'
import { loadExample } from '#src/services/examples/load.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

/** The table of the model cards: benchmarks across, stages down; one decimal. */
const CARD = `
           MMLU PopQA TruthfulQA BBH  DROP MATH GSM8K HumanEval HumanEval+ IFEval AlpacaEval2 Safety
SFT        65.9 29.3  46.8       67.9 61.3 31.5 76.2  86.2      81.4       72.8   12.4        93.1
DPO        68.7 29.3  56.1       65.8 62.5 42.0 84.3  83.9      78.6       81.1   33.5        87.2
RLVR       68.2 29.1  55.0       66.0 62.6 43.7 87.6  83.9      79.2       82.4   34.5        85.5
Tülu_3.1   69.5 30.2  59.9       68.9 63.9 47.8 90.0  86.3      80.4       83.9   34.9        81.2`
const COLUMNS = [
  'mmlu',
  'popqa',
  'truthfulqa',
  'bbh',
  'drop',
  'math',
  'gsm8k',
  'humaneval',
  'humaneval-plus',
  'ifeval',
  'alpacaeval-2',
  'safety',
]

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab?.close())

describe('Tülu 3 8B', () => {
  beforeAll(async () => {
    await loadExample(lab.user('editor'), { workspace: 'lab', example: 'tulu-3-8b' })
  })

  test('has the figures of the card, to the last digit', async () => {
    const { benchmarks, rows } = await tableOf('tulu-3-8b')
    const told = rows.map((row) =>
      [
        row.experiment.name.replace(' ', '_'),
        ...COLUMNS.map((slug) => row.cells[benchmarks.findIndex((b) => b.slug === slug)]?.score.toFixed(1)),
      ].join(' '),
    )
    const card = CARD.trim().split('\n').slice(1)
    expect(told).toEqual(card.map((line) => line.trim().split(/\s+/).join(' ')))
  })
  test('has the averages that the card prints', async () => {
    const { rows } = await tableOf('tulu-3-8b')
    const averages = rows.map(({ cells }) => cells.reduce((sum, cell) => sum + (cell?.score ?? Number.NaN) / 12, 0))
    expect(averages.slice(0, 3).map((a) => a.toFixed(1))).toEqual(['60.4', '64.4', '64.8'])
    expect(averages[3]?.toFixed(2)).toBe('66.41')
  })
  test('has no n, no standard error and so no interval, and says that they were not published', async () => {
    const rows = await lab.database.sql`
      select distinct e.n, e.n_missing, e.stderr, e.scale, e.source from evaluations e
      where e.project_id = (select id from projects where slug = 'tulu-3-8b') order by e.source`
    expect([...rows]).toEqual([
      {
        n: null,
        n_missing: 'not published',
        stderr: null,
        scale: 100,
        source: 'Model card of allenai/Llama-3.1-Tulu-3-8B',
      },
      {
        n: null,
        n_missing: 'not published',
        stderr: null,
        scale: 100,
        source: 'Model card of allenai/Llama-3.1-Tulu-3.1-8B',
      },
    ])
    const table = await tableOf('tulu-3-8b')
    expect(table.rows.flatMap((row) => row.cells).filter((cell) => cell?.low !== null || cell.high !== null)).toEqual(
      [],
    )
  })
  test('has a base without cells: a missing baseline', async () => {
    const { cards } = await lineageOf('tulu-3-8b')
    const [base, sft] = cards
    expect(base).toMatchObject({ name: 'Llama 3.1 8B', stage_kind: 'external_base', evaluations: 0, state: 'finished' })
    expect(sft).toMatchObject({ name: 'SFT', evaluations: 12, target: null, worst: null, device_hours: null })
  })
  test('says what its base took: 1.46 M H100 hours and 420 t', async () => {
    const { cards } = await lineageOf('tulu-3-8b')
    expect(cards[0]?.root).toMatchObject({
      name: 'meta-llama/Llama-3.1-8B',
      embodied: {
        device: 'H100',
        device_hours: 1_460_000,
        kg_co2e: 420_000,
        source: expect.stringContaining('Llama-3.1-8B'),
      },
    })
  })
  test('has its fork as a sibling of RLVR, and the reference of DPO beside its start', async () => {
    const { edges } = await lineageOf('tulu-3-8b')
    expect(edges.map((e) => `${e.child.slug} ${e.kind} ${e.parent.slug}`).sort()).toEqual([
      'dpo init sft',
      'dpo reference sft',
      'rlvr init dpo',
      'sft init llama-3-1-8b',
      'tulu-3-1 init dpo',
    ])
    expect(edges.every((edge) => edge.checkpoint !== null)).toBe(true)
  })
  test('shows what RLVR changed against DPO', async () => {
    const { cards } = await lineageOf('tulu-3-8b')
    const rlvr = cards.find((card) => card.slug === 'rlvr')
    expect(rlvr?.worst?.benchmark.slug).toBe('safety')
    expect(rlvr?.worst?.change).toBeCloseTo(-1.7, 9)
    expect(rlvr?.worst?.low).toBeNull()
  })
  test('loaded again changes nothing', async () => {
    const before = await rowsIn('tulu-3-8b')
    const again = await loadExample(lab.user('editor'), { workspace: 'lab', example: 'tulu-3-8b' })
    expect(again).toMatchObject({
      stages: { made: 0, there: 5 },
      checkpoints: { made: 0, there: 4 },
      scores: { made: 0, there: 48 },
    })
    expect(await rowsIn('tulu-3-8b')).toEqual(before)
  })
})

describe('the legal assistant', () => {
  beforeAll(async () => {
    await loadExample(lab.key('ingest'), { example: 'legal-assistant' })
  })

  test('is four planned stages in a line, without a checkpoint or a cell', async () => {
    const { cards, edges } = await lineageOf('legal-assistant')
    expect(cards.map((c) => [c.slug, c.stage_kind, c.state, c.checkpoints, c.evaluations])).toEqual([
      ['llama-3', 'pretrain', 'planned', 0, 0],
      ['case-law', 'continued_pretrain', 'planned', 0, 0],
      ['legal-qa', 'instruction', 'planned', 0, 0],
      ['rlhf', 'preference', 'planned', 0, 0],
    ])
    expect(edges.map((e) => `${e.child.slug} ← ${e.parent.slug}`)).toEqual([
      'case-law ← llama-3',
      'legal-qa ← case-law',
      'rlhf ← legal-qa',
    ])
    expect(edges.every((edge) => edge.checkpoint === null)).toBe(true)
    expect((await tableOf('legal-assistant')).rows).toEqual([])
  })
  test('has the article’s ranges for data, GPUs, time and cost', async () => {
    const { cards } = await lineageOf('legal-assistant')
    const notes = cards.map((card) => card.plan?.note ?? '')
    for (const note of notes)
      expect(note).toMatch(/^Data .* · GPUs .* · time .* · cost .* \(ranges of the article\)\.$/)
    expect(notes[0]).toContain('trillions of tokens · GPUs 1,000s')
    expect(notes[0]).toContain('$2M–$100M+')
    expect(notes[1]).toContain('GPUs 8–64 · time days to weeks · cost $100s–$10,000s')
    expect(notes[2]).toContain('10,000–100,000 pairs · GPUs 1–8 · time hours to days · cost $100–$10,000')
    expect(notes[3]).toContain('10,000–100,000 comparisons')
    expect(cards.flatMap((card) => [card.plan?.hours, card.plan?.money]).filter((n) => n !== undefined)).toEqual([])
  })
  test('says that it is an example and from where, on its lineage', async () => {
    expect((await lineageOf('legal-assistant')).project.description).toMatch(/^Example\./)
    const [row] = await lab.database.sql`select name, description from projects where slug = 'legal-assistant'`
    expect(row?.description).toMatch(/^Example\..*LLM Training vs Fine-Tuning/)
  })
})

describe('examples', () => {
  test('are listed with what they hold', async () => {
    const { items } = await listExamples(lab.user('viewer'), { workspace: 'lab' })
    expect(items.map(({ name, stages, scores }) => [name, stages, scores])).toEqual([
      ['tulu-3-8b', 5, 48],
      ['legal-assistant', 4, 0],
    ])
  })
  test('load from the browser into a project that it names', async () => {
    const caller = createCaller(appRouter)(lab.user('editor'))
    const loaded = await caller.examples.load({ workspace: 'lab', example: 'legal-assistant', project: 'law' })
    expect(loaded).toMatchObject({ project: 'law', stages: { made: 4, there: 0 } })
  })
  test('do not load into a project of something else', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'mine')
    const found = await expectRefusal(
      loadExample(lab.user('editor'), { workspace: 'lab', example: 'tulu-3-8b', project: slug }),
      'conflict',
    )
    expect(found.message).toContain('holds other stages (mine)')
    expect(await rowsIn(slug)).toMatchObject({ experiments: 1, checkpoints: 0 })
  })
  test('do not load for who may only read', async () => {
    await expectRefusal(
      loadExample(lab.user('viewer'), { workspace: 'lab', example: 'tulu-3-8b', project: 'x' }),
      'forbidden',
    )
  })
  test('do not load for a stranger', async () => {
    await expectRefusal(loadExample(lab.stranger(), { workspace: 'lab', example: 'tulu-3-8b' }), 'not_found')
  })
})

const tableOf = (project: string) => getEvaluationTable(lab.user('viewer'), { workspace: 'lab', project })
const lineageOf = (project: string) => getLineage(lab.user('viewer'), { workspace: 'lab', project })

async function rowsIn(project: string) {
  const [row] = await lab.database.sql`
    select (select count(*)::int from experiments where project_id = p.id) as experiments,
      (select count(*)::int from checkpoints where project_id = p.id) as checkpoints,
      (select count(*)::int from evaluations where project_id = p.id) as evaluations,
      (select max(e.id) from edges e join experiments x on x.id = e.child_id where x.project_id = p.id) as newest_edge
    from projects p where p.slug = ${project}`
  return row
}
