/** A stage that holds up what follows: its gate keeps training and pins waiting until it opens, or until somebody lets them pass. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { createV1 } from '#src/api/v1/app.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { ExperimentInput } from '#src/protocol/experiments.ts'
import type { StageBudgetInput, StageVerdict } from '#src/protocol/forgetting.ts'
import { Pipeline } from '#src/protocol/pipeline.ts'
import { readAgentsPage } from '#src/services/agents/page.ts'
import { pinStageCheckpoint } from '#src/services/checkpoints/pin.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { overrideGate } from '#src/services/forgetting/override-gate.ts'
import { setStageBudget } from '#src/services/forgetting/set-budget.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { enqueueJob } from '#src/services/jobs/enqueue.ts'
import { followUp } from '#src/services/jobs/follow-up.ts'
import { releaseAllWaitingJobs } from '#src/services/jobs/release-all-waiting.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { launchPipeline } from '#src/services/pipelines/launch.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { planRun } from '#src/services/runs/plan.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
let scope: ProjectScope
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  const made = await makeProject(lab)
  project = made.slug
  scope = projectScope(lab.workspaceId, made.id)
})

const parentOf = (experiment: string): ExperimentInput['parents'] => [{ experiment, kind: 'init' }]
const idOf = async (slug: string): Promise<number> => {
  const [row] = await lab.database.sql<{ id: number }[]>`
    select id from experiments where project_id = ${scope.projectId} and slug = ${slug}`
  return row?.id ?? 0
}

/** A trained stage with one checkpoint, and a way to score it. */
async function trained(slug: string, parent?: string, step = 9) {
  if (step === 9) await makeExperiment(lab, project, slug, parent === undefined ? {} : { parents: parentOf(parent) })
  const run = await makeRun(lab, project, slug)
  const { id } = await makeCheckpoint(run.ctx, run.uid, step)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  const score = (benchmark: string, right: number) =>
    postEvaluation(run.ctx, {
      ...evaluation({
        benchmark: { ...accuracy, slug: benchmark, chance: 0 },
        protocol: { task: benchmark, shots: 0, harness: 'test' },
        score: right / 100,
        n: 100,
        items: rightOf(right, 100),
      }),
      checkpoint: id,
    })
  return { checkpoint: id, run, score }
}

/** A queued job of a stage: training that starts from `parent`, or the evaluation of the stage itself. */
async function job(slug: string, of: { parent: string } | 'evaluate') {
  const experimentId = await idOf(slug)
  const kind = of === 'evaluate' ? ('evaluate' as const) : ('train' as const)
  const run = await planRun(lab.user('editor'), scope, { experimentId, kind, config: {} })
  const inputs =
    of === 'evaluate'
      ? [{ role: 'target' as const, experimentId }]
      : [{ role: 'parent' as const, experimentId: await idOf(of.parent) }]
  const more = { queue: 'default', recipe: kind, params: {}, inputs }
  return enqueueJob(lab.user('editor'), scope, { ...more, experimentId, runId: run.id, kind })
}
const stateOf = async (id: number): Promise<string> =>
  (await lab.database.sql<{ state: string }[]>`select state from jobs where id = ${id}`)[0]?.state ?? ''
const tick = () => releaseAllWaitingJobs(lab.clock())
const budget = (more: Partial<StageBudgetInput>, ctx: Context = lab.user('editor')) =>
  setStageBudget(ctx, { workspace: 'lab', project, experiment: 'sft', benchmarks: [], ...more })
const verdict = () => getStageVerdict(lab.user('viewer'), { workspace: 'lab', project, experiment: 'sft' })
const letPass = (reason = 'A demo for Friday', ctx: Context = lab.user('editor')) =>
  overrideGate(ctx, { workspace: ctx.actor.kind === 'user' ? 'lab' : undefined, project, experiment: 'sft', reason })

/** base → sft, which lost a fifth of what it should keep and holds up what follows; dpo waits for it. */
async function overBudget() {
  const base = await trained('base')
  const sft = await trained('sft', 'base')
  await base.score('gsm', 60)
  await sft.score('gsm', 40)
  await makeExperiment(lab, project, 'dpo', { stage: 'dpo', parents: parentOf('sft') })
  await budget({ holds: true })
  const dpo = await job('dpo', { parent: 'sft' })
  await tick()
  return { base, sft, dpo }
}

describe('a stage that holds up what follows', () => {
  test('keeps training behind its closed gate waiting, and job, lineage and verdict say why', async () => {
    const { dpo } = await overBudget()
    const why =
      'Held up by the gate of sft #2: over budget against its parent, over budget against the root of its lineage, worst in gsm.'
    const { waiting } = await readAgentsPage(lab.user('viewer'), { workspace: 'lab' })
    expect(waiting.find((row) => row.id === dpo.uid)).toMatchObject({
      state: 'waiting',
      reason: why,
      held_by: { number: 2, name: 'sft' },
    })
    const { cards } = await getLineage(lab.user('viewer'), { workspace: 'lab', project })
    expect(cards.find(({ slug }) => slug === 'dpo')).toMatchObject({ state: 'waiting', state_detail: why })
    expect(await verdict()).toMatchObject({
      stops: true,
      budget: { holds: true },
      gate: { state: 'closed', held: [{ slug: 'dpo' }], override: null },
    })
  })

  test('lets it start once a newer evaluation passes', async () => {
    const { sft, dpo } = await overBudget()
    await sft.score('gsm', 60)
    expect(await tick()).toBe(1)
    expect(await stateOf(dpo.id)).toBe('queued')
    expect((await verdict()).gate).toEqual({ state: 'open', why: null, held: [], override: null })
  })

  test('lets it start at once under a wider budget, or when it holds nothing up any more', async () => {
    const { dpo } = await overBudget()
    await budget({ points: 50, benchmarks: [{ benchmark: 'gsm', tolerance: 0.5 }] })
    expect(await stateOf(dpo.id)).toBe('queued')
    await budget({ points: null, benchmarks: [{ benchmark: 'gsm', tolerance: null }] })
    const again = await job('dpo', { parent: 'sft' })
    await tick()
    expect(await stateOf(again.id)).toBe('waiting')
    await budget({ holds: false })
    expect(await stateOf(again.id)).toBe('queued')
  })

  test('lets a job of two parents know at once which gate holds it, when the other one opens', async () => {
    await overBudget()
    const math = await trained('math', 'base')
    await math.score('gsm', 30)
    await setStageBudget(lab.user('editor'), {
      workspace: 'lab',
      project,
      experiment: 'math',
      holds: true,
      benchmarks: [],
    })
    await makeExperiment(lab, project, 'both', { stage: 'task', parents: parentOf('sft') })
    const experimentId = await idOf('both')
    const run = await planRun(lab.user('editor'), scope, { experimentId, kind: 'train', config: {} })
    const both = await enqueueJob(lab.user('editor'), scope, {
      ...{ queue: 'default', recipe: 'train', params: {}, experimentId, runId: run.id, kind: 'train' },
      inputs: [
        { role: 'parent', experimentId: await idOf('sft') },
        { role: 'reference', experimentId: await idOf('math') },
      ],
    })
    await tick()
    const reason = async () =>
      (await lab.database.sql<{ reason: string }[]>`select reason from jobs where id = ${both.id}`)[0]?.reason
    await overrideGate(lab.user('editor'), { workspace: 'lab', project, experiment: 'math', reason: 'Kept apart' })
    expect(await reason()).toContain('Held up by the gate of sft')
    await letPass()
    expect(await stateOf(both.id)).toBe('queued')
    expect(await reason()).toBe('')
  })

  test('waits for its evaluation, then for what that left out, and never holds up the evaluation itself', async () => {
    const base = await trained('base')
    const sft = await trained('sft', 'base')
    await base.score('gsm', 60)
    await base.score('mmlu', 50)
    await makeExperiment(lab, project, 'dpo', { stage: 'dpo', parents: parentOf('sft') })
    await budget({ holds: true })
    const measured = await job('sft', 'evaluate')
    const dpo = await job('dpo', { parent: 'sft' })
    await tick()
    expect(await stateOf(measured.id)).toBe('queued')
    expect((await verdict()).gate).toMatchObject({ state: 'waiting', why: 'its evaluation has not ended' })
    await sft.score('gsm', 60)
    const end = {
      runId: sft.run.id,
      experimentId: await idOf('sft'),
      kind: 'evaluate' as const,
      state: 'finished' as const,
    }
    await lab.database.sql`update jobs set state = 'finished' where id = ${measured.id}`
    await inTransaction(lab.clock(), (tx) => followUp(tx, scope, end, ''))
    expect((await verdict()).gate).toMatchObject({ state: 'waiting', why: 'not measured on it: mmlu' })
    expect(await stateOf(dpo.id)).toBe('waiting')
    await sft.score('mmlu', 50)
    await tick()
    expect(await stateOf(dpo.id)).toBe('queued')
  })

  test('is none by default: a closed gate alone keeps nothing waiting', async () => {
    const base = await trained('base')
    const sft = await trained('sft', 'base')
    await base.score('gsm', 60)
    await sft.score('gsm', 40)
    await makeExperiment(lab, project, 'dpo', { stage: 'dpo', parents: parentOf('sft') })
    const dpo = await job('dpo', { parent: 'sft' })
    await tick()
    expect(await stateOf(dpo.id)).toBe('queued')
    expect(await verdict()).toMatchObject({
      stops: true,
      budget: { holds: false },
      gate: { state: 'closed', held: [] },
    })
  })

  test('does not cancel what it holds up when its training ends; without a checkpoint all of it is canceled', async () => {
    const { sft, dpo } = await overBudget()
    const end = {
      runId: sft.run.id,
      experimentId: await idOf('sft'),
      kind: 'train' as const,
      state: 'finished' as const,
    }
    expect(await inTransaction(lab.clock(), (tx) => followUp(tx, scope, end, ''))).toEqual([])
    expect(await stateOf(dpo.id)).toBe('waiting')
    await lab.database.sql`update checkpoints set deleted_at = now() where uid = ${sft.checkpoint}`
    const canceled = await inTransaction(lab.clock(), (tx) =>
      followUp(tx, scope, { ...end, state: 'failed' }, 'out of memory'),
    )
    expect(canceled).toHaveLength(1)
    expect(await stateOf(dpo.id)).toBe('canceled')
  })

  test('is told in a pipeline file, for one stage or for all', async () => {
    const stage = { stage: 'instruction', recipe: 'sft', parents: [{ experiment: 'base', kind: 'init' }] }
    const pipeline = Pipeline.parse({
      version: 1,
      name: 'Gated',
      defaults: { budget: { holds: true } },
      experiments: {
        base: { stage: 'pretrain', root: { kind: 'random_init' }, recipe: 'base' },
        sft: stage,
        free: { ...stage, budget: { holds: false } },
      },
    })
    await launchPipeline(lab.user('editor'), { workspace: 'lab', project: `${project}-file`, pipeline, quick: false })
    const holds = async (experiment: string) =>
      (await getStageVerdict(lab.user('viewer'), { workspace: 'lab', project: `${project}-file`, experiment })).budget
        .holds
    expect([await holds('base'), await holds('sft'), await holds('free')]).toEqual([true, true, false])
  })
})

describe('an override', () => {
  test('lets the checkpoint pass with a reason, which is kept with who gave it; what it held up starts', async () => {
    const { sft, dpo } = await overBudget()
    const { gate, stops } = await letPass('Arithmetic comes back in the next stage')
    expect(await stateOf(dpo.id)).toBe('queued')
    expect({ gate, stops }).toMatchObject({
      stops: false,
      gate: { state: 'overridden', override: { reason: 'Arithmetic comes back in the next stage' }, held: [] },
    })
    const [row] = await lab.database
      .sql`select detail from audit_log where action = 'gate.override' and detail ->> 'checkpoint' = ${sft.checkpoint}`
    expect(row?.detail).toMatchObject({ checkpoint: sft.checkpoint, reason: 'Arithmetic comes back in the next stage' })
    expect(row?.detail.why).toContain('over budget against its parent')
    expect((await expectRefusal(letPass(), 'conflict')).message).toContain('nothing to let pass')
  })

  test('is of one checkpoint: another one of the stage is judged anew', async () => {
    await overBudget()
    await letPass()
    const newer = await trained('sft', 'base', 12)
    await newer.score('gsm', 30)
    const pin = { workspace: 'lab', project, experiment: 'sft', checkpoint: newer.checkpoint }
    await expectRefusal(pinStageCheckpoint(lab.user('editor'), pin), 'conflict')
    await budget({ holds: false })
    await pinStageCheckpoint(lab.user('editor'), pin)
    expect(await verdict()).toMatchObject({ stops: true, gate: { state: 'closed', override: null } })
  })

  test('of a checkpoint that another one has replaced since it was looked at is refused, and nothing passes', async () => {
    const { sft, dpo } = await overBudget()
    const newer = await trained('sft', 'base', 12)
    await newer.score('gsm', 30)
    const of = { workspace: 'lab', project, experiment: 'sft', reason: 'As on Friday' }
    const pass = (checkpoint: string) => overrideGate(lab.user('editor'), { ...of, checkpoint })
    const refusal = await expectRefusal(pass(sft.checkpoint), 'conflict')
    expect(refusal.detail).toMatchObject({ errors: [{ pointer: '/checkpoint' }] })
    expect(await stateOf(dpo.id)).toBe('waiting')
    expect((await verdict()).gate).toMatchObject({ state: 'closed', override: null })
    expect((await pass(newer.checkpoint)).gate.state).toBe('overridden')
  })

  test('is for people who may write, and for nobody else', async () => {
    const { dpo } = await overBudget()
    await expectRefusal(letPass('x y z', lab.user('viewer')), 'forbidden')
    await expectRefusal(letPass('x y z', lab.key('ingest')), 'forbidden')
    await expectRefusal(letPass('x y z', lab.stranger()), 'not_found')
    expect(await stateOf(dpo.id)).toBe('waiting')
    await letPass('x y z', lab.key('admin'))
    expect(await stateOf(dpo.id)).toBe('queued')
  })
})

describe('a pin behind a shut gate', () => {
  const pin = (checkpoint: string | null, override?: string) =>
    pinStageCheckpoint(lab.user('editor'), { workspace: 'lab', project, experiment: 'sft', checkpoint, override })
  const pinned = async () =>
    (await lab.database.sql`select pinned_checkpoint_id as id from experiments where id = ${await idOf('sft')}`)[0]?.id

  test('is a conflict that names gate and way out, and nothing is written', async () => {
    const { sft } = await overBudget()
    const refusal = await expectRefusal(pin(sft.checkpoint), 'conflict')
    expect(refusal.message).toBe(
      'The gate of sft is closed: over budget against its parent, over budget against the root of its lineage, worst in gsm. ' +
        'Pin another checkpoint, set another budget, or send override with the reason why it may pass.',
    )
    expect(refusal.detail).toMatchObject({ state: 'closed', errors: [{ pointer: '/override' }] })
    expect(await pinned()).toBeNull()
  })

  test('is taken with a reason, which the gate then tells; and taking a pin away needs none', async () => {
    const { sft, dpo } = await overBudget()
    expect(await pin(sft.checkpoint, 'The best that we have')).toMatchObject({ pinned: sft.checkpoint })
    expect((await verdict()).gate.override).toMatchObject({ reason: 'The best that we have' })
    await tick()
    expect(await stateOf(dpo.id)).toBe('queued')
    expect(await pin(null)).toMatchObject({ pinned: null })
  })

  test('of a checkpoint that passes is taken as ever', async () => {
    await overBudget()
    const better = await trained('sft', 'base', 12)
    await better.score('gsm', 61)
    expect(await pin(better.checkpoint)).toMatchObject({ pinned: better.checkpoint })
  })
})

describe('the doors', () => {
  const call = async (method: string, path: string, ctx: Context, body?: unknown) => {
    const door = createV1({ services: lab.services, identify: async () => ctx.actor, closed: () => null })
    const answer = await door.request(`/api/v1/projects/${project}/experiments/sft${path}`, {
      method,
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return {
      status: answer.status,
      body: (await answer.json()) as StageVerdict & { detail?: string; errors?: unknown[] },
    }
  }

  test('let pass with a reason, and the gate that a script asks tells who did', async () => {
    await overBudget()
    expect(await call('GET', '/gate', lab.key('read'))).toMatchObject({ status: 409, body: { state: 'closed' } })
    const short = await call('POST', '/gate/override', lab.key('admin'), { reason: ' ' })
    expect(short).toMatchObject({ status: 400, body: { errors: [{ pointer: '/reason' }] } })
    const passed = await call('POST', '/gate/override', lab.key('admin'), { reason: 'Known and accepted' })
    expect(passed).toMatchObject({ status: 200, body: { gate: { state: 'overridden' } } })
    expect(await call('GET', '/gate', lab.key('read'))).toMatchObject({
      status: 200,
      body: { open: true, override: { reason: 'Known and accepted' } },
    })
  })

  test('are the same on the screen’s side', async () => {
    await overBudget()
    const caller = createCaller(appRouter)(lab.user('editor'))
    const passed = await caller.forgetting.overrideGate({
      workspace: 'lab',
      project,
      experiment: 'sft',
      reason: 'Known and accepted',
    })
    expect(passed.gate).toMatchObject({ state: 'overridden', override: { reason: 'Known and accepted' } })
  })
})
