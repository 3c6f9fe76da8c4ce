import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { createV1 } from '#src/api/v1/app.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { workspaceScope } from '#src/db/scope.ts'
import { getBought } from '#src/services/cost/bought.ts'
import { getStageCost } from '#src/services/cost/project-cost.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getCapability } from '#src/services/lineage/capability.ts'
import { getTargetReached } from '#src/services/lineage/target-reached.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let project: { slug: string; id: number }

beforeAll(async () => {
  lab = await openLab()
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base', {
    loss_mask: 'all',
    mixture: [{ source: 'text', role: 'general', share: 1 }],
  })
  await trained('base', 0, 1000, { 149: 100, 299: 180 })
  await makeExperiment(lab, project.slug, 'sft', {
    loss_mask: 'response',
    mixture: [
      { source: 'chat', role: 'instruction', share: 0.75 },
      { source: 'text', role: 'replay', share: 0.25 },
    ],
    parents: [{ experiment: 'base', kind: 'init' }],
    benchmarks: [{ benchmark: 'knowledge', role: 'target' }],
  })
  await trained('sft', 1000, 1600, { 299: 100 })
  await makeExperiment(lab, project.slug, 'later', { stage: 'dpo', parents: [{ experiment: 'sft', kind: 'init' }] })
  await makeExperiment(lab, project.slug, 'other', { stage: 'task', parents: [{ experiment: 'base', kind: 'init' }] })
  await trained('other', 1000, 1200, { 299: 190 }, { task: 'mmlu', shots: 0, harness: 'test' })
})
afterAll(() => lab.close())

/** A stage whose run logged loss, rate and tokens; a checkpoint at each step of `right`, with so many of 200 items right. */
async function trained(
  experiment: string,
  fromTokens: number,
  toTokens: number,
  right: Readonly<Record<number, number>>,
  protocol?: { task: string; shots: number; harness: string },
): Promise<void> {
  const run = await makeRun(lab, project.slug, experiment)
  const step = Array.from({ length: 300 }, (_, i) => i)
  const tokens = step.map((i) => Math.round(fromTokens + ((toTokens - fromTokens) * (i + 1)) / step.length))
  await lab.services.metrics.append({
    workspaceId: lab.workspaceId,
    projectId: project.id,
    runId: run.id,
    clientId: randomUUID(),
    seq: 1,
    attempt: 1,
    fence: 0,
    body: Buffer.from(
      JSON.stringify({ groups: [{ step, m: { loss: step.map(() => 3), lr: step.map(() => 0.1), tokens } }] }),
    ),
  })
  for (const [at, n] of Object.entries(right)) {
    const { id } = await makeCheckpoint(run.ctx, run.uid, Number(at), { tokens: tokens[Number(at)] ?? toTokens })
    const benchmark = { ...accuracy, slug: 'knowledge' }
    const input = evaluation({
      benchmark,
      items: rightOf(n, 200),
      n: 200,
      score: n / 200,
      ...(protocol && { protocol }),
    })
    await postEvaluation(run.ctx, { ...input, checkpoint: id })
  }
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
}

const capability = (leaf: number | undefined = 2) =>
  getCapability(lab.user('viewer'), { workspace: 'lab', project: project.slug, leaf })

test('a path is placed on one axis: every stage begins where the one before it ended', async () => {
  const { stages, points, leaf, ends } = await capability()
  expect(leaf).toBe(2)
  expect(ends.map((end) => end.slug)).toEqual(['base', 'sft', 'other'])
  expect(stages.map((s) => [s.experiment.slug, s.axes.tokens.span, s.loss, s.learning_rate])).toEqual([
    ['base', { from: 0, to: 1000 }, 'loss', 'lr'],
    ['sft', { from: 1000, to: 1600 }, 'loss', 'lr'],
  ])
  expect(points.map((p) => [p.stage, p.of_stage, p.at.tokens, p.cells[0]?.score])).toEqual([
    [0, false, 500, 0.5],
    [0, true, 1000, 0.9],
    [1, true, 1600, 0.5],
  ])
})

test('the loss breaks where mask and data change, and the reasons are told', async () => {
  expect((await capability()).stages.map((stage) => stage.loss_breaks)).toEqual([
    [],
    ['loss on the answer only', 'other data'],
  ])
})

test('changes stand beside the scores of stages, against parent and root', async () => {
  const { points } = await capability()
  expect(points[1]?.cells[0]?.parent).toBeNull()
  expect(points[2]?.cells[0]?.parent).toMatchObject({ change: -0.4, reading: 'lost' })
  expect(points[2]?.cells[0]?.root).toMatchObject({ change: -0.4, reading: 'lost' })
  expect(points[2]?.cells[0]?.broken).toBeNull()
})

test('a score under another protocol is not joined', async () => {
  const { points } = await capability(4)
  expect(points.at(-1)?.cells[0]).toMatchObject({ score: 0.95, broken: 'another protocol' })
  expect(points.at(-1)?.cells[0]?.parent).toMatchObject({ change: null, reading: 'not_comparable' })
})

test('a stage that has not begun ends no path', async () => {
  await expect(capability(3)).rejects.toMatchObject({ code: 'not_found' })
})

test('strangers see nothing', async () => {
  const input = { workspace: 'lab', project: project.slug }
  await expect(getCapability(lab.stranger(), input)).rejects.toMatchObject({ code: 'not_found' })
  await expect(getBought(lab.stranger(), input)).rejects.toMatchObject({ code: 'not_found' })
})

test('both doors give the same path; a stage that is none, or no number, is refused', async () => {
  const reader = lab.key('read')
  const door = createV1({ services: lab.services, identify: async () => reader.actor, closed: () => null })
  const ask = (query: string) =>
    door.request(`/api/v1/projects/${project.slug}/capability${query}`, { headers: { authorization: 'Bearer reader' } })
  const answer = await ask('?leaf=2')
  expect(answer.status).toBe(200)
  const caller = createCaller(appRouter)(lab.user('viewer'))
  const screen = await caller.lineage.capability({ workspace: 'lab', project: project.slug, leaf: 2 })
  expect(screen.stages).toHaveLength(2)
  expect(await answer.json()).toEqual(screen)
  expect(await (await ask('')).json()).toMatchObject({ leaf: 4 })
  expect((await ask('?leaf=99')).status).toBe(404)
  expect((await ask('?leaf=sft')).status).toBe(400)
})

test('without a choice the newest stage at the end of a longest path is shown, as on the other pages', async () => {
  const { leaf } = await getCapability(lab.user('viewer'), { workspace: 'lab', project: project.slug })
  expect(leaf).toBe(4)
})

test('steps go on from stage to stage, and wall time is that of the runs', async () => {
  const { stages, points } = await capability()
  expect(stages.map((s) => [s.axes.steps.span, s.step_offset])).toEqual([
    [{ from: 0, to: 299 }, 0],
    [{ from: 299, to: 598 }, 299],
  ])
  expect(points.map((p) => p.at.steps)).toEqual([149, 299, 598])
  const [base, sft] = stages.map((s) => s.axes.wall_hours.span)
  expect(base?.from).toBe(0)
  expect(sft?.from).toBeGreaterThan(0)
  expect(sft?.to).toBeGreaterThanOrEqual(sft?.from ?? 0)
})

test('FLOPs are 6N per token where the parameters are told, and the stage without them is named', async () => {
  const before = await capability()
  expect(before.stages.map((s) => [s.axes.flops.span, s.axes.flops.why])).toEqual([
    [{ from: 0, to: 0 }, 'the number of parameters is not told'],
    [null, 'of base before it, the number of parameters is not told'],
  ])
  await lab.database.sql`update experiments set params = 10 where project_id = ${project.id}`
  const { stages, points } = await capability()
  expect(stages.map((s) => s.axes.flops.span)).toEqual([
    { from: 0, to: 60_000 },
    { from: 60_000, to: 96_000 },
  ])
  expect(points.map((p) => p.at.flops)).toEqual([30_000, 60_000, 96_000])
  expect(stages[0]?.axes.flops_attention.why).toContain('the sizes of its attention are not told')
})

test('a stage that learns from its own samples has a place by the rule of its cost, and the path goes on behind it', async () => {
  const { sql } = lab.database
  const turn = (kind: string, method: string | null) =>
    sql`update experiments set stage_kind = ${kind}, method = ${method} where project_id = ${project.id} and slug = 'sft'`
  const [was] = await sql<{ stage_kind: string; method: string | null }[]>`
    select stage_kind, method from experiments where project_id = ${project.id} and slug = 'sft'`
  await turn('rl_verifiable', 'grpo')
  try {
    const { stages, points } = await capability()
    // 2N to generate and 6N to train, of 10 parameters over 600 tokens.
    expect(stages[1]?.axes.flops).toEqual({ span: { from: 60_000, to: 108_000 }, why: null })
    expect(points.at(-1)?.at.flops).toBe(108_000)
    const ask = { workspace: 'lab', project: project.slug, experiment: 'sft', book: 'default', people: false, pue: 1 }
    expect((await getStageCost(lab.user('viewer'), ask)).flops).toMatchObject({ state: 'reckoned', per_token: 80 })
  } finally {
    await turn(was?.stage_kind ?? '', was?.method ?? null)
  }
})

test('tokens to a target and tokens per second are told of each stage, apart', async () => {
  const input = { workspace: 'lab', project: project.slug, benchmark: 'knowledge' }
  const { stages } = await getTargetReached(lab.user('viewer'), { ...input, target: 0.7 })
  expect(stages.map((s) => [s.experiment.slug, s.reached, s.tokens, s.own_tokens, s.at_most, s.measured])).toEqual([
    // Halfway from 0.5 at 500 tokens to 0.9 at 1,000.
    ['base', 'reached', 750, 750, false, 2],
    ['sft', 'at_start', 1000, null, false, 1],
    // Its start was there by another protocol, which says nothing of its own curve.
    ['other', 'reached', 1200, 200, true, 1],
  ])
  for (const { tokens_per_s } of stages) expect(tokens_per_s).toBeGreaterThan(0)
  const never = await getTargetReached(lab.user('viewer'), { ...input, target: 0.99 })
  expect(never.stages.map((s) => [s.reached, s.tokens, s.checkpoint?.score])).toEqual([
    ['never', null, 0.9],
    ['never', null, 0.9],
    ['never', null, 0.95],
  ])
})

test('a target on a benchmark that nobody measured is refused with those that were', async () => {
  const input = { workspace: 'lab', project: project.slug, benchmark: 'knowlege', target: 0.7 }
  await expect(getTargetReached(lab.user('viewer'), input)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('knowledge'),
  })
  await expect(getTargetReached(lab.stranger(), input)).rejects.toMatchObject({ code: 'not_found' })
})

test('what stages bought: scores, the change of the target, and the share of replay', async () => {
  const { benchmarks, stages } = await getBought(lab.user('viewer'), { workspace: 'lab', project: project.slug })
  expect(benchmarks).toMatchObject([{ slug: 'knowledge', is_target: true }])
  expect(stages.map((s) => [s.experiment.slug, s.parent, s.replay, s.tokens, s.targets])).toEqual([
    ['base', null, 0, 1000, []],
    ['sft', 1, 0.25, 1600, ['knowledge']],
    ['later', 2, null, 1600, []],
    ['other', 1, null, 1200, []],
  ])
  expect(stages[0]?.points.map((p) => [p.checkpoint.step, p.of_stage])).toEqual([
    [149, false],
    [299, true],
  ])
  expect(stages[1]?.points[0]?.cells[0]?.change).toMatchObject({ utility: -0.4, reading: 'lost', role: 'target' })
})

test('scores of one benchmark in percent and as fractions are one curve, counted as the newest', async () => {
  await makeExperiment(lab, project.slug, 'percent', { stage: 'task' })
  const run = await makeRun(lab, project.slug, 'percent')
  for (const [step, score, scale] of [
    [1, 50, 100],
    [2, 0.9, 1],
  ] as const) {
    const { id } = await makeCheckpoint(run.ctx, run.uid, step, { tokens: step * 1000 })
    const benchmark = { ...accuracy, slug: 'counted' }
    await postEvaluation(run.ctx, { ...evaluation({ benchmark, score, scale }), checkpoint: id })
  }
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  const input = { workspace: 'lab', project: project.slug, benchmark: 'counted', target: 0.7 }
  const { stages } = await getTargetReached(lab.user('viewer'), input)
  const { tokens, checkpoint } = stages.find(({ experiment }) => experiment.slug === 'percent') ?? {}
  expect(tokens).toBeCloseTo(1500)
  expect(checkpoint?.score).toBe(0.9)
  const number = stages.find(({ experiment }) => experiment.slug === 'percent')?.experiment.number
  const { benchmarks, points } = await capability(number)
  const at = benchmarks.findIndex(({ slug }) => slug === 'counted')
  expect(points.map(({ cells }) => cells[at]?.score)).toEqual([0.5, 0.9])
})

test('checkpoints that are asked for by their ids come all, however many', async () => {
  await makeExperiment(lab, project.slug, 'many', { stage: 'task' })
  const run = await makeRun(lab, project.slug, 'many')
  await makeCheckpoint(run.ctx, run.uid, 0)
  const ids = await lab.database.sql<{ id: number }[]>`
    insert into checkpoints (uid, workspace_id, project_id, experiment_id, run_id, attempt, step)
    select gen_random_uuid(), c.workspace_id, c.project_id, c.experiment_id, c.run_id, c.attempt, s.step
    from checkpoints c join experiments x on x.id = c.experiment_id, generate_series(1, 1001) as s(step)
    where x.project_id = ${project.id} and x.slug = 'many' and c.step = 0
    returning id`
  const rows = await listCheckpoints(lab.services.db, workspaceScope(lab.workspaceId), {
    ids: ids.map(({ id }) => Number(id)),
  })
  expect(rows).toHaveLength(1001)
  expect(rows.at(-1)?.step).toBe(1)
})
