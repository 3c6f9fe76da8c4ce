import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { createV1 } from '#src/api/v1/app.ts'
import type { ForgettingVerdict, StageVerdict } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { getBestAncestor } from '#src/services/forgetting/best-ancestor.ts'
import { getLineageForgetting } from '#src/services/forgetting/lineage.ts'
import { setStageBudget } from '#src/services/forgetting/set-budget.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = (await makeProject(lab)).slug
})

/** A stage with a run and one checkpoint. */
async function stage(slug: string, parents: string[] = [], more: Parameters<typeof makeExperiment>[3] = {}) {
  await makeExperiment(lab, project, slug, {
    parents: parents.map((experiment) => ({
      experiment,
      kind: parents.length > 1 ? ('merge' as const) : ('init' as const),
    })),
    ...(parents.length > 1 && { stage: 'merge' }),
    ...more,
  })
  const run = await makeRun(lab, project, slug)
  const { id } = await makeCheckpoint(run.ctx, run.uid)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  /** Says that the first `right` of `n` items are right. */
  const score = (benchmark: string, right: number, n = 100, of: Partial<typeof accuracy> & { shots?: number } = {}) => {
    const { shots, ...definition } = of
    return postEvaluation(run.ctx, {
      ...evaluation({
        benchmark: { ...accuracy, slug: benchmark, ...definition },
        protocol: { task: benchmark, shots: shots ?? 0, harness: 'test' },
        score: right / n,
        n,
        items: rightOf(right, n),
      }),
      checkpoint: id,
    })
  }
  return { checkpoint: id, score }
}

const verdict = (experiment: string, ctx: Context = lab.user('viewer')) =>
  getStageVerdict(ctx, { workspace: 'lab', project, experiment })
const cellOf = (of: ForgettingVerdict, slug: string) => of.cells.find((cell) => cell.benchmark.slug === slug)

/** base → sft: law is the target, two benchmarks of knowledge and one of arithmetic should be kept. */
async function twoStages() {
  const base = await stage('base')
  const sft = await stage('sft', ['base'], { benchmarks: [{ benchmark: 'law', role: 'target' }] })
  await base.score('law', 30)
  await base.score('mmlu', 800, 1000)
  await base.score('popqa', 700, 1000)
  await base.score('gsm', 60, 100, { category: 'math', chance: 0 })
  await sft.score('law', 70)
  await sft.score('mmlu', 798, 1000)
  await sft.score('popqa', 690, 1000)
  await sft.score('gsm', 40, 100, { category: 'math', chance: 0 })
  return { base, sft }
}

describe('the verdict of a stage', () => {
  test('tells gain and retention side by side, by category first, with the worst cell by name', async () => {
    await twoStages()
    const { parent } = await verdict('sft')
    // (0.7 − 0.3) above a chance level of 0.25: 53.3 normalised points.
    expect(parent.target).toMatchObject({ unit: 'points', used: 1, total: 1 })
    expect(parent.target?.mean).toBeCloseTo(40 / 0.75, 6)
    // Knowledge: (−0.2 − 1) / 2 over 0.75; arithmetic: −20; the mean of the two.
    expect(parent.by_category.map(({ category, mean }) => [category, Number(mean.toFixed(6))])).toEqual(
      expect.arrayContaining([
        ['knowledge', -0.8],
        ['math', -20],
      ]),
    )
    expect(parent.retention).toMatchObject({ used: 3, total: 3, unit: 'points' })
    expect(parent.retention?.mean).toBeCloseTo(-10.4, 6)
    expect(parent.retention?.high).toBeLessThan(0)
    expect(parent.worst).toBe('gsm')
  })

  test('gives every kept cell its state, its budget and what is left above chance', async () => {
    await twoStages()
    const { parent } = await verdict('sft')
    expect(cellOf(parent, 'gsm')).toMatchObject({
      role: 'retention',
      unit: 'points',
      delta: -20,
      state: 'forgot',
      severe: true,
      tolerance: 1,
      budget: 'fail',
      paired_n: 100,
    })
    expect(cellOf(parent, 'gsm')?.retention).toBeCloseTo(40 / 60, 9)
    expect(cellOf(parent, 'mmlu')).toMatchObject({ state: 'retained', budget: 'pass' })
    expect(cellOf(parent, 'popqa')).toMatchObject({ state: 'forgot', severe: false, budget: 'warn' })
    expect(cellOf(parent, 'law')).toMatchObject({ role: 'target', state: 'improved', budget: null, tolerance: null })
    expect(parent.counts).toEqual({ forgot: 2, improved: 0, retained: 1, inconclusive: 0, not_comparable: 0 })
    expect(parent.budget).toEqual({
      verdict: 'fail',
      counts: { pass: 1, warn: 1, fail: 1, missing: 0 },
      mean_fails: true,
    })
  })

  test('says what was paid for a point gained, with its interval', async () => {
    await twoStages()
    const { exchange } = (await verdict('sft')).parent
    expect(exchange).toMatchObject({ unit: 'points', reason: null })
    expect(exchange.rate).toBeCloseTo(-10.4 / (40 / 0.75), 9)
    expect(exchange.low).toBeLessThan(exchange.rate ?? 0)
    expect(exchange.high).toBeGreaterThan(exchange.rate ?? 0)
  })

  test('does not tell an exchange rate for a gain that may be nothing', async () => {
    const { sft } = await twoStages()
    await sft.score('law', 31)
    const { exchange } = (await verdict('sft')).parent
    expect(exchange).toMatchObject({ rate: null, reason: 'the target gain is not significant' })
  })

  test('the root is a second reference, and so is its budget', async () => {
    await twoStages()
    const rl = await stage('rl', ['sft'])
    await rl.score('gsm', 41, 100, { category: 'math', chance: 0 })
    const of = await verdict('rl')
    expect(cellOf(of.parent, 'gsm')).toMatchObject({ delta: 1, budget: 'pass' })
    expect(cellOf(of.root, 'gsm')).toMatchObject({ delta: -19, budget: 'fail', vs: { stages_back: 2 } })
    expect(of.root.reference?.experiment.slug).toBe('base')
    expect(of.root.budget.verdict).toBe('fail')
    // Against the best ancestor it has lost what the root had.
    expect(cellOf(of.parent, 'gsm')?.best).toMatchObject({ experiment: { slug: 'base' }, lost: 19, ancestors: 2 })
    expect(cellOf(of.parent, 'gsm')?.best?.selection).toBeGreaterThan(0)
  })

  test('a loss counts in its own unit and is never averaged with rates', async () => {
    const base = await stage('base')
    const cpt = await stage('cpt', ['base'])
    const bpb = (at: typeof base, nats: number) =>
      postEvaluation(lab.key('ingest'), {
        ...evaluation({
          benchmark: { slug: 'general-bpb', category: 'text', kind: 'loss', higher_is_better: false },
          metric: 'bits_per_byte',
          protocol: { task: 'general-bpb', harness: 'test' },
          score: nats / Math.LN2 / 2,
          n: 40,
          items: Array.from({ length: 40 }, (_, i) => ({ id: `d${i}`, nats: nats + (i % 5) * 0.01 - 0.02, bytes: 2 })),
        }),
        checkpoint: at.checkpoint,
      })
    await bpb(base, 2)
    await bpb(cpt, 2.4)
    await base.score('mmlu', 60)
    await cpt.score('mmlu', 60)
    const { parent } = await verdict('cpt')
    expect(cellOf(parent, 'general-bpb')).toMatchObject({
      unit: 'bits_per_byte',
      state: 'forgot',
      budget: 'fail',
      severe: false,
    })
    expect(cellOf(parent, 'general-bpb')?.delta).toBeCloseTo(-0.4 / Math.LN2 / 2, 6)
    expect(parent.retention).toMatchObject({ mean: 0, total: 1 })
    expect(parent.drift?.mean).toBeCloseTo(-0.4 / Math.LN2 / 2, 6)
  })

  test('a merge is compared with its inputs and with the ancestor that they share', async () => {
    const base = await stage('base')
    const left = await stage('left', ['base'])
    const right = await stage('right', ['base'])
    const both = await stage('both', ['left', 'right'])
    for (const [at, right_] of [
      [base, 40],
      [left, 60],
      [right, 50],
      [both, 57],
    ] as const)
      await at.score('mmlu', right_)
    const { merge, parent } = await verdict('both')
    expect(merge).toMatchObject([{ unit: 'points', ancestor: { slug: 'base' } }])
    expect(merge[0]?.vs_best_input).toBeCloseTo(-3, 9)
    expect(merge[0]?.best_input?.slug).toBe('left')
    expect(merge[0]?.vs_best_low).toBeLessThan(-3)
    expect(merge[0]?.vs_best_high).toBeGreaterThan(-3)
    expect(merge[0]?.vs_weighted_mean).toBeCloseTo(2, 9)
    expect(merge[0]?.vs_ancestor).toBeCloseTo(17, 9)
    // Of equal weights the path follows the smaller id.
    expect(parent.reference?.experiment.slug).toBe('left')
    expect((await verdict('left')).merge).toEqual([])
  })

  test('safety stands apart from ability', async () => {
    const base = await stage('base')
    const sft = await stage('sft', ['base'])
    await base.score('xstest', 90, 100, { category: 'safety', chance: 0 })
    await sft.score('xstest', 60, 100, { category: 'safety', chance: 0 })
    const { parent } = await verdict('sft')
    expect(parent).toMatchObject({
      retention: null,
      safety: { mean: -30 },
      budget: { verdict: 'fail' },
      worst: 'xstest',
    })
  })
})

describe('what is missing', () => {
  test('a baseline without a cell warns, and the command that fills it has the protocol of its counterpart', async () => {
    const { base, sft } = await twoStages()
    await setStageBudget(lab.user('editor'), {
      workspace: 'lab',
      project,
      experiment: 'sft',
      points: 100,
      benchmarks: ['mmlu', 'popqa', 'gsm'].map((benchmark) => ({ benchmark, tolerance: 1 })),
    })
    await sft.score('arc', 50, 100, { shots: 25 })
    await setStageBudget(lab.user('editor'), {
      workspace: 'lab',
      project,
      experiment: 'sft',
      benchmarks: [{ benchmark: 'arc', role: 'retention' }],
    })
    const of = await verdict('sft')
    expect(cellOf(of.parent, 'arc')).toMatchObject({ delta: null, state: 'not_comparable', budget: 'missing' })
    expect(of.parent.budget.verdict).toBe('warn')
    expect(of.missing).toEqual([
      {
        benchmark: { slug: 'arc', name: 'arc' },
        role: 'retention',
        at: { experiment: expect.objectContaining({ slug: 'base' }), checkpoint: { id: base.checkpoint, step: 9 } },
        is_baseline: true,
        command: `descent.run.log_eval("arc", score=score, n=n, metric="acc", protocol={"task": "arc", "shots": 25, "metric": "acc", "harness": "test"}, checkpoint="${base.checkpoint}")`,
      },
    ])
    await base.score('arc', 50, 100, { shots: 25 })
    expect((await verdict('sft')).missing).toEqual([])
  })

  test('what the parent had and the stage did not measure is missing on the stage', async () => {
    const { base, sft } = await twoStages()
    await base.score('bbh', 50)
    const { parent, missing } = await verdict('sft')
    expect(cellOf(parent, 'bbh')).toMatchObject({ delta: null, reason: 'the stage was not measured on it' })
    expect(missing).toMatchObject([
      { benchmark: { slug: 'bbh' }, is_baseline: false, at: { checkpoint: { id: sft.checkpoint } } },
    ])
    // Three of four are 75 %: the mean is hidden, its worst member is not.
    expect(parent).toMatchObject({ retention: null, worst: 'gsm' })
    expect(parent.exchange.reason).toBe('only 3 of 4 benchmarks to be kept measured on both')
  })

  test('another protocol is not compared, and says what differs', async () => {
    const { sft } = await twoStages()
    await sft.score('gsm', 10, 100, { category: 'math', chance: 0, shots: 8 })
    const cell = cellOf((await verdict('sft')).parent, 'gsm')
    expect(cell).toMatchObject({ delta: null, state: 'not_comparable', budget: 'missing' })
    expect(cell?.reason).toContain('shots')
  })

  test('a parent without the cell is skipped for the nearest that has it, which counts for no single stage', async () => {
    await twoStages()
    const rl = await stage('rl', ['sft'])
    await rl.score('mmlu', 797, 1000)
    const dpo = await stage('dpo', ['rl'])
    await dpo.score('gsm', 50, 100, { category: 'math', chance: 0 })
    const cell = cellOf((await verdict('dpo')).parent, 'gsm')
    expect(cell).toMatchObject({ delta: 10, vs: { experiment: { slug: 'sft' }, stages_back: 2 }, budget: 'missing' })
  })

  test('a root and a stage without a checkpoint have nothing to be judged', async () => {
    await twoStages()
    await makeExperiment(lab, project, 'planned', { parents: [{ experiment: 'sft', kind: 'init' }] })
    for (const slug of ['base', 'planned']) {
      const of = await verdict(slug)
      expect(of).toMatchObject({ missing: [], stops: false, parent: { cells: [], budget: { verdict: null } } })
    }
  })
})

describe('the budget', () => {
  test('is set per benchmark and on the mean, and goes back to the default with null', async () => {
    await twoStages()
    const set = (more: Partial<Parameters<typeof setStageBudget>[1]>) =>
      setStageBudget(lab.user('editor'), { workspace: 'lab', project, experiment: 'sft', benchmarks: [], ...more })
    const loose = await set({
      points: 20,
      gate: 'warn',
      benchmarks: [
        { benchmark: 'gsm', tolerance: 0.4 },
        { benchmark: 'popqa', tolerance: 0.05 },
      ],
    })
    expect(loose).toMatchObject({ budget: { points: 20, gate: 'warn', points_default: false }, stops: false })
    expect(loose.parent.budget).toMatchObject({ verdict: 'pass', mean_fails: false })
    expect(cellOf(loose.parent, 'gsm')).toMatchObject({ tolerance: 40, budget: 'pass', state: 'forgot' })
    const tight = await set({ points: null, benchmarks: [{ benchmark: 'gsm', tolerance: null }] })
    expect(tight).toMatchObject({ budget: { points: 1, points_default: true, gate: 'warn' }, stops: true })
    expect(cellOf(tight.parent, 'gsm')).toMatchObject({ tolerance: 1, budget: 'fail' })
    expect(cellOf(tight.parent, 'popqa')).toMatchObject({ tolerance: 5, budget: 'pass' })
  })

  test('comes with the stage when it is made, and stays when the stage is written anew without one', async () => {
    await stage('base')
    const parents = [{ experiment: 'base', kind: 'init' as const }]
    await makeExperiment(lab, project, 'sft', { parents, budget: { points: 3, gate: 'warn' } })
    expect((await verdict('sft')).budget).toMatchObject({ points: 3, gate: 'warn' })
    await putExperiment(lab.user('editor'), {
      workspace: 'lab',
      project,
      slug: 'sft',
      stage: 'sft',
      parents,
      mixture: [],
      benchmarks: [],
    })
    expect((await verdict('sft')).budget).toMatchObject({ points: 3, gate: 'warn' })
  })

  test('shows on the card of the lineage, also where only the mean is over it', async () => {
    await twoStages()
    const card = async () => {
      const { cards, totals } = await getLineage(lab.user('viewer'), { workspace: 'lab', project })
      const { budget, over_budget } = cards.find(({ slug }) => slug === 'sft') ?? {}
      return { budget, over_budget, total: totals.over_budget }
    }
    expect(await card()).toEqual({ budget: 'fail', over_budget: 1, total: 1 })
    const benchmarks = ['mmlu', 'popqa', 'gsm'].map((benchmark) => ({ benchmark, tolerance: 0.5 }))
    await setStageBudget(lab.user('editor'), { workspace: 'lab', project, experiment: 'sft', benchmarks })
    expect(await card()).toEqual({ budget: 'fail', over_budget: 0, total: 1 })
    await setStageBudget(lab.user('editor'), {
      workspace: 'lab',
      project,
      experiment: 'sft',
      points: 50,
      benchmarks: [],
    })
    expect(await card()).toEqual({ budget: 'pass', over_budget: 0, total: 0 })
  })

  test('a gate that is off stops nothing', async () => {
    await twoStages()
    const set = { workspace: 'lab', project, experiment: 'sft', gate: 'off' as const, benchmarks: [] }
    expect((await verdict('sft')).stops).toBe(true)
    expect((await setStageBudget(lab.user('editor'), set)).stops).toBe(false)
  })

  test('of an unknown benchmark is refused with the nearest name, and nothing is written', async () => {
    await twoStages()
    const set = {
      workspace: 'lab',
      project,
      experiment: 'sft',
      points: 7,
      benchmarks: [{ benchmark: 'mmlo', tolerance: 0.1 }],
    }
    await expect(setStageBudget(lab.user('editor'), set)).rejects.toThrow(/no benchmark "mmlo".*"mmlu"/)
    expect((await verdict('sft')).budget).toMatchObject({ points: 1, points_default: true })
  })

  test('is set by people who may write, and read by whoever may read', async () => {
    await twoStages()
    const set = { workspace: 'lab', project, experiment: 'sft', points: 7, benchmarks: [] }
    await expectRefusal(setStageBudget(lab.user('viewer'), set), 'forbidden')
    await expectRefusal(setStageBudget(lab.key('ingest'), set), 'forbidden')
    await expectRefusal(setStageBudget(lab.stranger(), set), 'not_found')
    await expectRefusal(verdict('sft', lab.stranger()), 'not_found')
  })
})

describe('the lineage', () => {
  const lineage = (experiment: string) =>
    getLineageForgetting(lab.user('viewer'), { workspace: 'lab', project, experiment })

  /** base → law (aims at law) → code (aims at code); law falls from 70 to 61, code was 20 before its stage. */
  async function twoTargets() {
    const base = await stage('base')
    const law = await stage('law', ['base'], { benchmarks: [{ benchmark: 'law-exam', role: 'target' }] })
    const code = await stage('code', ['law'], { benchmarks: [{ benchmark: 'code-exam', role: 'target' }] })
    const flat = { chance: 0 }
    for (const [at, onLaw, onCode] of [
      [base, 30, 10],
      [law, 70, 20],
      [code, 61, 50],
    ] as const) {
      await at.score('law-exam', onLaw, 100, flat)
      await at.score('code-exam', onCode, 100, flat)
    }
    return { base, law, code }
  }

  test('tells what is left of every target, each measure with what it divides by', async () => {
    await twoTargets()
    const { measures, path, coverage } = await lineage('code')
    expect(path.map(({ experiment, targets }) => [experiment.slug, targets])).toEqual([
      ['base', []],
      ['law', ['law-exam']],
      ['code', ['code-exam']],
    ])
    expect(coverage).toBe(1)
    expect(measures).toMatchObject({
      learning_accuracy: { value: 60, over: 2 },
      final_accuracy: { value: 55.5, over: 2 },
      backward_transfer: { over: 1 },
      forgetting: { over: 1 },
      forward_transfer: { value: 20, over: 1 },
      lift_over_root: { value: 10, over: 1 },
      reason: null,
    })
    expect(measures.backward_transfer?.value).toBeCloseTo(-9, 9)
    expect(measures.backward_transfer?.high).toBeLessThan(0)
    expect(measures.forgetting?.value).toBeCloseTo(9, 9)
  })

  test('tells the change from end to end, and what the best stage on the way had', async () => {
    await twoTargets()
    const { end_to_end } = await lineage('code')
    const law = end_to_end.find(({ benchmark }) => benchmark.slug === 'law-exam')
    expect(law).toMatchObject({ unit: 'points', from: { slug: 'base' }, best: { slug: 'law' } })
    expect(law?.delta).toBeCloseTo(31, 9)
    expect(law?.lost).toBeCloseTo(9, 9)
    // Introduced at the leaf: no earlier stage counts.
    expect(end_to_end.find(({ benchmark }) => benchmark.slug === 'code-exam')).toMatchObject({ lost: null, best: null })
  })

  test('against the best ancestor gives a joint interval, what of it is selection, and the honest figure', async () => {
    await twoTargets()
    const late = await stage('late', ['code'])
    await late.score('law-exam', 50, 100, { chance: 0 })
    const ask = (benchmark: string) =>
      getBestAncestor(lab.user('viewer'), { workspace: 'lab', project, experiment: 'late', benchmark })
    const of = await ask('law-exam')
    // base was measured too, but before law aimed at it.
    expect(of.ancestors.map(({ slug }) => slug).sort()).toEqual(['code', 'law'])
    expect(of).toMatchObject({ n: 100, best: { slug: 'law' }, reason: null })
    expect(of.lost?.value).toBeCloseTo(20, 9)
    expect(of.lost?.low).toBeGreaterThan(5)
    expect(of.lost?.selection).toBeGreaterThan(1)
    expect(of.honest).toBeCloseTo(20, 9)
    await expectRefusal(ask('code-exam'), 'not_found')
  })

  test('with one stage that has a target says why most measures are not defined', async () => {
    await twoTargets()
    const { measures } = await lineage('law')
    expect(measures).toMatchObject({ learning_accuracy: { value: 70 }, backward_transfer: null, forgetting: null })
    expect(measures.reason).toContain('one stage with a target')
  })

  test('without a cell says what is missing', async () => {
    const { base } = await twoTargets()
    const late = await stage('late', ['code'], { benchmarks: [{ benchmark: 'math', role: 'target' }] })
    await late.score('math', 80, 100, { chance: 0 })
    const { measures, coverage } = await lineage('late')
    expect(measures).toMatchObject({ learning_accuracy: { over: 3 }, final_accuracy: null, backward_transfer: null })
    expect(measures.reason).toContain('not measured')
    expect(coverage).toBe(0)
    expect(base.checkpoint).toBeTruthy()
  })
})

describe('both doors', () => {
  const tokens: Record<string, Context> = {}
  const door = () =>
    createV1({
      services: lab.services,
      identify: async (token) => {
        const ctx = tokens[token ?? '']
        if (!ctx) throw new Refusal('unauthenticated', 'Who?')
        return ctx.actor
      },
      closed: () => null,
    })
  const call = async (method: string, path: string, token: string, body?: unknown) => {
    tokens.read ??= lab.key('read')
    tokens.admin ??= lab.key('admin')
    const answer = await door().request(`/api/v1/projects/${project}/experiments/sft${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as StageVerdict & { detail?: string } }
  }

  test('tell the same verdict, and set the same budget', async () => {
    await twoStages()
    const seen = await call('GET', '/forgetting', 'read')
    expect(seen).toMatchObject({ status: 200, body: { stops: true, parent: { worst: 'gsm' } } })
    const caller = createCaller(appRouter)(lab.user('editor'))
    expect(await caller.forgetting.stage({ workspace: 'lab', project, experiment: 'sft' })).toEqual(seen.body)
    const set = await call('PATCH', '/budget', 'admin', {
      points: 30,
      benchmarks: [{ benchmark: 'gsm', tolerance: 0.5 }],
    })
    expect(set).toMatchObject({ status: 200, body: { budget: { points: 30 } } })
    const again = await caller.forgetting.setBudget({
      workspace: 'lab',
      project,
      experiment: 'sft',
      gate: 'off',
      benchmarks: [],
    })
    expect(again).toMatchObject({ budget: { points: 30, gate: 'off' }, stops: false })
    const line = await call('GET', '/lineage-forgetting', 'read')
    expect(line.status).toBe(200)
    expect(await caller.forgetting.lineage({ workspace: 'lab', project, experiment: 'sft' })).toEqual(line.body)
  })

  test('a closed gate is a conflict that says why, an open one an answer', async () => {
    await twoStages()
    const closed = await call('GET', '/gate', 'read')
    expect(closed).toMatchObject({ status: 409, body: { gate: 'fail', worst: 'gsm', verdict: { parent: 'fail' } } })
    expect(closed.body.detail).toContain('The gate of sft is closed: over budget against its parent')
    await call('PATCH', '/budget', 'admin', { gate: 'off' })
    expect(await call('GET', '/gate', 'read')).toMatchObject({
      status: 200,
      body: { open: true, gate: 'off', override: null },
    })
  })

  test('refuse a reader who would set, and a tolerance below 0, by its name', async () => {
    await twoStages()
    expect((await call('PATCH', '/budget', 'read', { points: 3 })).status).toBe(403)
    const bad = await call('PATCH', '/budget', 'admin', { benchmarks: [{ benchmark: 'gsm', tolerance: -1 }] })
    expect(bad.status).toBe(400)
    expect(JSON.stringify(bad.body)).toContain('/benchmarks/0/tolerance')
  })
})
