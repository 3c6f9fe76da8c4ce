import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { createV1 } from '#src/api/v1/app.ts'
import { type DifferencesInput, getDifferences } from '#src/services/evaluations/differences.ts'
import { getMatrix } from '#src/services/evaluations/matrix/get.ts'
import { packOldItems } from '#src/services/evaluations/pack-old-items.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
/** Ids of checkpoints by the slug of their stage. */
let checkpoints: Record<string, string>

beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = (await makeProject(lab)).slug
  checkpoints = {}
  await stage('base', null)
  await stage('sft', 'base', { benchmarks: [{ benchmark: 'law', role: 'target' }] })
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

type More = Parameters<typeof evaluation>[0]

const post = (slug: string, more: More) =>
  postEvaluation(lab.key('ingest'), { ...evaluation(more), checkpoint: checkpoints[slug] as string })

/** 0/1 items of one benchmark, right where `right` says so. */
function measured(slug: string, benchmark: string, n: number, right: (i: number) => boolean, more: More = {}) {
  const items = Array.from({ length: n }, (_, i) => ({ id: `q${i}`, score: Number(right(i)) }))
  return post(slug, {
    benchmark: { ...accuracy, slug: benchmark },
    protocol: { task: benchmark, shots: 0, harness: 'test' },
    n,
    items,
    score: items.filter((item) => item.score === 1).length / n,
    ...more,
  })
}

const differences = (more: Partial<DifferencesInput> = {}) =>
  getDifferences(lab.user('viewer'), {
    workspace: 'lab',
    project,
    variant: '',
    baseline: 'parent',
    correction: 'benjamini_hochberg',
    family: 'kept',
    ...more,
  })
const row = (told: Awaited<ReturnType<typeof differences>>, slug: string) =>
  told.rows.find(({ benchmark }) => benchmark.slug === slug)

describe('differences of a checkpoint', () => {
  beforeEach(async () => {
    // 45 of 500 are lost and 20 gained: −5 points.
    await measured('base', 'mmlu', 500, (i) => i < 300)
    await measured('sft', 'mmlu', 500, (i) => (i >= 45 && i < 300) || (i >= 300 && i < 320))
    await measured('base', 'facts', 200, (i) => i < 100)
    await measured('sft', 'facts', 200, (i) => i < 98)
    await measured('base', 'law', 100, (i) => i < 30)
    await measured('sft', 'law', 100, (i) => i < 70)
  })

  test('have the interval of the difference, not those of two scores, with gains and losses counted', async () => {
    const told = await differences()
    expect(told.of?.experiment.slug).toBe('sft')
    const mmlu = row(told, 'mmlu')
    expect(mmlu).toMatchObject({
      unit: 'points',
      role: 'retention',
      moved: { lost: 45, gained: 20, same: 435 },
      paired_n: 500,
      state: 'forgot',
      margin: 1,
      against: { experiment: { slug: 'base' } },
    })
    expect(mmlu?.delta).toBeCloseTo(-5, 9)
    // The paired error of the reference example is 0.0160; unpaired it would be 0.031.
    expect(mmlu?.se).toBeCloseTo(1.6, 1)
    expect(mmlu?.p).toBeCloseTo(0.0026, 4)
    expect(mmlu?.detectable).toBeCloseTo(280 * Math.sqrt(0.13 / 500), 1)
  })

  test('are adjusted over what should be kept, the target stands alone; over all when asked', async () => {
    const kept = await differences()
    expect(kept.family_size).toBe(2)
    expect(row(kept, 'law')).toMatchObject({ role: 'target', p_adjusted: null, state: 'improved' })
    const [p, other] = [row(kept, 'mmlu')?.p ?? 1, row(kept, 'facts')?.p ?? 1]
    expect(row(kept, 'mmlu')?.p_adjusted).toBeCloseTo(Math.min(2 * p, other), 12)
    const all = await differences({ family: 'all', correction: 'holm' })
    expect(all.family_size).toBe(3)
    expect(row(all, 'facts')?.p_adjusted).toBeCloseTo(other, 12)
    expect(row(all, 'mmlu')?.p_adjusted).toBeCloseTo(2 * p, 12)
  })

  test('a margin in points decides what counts as kept', async () => {
    expect(row(await differences({ margin: 5 }), 'facts')).toMatchObject({ state: 'retained', margin: 5 })
    expect(row(await differences({ margin: 0.5 }), 'facts')).toMatchObject({ state: 'inconclusive', margin: 0.5 })
  })

  test('say what cannot be compared, and which fields of the protocol differ', async () => {
    await measured('base', 'maths', 50, (i) => i < 20)
    await measured('sft', 'maths', 50, (i) => i < 20, { protocol: { task: 'maths', shots: 5, harness: 'test' } })
    await measured('sft', 'new', 50, (i) => i < 20)
    const told = await differences()
    expect(told.rows.map(({ benchmark }) => benchmark.slug).sort()).toEqual(['facts', 'law', 'mmlu'])
    expect(told.apart.map(({ benchmark, state, reason }) => [benchmark.slug, state, reason])).toEqual(
      expect.arrayContaining([
        ['maths', 'not_comparable', 'another protocol: shots differs'],
        ['new', 'no_baseline', 'no stage before was measured on it'],
      ]),
    )
    expect(told.apart.find(({ benchmark }) => benchmark.slug === 'maths')?.differing).toEqual([
      { field: 'shots', before: '0', after: '5' },
    ])
  })

  test('without items are unpaired and say so; without a standard error they have no interval', async () => {
    const bare = { items: [], n: 400, score: 0.5 }
    await measured('base', 'bare', 1, () => true, { ...bare, stderr: 0.025 })
    await measured('sft', 'bare', 1, () => true, { ...bare, score: 0.4, stderr: 0.025 })
    const unpaired = row(await differences(), 'bare')
    expect(unpaired).toMatchObject({ paired_n: null, moved: null, n: 400 })
    expect(unpaired?.se).toBeCloseTo(100 * Math.hypot(0.025, 0.025), 9)
    expect(unpaired?.method).toContain('conservative when the scores are positively correlated')
  })

  test('a loss counts in its own unit, turned so that negative is worse', async () => {
    const loss = (nats: number) => ({
      benchmark: { slug: 'general', category: 'general', kind: 'loss' as const, higher_is_better: false },
      metric: 'bits_per_byte',
      protocol: { task: 'general', harness: 'test' },
      n: 40,
      score: nats / Math.LN2,
      items: Array.from({ length: 40 }, (_, i) => ({ id: `d${i}`, nats: 100 * nats, bytes: 100 })),
    })
    await post('base', loss(1))
    await post('sft', loss(1.1))
    const told = row(await differences(), 'general')
    expect(told).toMatchObject({ unit: 'bits_per_byte', margin: 0.01, state: 'forgot' })
    expect(told?.delta).toBeCloseTo(-0.1 / Math.LN2, 9)
    expect(told?.change).toBeCloseTo(0.1 / Math.LN2, 9)
  })

  test('agree with the cells of the matrix in change and state', async () => {
    const told = await differences()
    const matrix = await getMatrix(lab.user('viewer'), {
      workspace: 'lab',
      project,
      set: 'stages',
      baseline: 'parent',
      from: 0,
      count: 10,
    })
    const cells = matrix.columns.find(({ experiment }) => experiment.slug === 'sft')?.cells
    for (const { benchmark, change, state, p, p_adjusted } of told.rows) {
      const at = cells?.at.indexOf(matrix.rows.findIndex((r) => r.benchmark.slug === benchmark.slug)) ?? -1
      expect(cells?.change[at]).toBeCloseTo(change, 6)
      expect(cells?.state[at]).toBe(state)
      expect(cells?.p[at]).toBeCloseTo(p_adjusted ?? p ?? 1, 6)
    }
  })

  test('are the same by both doors, and a margin of 0 is refused by its name', async () => {
    const reader = lab.key('read')
    const door = createV1({ services: lab.services, identify: async () => reader.actor, closed: () => null })
    const get = async (query: string) => {
      const answer = await door.request(`/api/v1/projects/${project}/evaluations/differences${query}`, {
        headers: { authorization: 'Bearer reader' },
      })
      return { status: answer.status, body: await answer.json() }
    }
    const seen = await get('?correction=holm')
    expect(seen.status).toBe(200)
    const caller = createCaller(appRouter)(lab.user('viewer'))
    expect(await caller.evaluations.differences({ workspace: 'lab', project, correction: 'holm' })).toEqual(seen.body)
    const bad = await get('?margin=0')
    expect(bad.status).toBe(400)
    expect(JSON.stringify(bad.body)).toContain('margin')
  })

  test('of a checkpoint that is not there are refused', () =>
    expectRefusal(differences({ checkpoint: '01a00000-0000-7000-8000-000000000000' }), 'not_found'))
})

describe('a project without a measurement', () => {
  test('has no differences and says what it has', async () => {
    expect(await differences()).toMatchObject({ of: null, rows: [], apart: [], measured: [] })
  })
})

const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(9)) : v)))

describe('evaluations from before items were packed', () => {
  test('compare as others do, and the clock packs them once', async () => {
    await measured('base', 'mmlu', 500, (i) => i < 300)
    await measured('sft', 'mmlu', 500, (i) => i >= 45 && i < 320)
    const before = await differences()
    const { sql } = lab.database
    const bytes = () => sql`select bytes from packed_items where evaluation_id in (
      select id from evaluations where workspace_id = ${lab.workspaceId}) order by evaluation_id`
    const packed = await bytes()
    await sql`delete from packed_items where evaluation_id in (
      select id from evaluations where workspace_id = ${lab.workspaceId})`
    // Another process has nothing in its memory.
    const asked = { ...lab.user('viewer'), services: { ...lab.services } }
    const whole = await getDifferences(asked, {
      ...{ workspace: 'lab', project, variant: '', baseline: 'parent' },
      ...{ correction: 'benjamini_hochberg', family: 'kept' },
    })
    // Counted from bits or from scores, the sums differ in their last digits.
    expect(rounded(whole)).toEqual(rounded(before))
    const pack = packOldItems()
    expect(await pack(lab.clock())).toBe(packed.length)
    expect(await pack(lab.clock())).toBe(0)
    expect(await bytes()).toEqual(packed)
  })
})

test('a matrix whose items are too many to read at once says that slices are left out', async () => {
  await measured('base', 'mmlu', 20, (i) => i < 10)
  await lab.database.sql`update evaluations set n_items = 250000 where project_id = (
    select id from projects where workspace_id = ${lab.workspaceId} and slug = ${project})`
  const asked = { workspace: 'lab', project, set: 'path' as const, baseline: 'parent' as const, from: 0, count: 10 }
  const matrix = await getMatrix(lab.user('viewer'), { ...asked, slices: 'true' })
  expect(matrix.slices_left_out).toContain('more than 200,000 items')
  expect(matrix.rows.every(({ slice }) => slice === null)).toBe(true)
  expect((await getMatrix(lab.user('viewer'), asked)).slices_left_out).toBeUndefined()
})
