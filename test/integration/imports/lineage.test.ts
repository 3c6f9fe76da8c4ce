import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trainedTokens } from '#src/core/lineage/trained-tokens.ts'
import { LineageFile } from '#src/protocol/lineage-file.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { importLineage } from '#src/services/imports/import-lineage.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { type Lab, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'
import { type ImportServer, importServer } from './import-server.ts'

const FILES = path.resolve('test/fixtures/lineages')

let lab: Lab
let server: ImportServer
beforeAll(async () => {
  lab = await openLab()
  server = await importServer(lab.services)
})
afterAll(async () => {
  await server?.close()
  await lab?.close()
})

describe('ingredients and a soup (OLMo 2 32B)', () => {
  let project: string
  beforeAll(async () => {
    project = 'olmo-2-32b'
    const { error, lines } = await run('olmo-2-32b.json', project)
    expect([error, lines]).toEqual([
      null,
      [`5 stages, 5 checkpoints, 0 scores made: http://localhost:7070/lab/${project}`],
    ])
  })

  test('are one parent, three siblings and a merge whose three weights add to 1', async () => {
    const { edges } = await lineageOf(project)
    const of = (child: string) => edges.filter((edge) => edge.child.slug === child)
    expect(['ingredient1', 'ingredient2', 'ingredient3'].map((slug) => of(slug).map((e) => e.parent.slug))).toEqual([
      ['stage1'],
      ['stage1'],
      ['stage1'],
    ])
    expect(of('soup').map((e) => [e.kind, e.parent.slug, e.note])).toEqual([
      ['merge', 'ingredient1', 'weights averaged in Python'],
      ['merge', 'ingredient2', 'weights averaged in Python'],
      ['merge', 'ingredient3', 'weights averaged in Python'],
    ])
    expect(of('soup').reduce((sum, edge) => sum + (edge.weight ?? 0), 0)).toBeCloseTo(1, 12)
    expect(of('soup').every((edge) => edge.checkpoint !== null)).toBe(true)
  })
  test('count the first stage once: 6.06 T + 0.5 T in all, 6.36 T along the longest path', async () => {
    const { cards, edges, totals } = await lineageOf(project)
    const paths = edges.map((e) => ({ child: e.child.number, parent: e.parent.number, kind: e.kind, weight: e.weight }))
    const own = new Map(cards.map((card) => [card.number, card.tokens]))
    const soup = cards.find((card) => card.slug === 'soup')
    const tokens = trainedTokens(paths, own, soup?.number ?? 0)
    expect([inT(tokens.all), inT(tokens.longest)]).toEqual(['6.56', '6.36'])
    expect(inT(own.get(cards.find((c) => c.slug === 'stage1')?.number ?? 0) ?? 0)).toBe('6.06')
    expect(totals.tokens).toBe(tokens.all)
  })
  test('are stages that have finished, each with its checkpoint', async () => {
    const { cards } = await lineageOf(project)
    expect(cards.map((card) => [card.slug, card.state, card.checkpoints])).toEqual([
      ['stage1', 'finished', 1],
      ['ingredient1', 'finished', 1],
      ['ingredient2', 'finished', 1],
      ['ingredient3', 'finished', 1],
      ['soup', 'finished', 1],
    ])
  })
})

describe('a ladder of checkpoints (SmolLM3)', () => {
  const project = 'smollm3-3b'
  beforeAll(async () => {
    const { error, lines } = await run('smollm3-3b.json', project)
    expect([error, lines[0]]).toEqual([null, expect.stringContaining('10 stages, 132 checkpoints, 0 scores made')])
  })

  test('has 118 checkpoints of pre-training, 10 of long context and one of each stage after', async () => {
    const { cards } = await lineageOf(project)
    expect(cards.map((card) => [card.slug, card.checkpoints])).toEqual([
      ['pretraining-1', 86],
      ['pretraining-2', 19],
      ['pretraining-3', 13],
      ['long-context-32k', 5],
      ['long-context-64k', 5],
      ['mid-training', 1],
      ['sft', 1],
      ['apo', 0],
      ['apo-soup', 1],
      ['lc-expert', 1],
    ])
  })
  test('knows the tokens of each step: 94.4 B at 40,000 and 11.14 T at 4,720,000', async () => {
    const first = await checkpointsOf(project, 1)
    expect(first.at(-1)).toMatchObject({
      step: 40_000,
      tokens: 94_371_840_000,
      location: 'HuggingFaceTB/SmolLM3-3B-checkpoints@stage1-step-40000',
    })
    const third = await checkpointsOf(project, 3)
    expect(third[0]).toMatchObject({ step: 4_720_000, tokens: 11_135_877_120_000, of_stage: 'children' })
    for (const { step, tokens } of [...first, ...third]) expect(tokens).toBe(step * 2_359_296)
  })
  test('counts each stage by itself, steps that go on and steps that begin anew', async () => {
    const { cards } = await lineageOf(project)
    const tokens = Object.fromEntries(cards.map((card) => [card.slug, [card.tokens, card.tokens_total]]))
    expect(tokens['pretraining-2']).toEqual([(4_200_000 - 3_440_000) * 2_359_296, 4_200_000 * 2_359_296])
    expect(tokens['long-context-32k']).toEqual([20_000 * 2_359_296, 4_740_000 * 2_359_296])
  })
  test('has its soup as a merge, and a stage that only is planned', async () => {
    const { cards, edges } = await lineageOf(project)
    expect(edges.filter((e) => e.child.slug === 'apo-soup').map((e) => [e.kind, e.weight])).toEqual([['merge', 1]])
    expect(cards.find((card) => card.slug === 'apo')?.state).toBe('planned')
  })
})

describe('an import', () => {
  test('that comes a second time changes nothing', async () => {
    const before = await rows()
    const { error, lines } = await run('smollm3-3b.json', 'smollm3-3b')
    expect([error, lines[0]]).toEqual([
      null,
      expect.stringContaining('0 stages, 0 checkpoints, 0 scores made, 142 were there already'),
    ])
    expect(await rows()).toEqual(before)
  })
  test('of a file that has grown adds what is new', async () => {
    const file = withScore()
    await importLineage(lab.key('ingest'), { project: 'grown', lineage: file, file: 'a.json' })
    const stage = file.stages.base
    stage?.checkpoints.push({ location: 'w2', step: 20, tokens: null, metadata: {}, scores: [] })
    const again = await importLineage(lab.key('ingest'), { project: 'grown', lineage: file, file: 'a.json' })
    expect(again).toMatchObject({
      stages: { made: 0, there: 1 },
      checkpoints: { made: 1, there: 1 },
      scores: { made: 0, there: 1 },
      kept: ['base'],
    })
  })
  test('of a changed score keeps the old one readable under the new', async () => {
    const file = withScore()
    await importLineage(lab.key('ingest'), { project: 'changed', lineage: file, file: 'a.json' })
    const [checkpoint] = file.stages.base?.checkpoints ?? []
    if (checkpoint && 'scores' in checkpoint && checkpoint.scores[0]) checkpoint.scores[0].score = 0.75
    const again = await importLineage(lab.key('ingest'), { project: 'changed', lineage: file, file: 'a.json' })
    expect(again.scores).toEqual({ made: 1, there: 0 })
    const found = await lab.database.sql`
      select score, superseded_by is not null as old from evaluations
      where project_id = (select id from projects where slug = 'changed') order by id`
    expect([...found]).toEqual([
      { score: 0.5, old: true },
      { score: 0.75, old: false },
    ])
  })
})

describe('bad input writes nothing and says where it is wrong', () => {
  const cases: [string, (file: LineageFile) => void, string, RegExp][] = [
    ['an unknown stage kind', (f) => edit(f, { stage: 'pretrian' }), '/stages/base/stage', /did you mean "pretrain"/],
    [
      'a parent that is not there',
      (f) => edit(f, { root: null, parents: [parent('bass')] }),
      '/stages/base/parents/0/experiment',
      /There is no experiment "bass"/,
    ],
    [
      'an unknown measure',
      (f) => scoreOf(f, { measure: 'mmlv' }),
      '/stages/base/checkpoints/0/scores/0/measure',
      /no measure "mmlv". Nearest: mmlu/,
    ],
    [
      'a checkpoint that a parent does not have',
      (f) => addChild(f, { ...parent('base'), at: 'w9' }),
      '/stages/child/parents/0/at',
      /has no checkpoint "w9". Nearest: w1/,
    ],
    [
      'a checkpoint named twice',
      (f) => f.stages.base?.checkpoints.push({ location: 'w1', step: 10, tokens: null, metadata: {}, scores: [] }),
      '/stages/base/checkpoints/1',
      /w1 at step 10 twice/,
    ],
    [
      'a cycle',
      (f) => {
        addChild(f, parent('base'))
        edit(f, { root: null, parents: [parent('child')] })
      },
      '/stages/base/parents',
      /form a cycle/,
    ],
    ['a score outside its scale', (f) => scoreOf(f, { score: 50 }), '/score', /50/],
  ]
  test.each(cases)('%s', async (_, change, pointer, message) => {
    const file = withScore()
    change(file)
    const before = await rows()
    const found = await expectRefusal(
      importLineage(lab.key('ingest'), { project: 'never-made', lineage: file, file: 'a.json' }),
      'invalid_request',
    )
    expect(found.message).toMatch(message)
    expect(found.detail.errors).toContainEqual(expect.objectContaining({ pointer: expect.stringContaining(pointer) }))
    expect(await rows()).toEqual(before)
  })
  test('a file that is none is told by its places', async () => {
    const { error } = await server.descentImport(
      lab.key('ingest').actor,
      'lineage',
      path.join(FILES, '..', 'golden', 'lm-eval', '0.3', 'results.json'),
      '--project',
      'p',
    )
    expect(error).toContain('is no lineage file')
    expect(error).toContain('/version')
  })
  test('a key that may only read', async () => {
    await expectRefusal(
      importLineage(lab.key('read'), { project: 'olmo-2-32b', lineage: withScore(), file: 'a.json' }),
      'forbidden',
    )
  })
})

const run = (file: string, project: string) =>
  server.descentImport(lab.key('ingest').actor, 'lineage', path.join(FILES, file), '--project', project)

const lineageOf = (project: string) => getLineage(lab.user('viewer'), { workspace: 'lab', project })

const checkpointsOf = async (project: string, experiment: number) =>
  (
    await getStagePage(lab.user('viewer'), {
      workspace: 'lab',
      project,
      experiment,
      baseline: 'parent',
      deleted: false,
    })
  ).checkpoints

const inT = (tokens: number): string => (tokens / 1e12).toFixed(2)

async function rows() {
  const [counts] = await lab.database.sql`
    select (select count(*)::int from projects) as projects, (select count(*)::int from experiments) as experiments,
      (select count(*)::int from edges) as edges, (select count(*)::int from checkpoints) as checkpoints,
      (select count(*)::int from evaluations) as evaluations, (select count(*)::int from benchmarks) as benchmarks`
  return counts
}

/** One stage with one checkpoint and one score. */
const withScore = (): LineageFile =>
  LineageFile.parse({
    version: 1,
    name: 'Small',
    source: 'a test',
    measures: {
      mmlu: {
        benchmark: { slug: 'mmlu', category: 'knowledge', kind: 'accuracy', higher_is_better: true },
        metric: 'acc',
        protocol: { task: 'mmlu', shots: 5 },
      },
    },
    stages: {
      base: {
        stage: 'pretrain',
        root: { kind: 'random_init' },
        checkpoints: [{ location: 'w1', step: 10, scores: [{ measure: 'mmlu', score: 0.5 }] }],
      },
    },
  })

const parent = (experiment: string) => ({ experiment, kind: 'init' as const })

function edit(file: LineageFile, change: Partial<LineageFile['stages'][string]>): void {
  Object.assign(file.stages.base ?? {}, change)
}

function scoreOf(file: LineageFile, change: { measure?: string; score?: number }): void {
  const [checkpoint] = file.stages.base?.checkpoints ?? []
  if (checkpoint && 'scores' in checkpoint) Object.assign(checkpoint.scores[0] ?? {}, change)
}

function addChild(file: LineageFile, of: ReturnType<typeof parent> & { at?: string }): void {
  file.stages.child = { stage: 'sft', parents: [of], mixture: [], benchmarks: [], checkpoints: [] }
}
