import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getDecisionPage } from '#src/services/decisions/get-page.ts'
import { saveDecision } from '#src/services/decisions/save.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { loadExample } from '#src/services/examples/load.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
beforeAll(async () => {
  lab = await openLab()
  project = (await makeProject(lab)).slug
  await stage('base', 20, 181)
  await stage('sft', 40, 180, 'base')
  await stage('full', 160, 60, 'sft')
  await stage('replay', 150, 178, 'sft')
})
afterAll(() => lab.close())

/** A finished stage with `task` of 200 items right on its target and `kept` of 200 on what it should keep. */
async function stage(slug: string, task: number, kept: number, parent?: string) {
  await makeExperiment(lab, project, slug, {
    benchmarks: [{ benchmark: 'd-task', role: 'target' }],
    ...(parent !== undefined && { stage: 'task', parents: [{ experiment: parent, kind: 'init' }] }),
  })
  const run = await makeRun(lab, project, slug)
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  for (const [bench, n] of [
    ['d-task', task],
    ['d-kept', kept],
  ] as const)
    await postEvaluation(run.ctx, {
      ...evaluation({
        benchmark: { ...accuracy, slug: bench, chance: null },
        score: n / 200,
        n: 200,
        items: rightOf(n, 200),
      }),
      checkpoint,
    })
}

const page = (experiment: string, more: { sibling?: string } = {}, ctx = lab.user('viewer')) =>
  getDecisionPage(ctx, { workspace: 'lab', project, experiment, ...more })
const decide = (experiment: string, revision: number, reason = 'It forgets the format.', ctx = lab.user('editor')) =>
  saveDecision(ctx, { workspace: 'lab', project, experiment, decision: 'roll_back', reason, revision })

describe('was the stage worth it', () => {
  test('of more than 50 siblings the first 50 are offered, and it is said how many are not', async () => {
    const { slug } = await makeProject(lab)
    const parents = [{ experiment: 'start', kind: 'init' as const }]
    await makeExperiment(lab, slug, 'start', {})
    for (let i = 0; i < 53; i++) await makeExperiment(lab, slug, `try-${i}`, { stage: 'task', parents })
    const { siblings, siblings_left_out } = await getDecisionPage(lab.user('viewer'), {
      workspace: 'lab',
      project: slug,
      experiment: 'try-0',
    })
    expect(siblings.map((sibling) => sibling.slug)).toEqual(Array.from({ length: 50 }, (_, i) => `try-${i + 1}`))
    expect(siblings_left_out).toBe(2)
  })

  test('gain, loss and cost stand against base, parent and sibling, each change with its interval', async () => {
    const { against } = await page('full')
    expect(against.map(({ roles, experiment }) => [experiment.slug, roles])).toEqual([
      ['base', ['base']],
      ['sft', ['parent']],
      ['replay', ['sibling']],
    ])
    for (const { changes } of against) {
      expect(changes.map(({ benchmark, role }) => [benchmark.slug, role])).toEqual([
        ['d-task', 'target'],
        ['d-kept', 'retention'],
      ])
      for (const { low, high } of changes) expect([low, high].every((end) => typeof end === 'number')).toBe(true)
    }
    const [base, parent, sibling] = against
    expect(parent?.changes[0]?.change).toBeCloseTo(0.6)
    expect(base?.changes[1]?.change).toBeCloseTo(-0.605)
    expect(sibling?.changes[1]?.change).toBeCloseTo(-0.59)
    expect(sibling?.verdict).toBeNull()
  })

  test('its verdict is the one of the stage page', async () => {
    const [{ against }, verdict] = await Promise.all([
      page('full'),
      getStageVerdict(lab.user('viewer'), { workspace: 'lab', project, experiment: 'full' }),
    ])
    expect(against[1]?.verdict?.budget).toEqual(verdict.parent.budget)
    expect(against[1]?.verdict?.retention).toEqual(verdict.parent.retention)
    expect(against[0]?.verdict?.budget).toEqual(verdict.root.budget)
  })

  test('by rule a gain over budget is trained again and the sibling that kept the rest is kept', async () => {
    const [full, replay] = await Promise.all([page('full'), page('replay')])
    expect(full.proposal.decision).toBe('retrain')
    expect(full.proposal.reason).toContain('d-kept −0.600')
    expect(full.proposal.reason).toContain('Against its sibling replay')
    expect(replay.proposal.decision).not.toBe('retrain')
  })

  test('what the root says of the budget counts as it does for the gate, though the parent holds', async () => {
    await stage('drift-root', 20, 190)
    await stage('drift-b', 160, 150, 'drift-root')
    await stage('drift-c', 190, 150, 'drift-b')
    const [{ proposal }, verdict] = await Promise.all([
      page('drift-c'),
      getStageVerdict(lab.user('viewer'), { workspace: 'lab', project, experiment: 'drift-c' }),
    ])
    expect([verdict.parent.budget.verdict, verdict.root.budget.verdict]).toEqual(['pass', 'fail'])
    expect(verdict.gate.state).toBe('closed')
    expect(proposal.decision).toBe('retrain')
    expect(proposal.reason).toContain('lost more than it may against the root of its lineage')
    expect(proposal.reason).toContain('- Largest loss against drift-root, the root of its lineage: d-kept −0.200')
  })

  test('the parent of a second stage is its base too, and a root is held against nothing', async () => {
    expect((await page('sft')).against.map(({ roles }) => roles)).toEqual([['base', 'parent']])
    const root = await page('base')
    expect(root.against).toEqual([])
    expect(root.proposal.decision).toBe('undecided')
  })

  test('another sibling may be named; a stage that began elsewhere is refused with those that may', async () => {
    await stage('lora', 42, 179, 'sft')
    expect((await page('full', { sibling: 'lora' })).against[2]?.experiment.slug).toBe('lora')
    const refused = await expectRefusal(page('full', { sibling: 'base' }), 'invalid_request')
    expect(refused.message).toContain('These did: replay, lora')
  })

  test('a card without items and prices says so: no interval, missing baseline, not published', async () => {
    const { project: example } = await loadExample(lab.user('editor'), { workspace: 'lab', example: 'tulu-3-8b' })
    const found = await getDecisionPage(lab.user('viewer'), {
      workspace: 'lab',
      project: example,
      experiment: 'rlvr',
    })
    const of = (role: 'base' | 'parent' | 'sibling') => found.against.find(({ roles }) => roles.includes(role))
    const change = (role: 'base' | 'parent' | 'sibling', name: string) =>
      of(role)?.changes.find(({ benchmark }) => benchmark.name === name)
    expect(change('parent', 'Safety')?.change).toBeCloseTo(-1.7)
    expect(change('parent', 'Safety')).toMatchObject({ low: null, high: null, reading: 'no_interval' })
    expect(change('base', 'Safety')?.reading).toBe('missing_baseline')
    expect(change('sibling', 'MMLU')?.change).toBeCloseTo(-1.3)
    expect(found.cost.own).toEqual({ text: null, missing: 'not published' })
    expect(of('parent')?.more_cost).toEqual({ text: null, missing: 'not published' })
    expect(found.proposal.decision).toBe('undecided')
    expect(found.proposal.reason).toContain('- Cost: not published')
  })
})

describe('what people decided', () => {
  test('is kept with author and time; a change of mind leaves the earlier one readable', async () => {
    expect((await page('full')).decision).toBeNull()
    await decide('full', 0)
    await decide('full', 1, 'Still so, after a second seed.')
    const { decision, earlier } = await page('full')
    expect(decision).toMatchObject({ revision: 2, decision: 'roll_back', reason: 'Still so, after a second seed.' })
    expect(earlier.map(({ revision, reason }) => [revision, reason])).toEqual([[1, 'It forgets the format.']])
    expect(decision?.by).not.toBe('')
    expect(Date.parse(decision?.at ?? '')).not.toBeNaN()
  })

  test('of two who decide over the same revision one is refused, and nothing of the other is lost', async () => {
    const both = await Promise.allSettled([decide('replay', 0, 'mine'), decide('replay', 0, 'yours')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expectRefusal(decide('replay', 0, 'late'), 'conflict')
    expect((await page('replay')).earlier).toEqual([])
  })

  test('is not changed in place, even by a statement', async () => {
    await decide('base', 0)
    await expect(lab.database.sql`update decisions set reason = 'other'`).rejects.toThrow('append-only')
  })

  test('viewers, programs and strangers decide nothing', async () => {
    await expectRefusal(decide('sft', 0, 'x', lab.user('viewer')), 'forbidden')
    await expectRefusal(decide('sft', 0, 'x', lab.key('ingest')), 'forbidden')
    await expectRefusal(decide('sft', 0, 'x', lab.stranger()), 'not_found')
    await expectRefusal(page('full', {}, lab.stranger()), 'not_found')
  })
})
