import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { getLineage } from '#src/services/lineage/get.ts'
import { getRunDetail } from '#src/services/runs/detail.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { heartbeatRun } from '#src/services/runs/heartbeat.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let project: { slug: string; id: number }
const checkpoints: string[] = []

beforeAll(async () => {
  lab = await openLab()
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  await trained('base', 0, 1000, 180)
  await makeExperiment(lab, project.slug, 'sft', {
    parents: [{ experiment: 'base', kind: 'init' }],
    benchmarks: [{ benchmark: 'knowledge', tolerance: 0.1 }],
  })
  await trained('sft', 1000, 1600, 100)
  await makeExperiment(lab, project.slug, 'dpo', {
    stage: 'dpo',
    parents: [
      { experiment: 'sft', kind: 'init' },
      { experiment: 'sft', kind: 'reference' },
    ],
  })
  await makeExperiment(lab, project.slug, 'task', { stage: 'task', parents: [{ experiment: 'sft', kind: 'init' }] })
  const live = await makeRun(lab, project.slug, 'task')
  await heartbeatRun(live.ctx, { run: live.uid, attempt: 1, step: 49, total_steps: 100, message: 'half way' })
})
afterAll(() => lab.close())

/** A stage whose run logged, saved, was evaluated and finished. */
async function trained(experiment: string, fromTokens: number, toTokens: number, right: number): Promise<void> {
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
      JSON.stringify({
        groups: [{ step, m: { loss: step.map((i) => 3 - i / 150), tokens, tokens_per_s: step.map(() => 50) } }],
      }),
    ),
  })
  const { id } = await makeCheckpoint(run.ctx, run.uid, 299, { tokens: toTokens })
  checkpoints.push(id)
  const benchmark = { ...accuracy, slug: 'knowledge' }
  const input = evaluation({ benchmark, items: rightOf(right, 200), n: 200, score: right / 200 })
  await postEvaluation(run.ctx, { ...input, checkpoint: id })
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
}

const lineage = () => getLineage(lab.user('viewer'), { workspace: 'lab', project: project.slug })

test('a card says what the stage consumed, measured, lost, and how its loss went', async () => {
  const { cards } = await lineage()
  expect(cards.map((card) => [card.slug, card.state])).toEqual([
    ['base', 'finished'],
    ['sft', 'finished'],
    ['dpo', 'planned'],
    ['task', 'running'],
  ])
  const [base, sft] = cards
  expect(base).toMatchObject({ steps: 300, tokens: 1000, tokens_total: 1000, checkpoints: 1, evaluations: 1, runs: 1 })
  expect(base?.scores).toMatchObject([{ score: 0.9, benchmark: { slug: 'knowledge' } }])
  expect(sft).toMatchObject({ tokens: 600, tokens_total: 1600, over_budget: 1, device_kind: 'cpu', scores: [] })
  expect(sft?.checkpoint).toMatchObject({ id: checkpoints[1], step: 299, why: 'last' })
  expect(sft?.worst).toMatchObject({ change: -0.4, reading: 'lost', over_budget: 'certain', role: 'retention' })
  expect(sft?.loss).toMatchObject({ key: 'loss', run: 2 })
  expect(sft?.loss?.x.length).toBeLessThanOrEqual(120)
  expect(sft?.loss?.last).toBeCloseTo(1.1, 1)
})

test('a stage at work says how far it is and how long it will take', async () => {
  const task = (await lineage()).cards.find((card) => card.slug === 'task')
  expect(task).toMatchObject({ state_detail: 'half way', progress: { step: 49, total_steps: 100 } })
  expect(task?.progress?.seconds_left).toBeGreaterThan(0)
})

test('totals count stages, not the unstaged', async () => {
  await makeRun(lab, project.slug)
  const { totals, edges, last_write_at } = await lineage()
  expect(totals).toMatchObject({ stages: 4, planned: 1, running: 1, over_budget: 1, tokens: 1600 })
  expect(edges.map((edge) => edge.kind).sort()).toEqual(['init', 'init', 'init', 'reference'])
  expect(last_write_at).not.toBeNull()
})

test('the stage page compares with the parent and shows changed answers first', async () => {
  const page = await getStagePage(lab.user('viewer'), { workspace: 'lab', project: project.slug, experiment: 2 })
  expect(page.baseline).toMatchObject({
    kind: 'parent',
    experiment: { slug: 'base' },
    checkpoint: { id: checkpoints[0] },
  })
  expect(page.changes).toMatchObject([{ change: -0.4, reading: 'lost' }])
  expect(page.flips).toEqual([{ benchmark: 'knowledge', lost: 80, gained: 0, kept_right: 100, kept_wrong: 20 }])
  expect(page.samples[0]).toMatchObject({
    benchmark: 'knowledge',
    prompt: 'Question 100?',
    expected: 'yes',
    before: { output: 'yes', score: 1 },
    after: { output: 'no', score: 0 },
  })
  expect(page.runs).toMatchObject([{ number: 2, tokens_per_s: 50, loss_key: 'loss' }])
  expect(page.parents).toHaveLength(1)
  expect(page.children.map((edge) => edge.child.slug)).toEqual(['dpo', 'dpo', 'task'])
  const root = await getStagePage(lab.user('viewer'), { workspace: 'lab', project: project.slug, experiment: 1 })
  expect(root).toMatchObject({ baseline: null, changes: [], samples: [] })
  const dpo = await getStagePage(lab.user('viewer'), {
    workspace: 'lab',
    project: project.slug,
    experiment: 3,
    baseline: 'root',
  })
  expect(dpo).toMatchObject({ baseline: { kind: 'root', experiment: { slug: 'base' } }, siblings: [{ slug: 'task' }] })
})

test('the run page shows the configuration of the run that wrote the parent’s checkpoint', async () => {
  const detail = await getRunDetail(lab.user('viewer'), { workspace: 'lab', project: project.slug, run: 2 })
  expect(detail).toMatchObject({ parent_config: { lr: 0.1 }, parents: [{ slug: 'base', edge_kind: 'init' }] })
})

test('a lineage of 200 stages is read in as many statements as one of four', async () => {
  const count = async (slug: string) => {
    const seen: string[] = []
    const own = lab.services.db
    const ctx = lab.user('viewer')
    const counted = new Proxy(own, {
      get: (target, name, receiver) => {
        if (name === 'execute' || name === 'select') seen.push(String(name))
        return Reflect.get(target, name, receiver)
      },
    })
    await getLineage({ ...ctx, db: counted }, { workspace: 'lab', project: slug })
    return seen.length
  }
  const large = await makeProject(lab)
  await makeExperiment(lab, large.slug, 'root')
  const { sql } = lab.database
  await sql.begin(async (tx) => {
    await tx`insert into experiments (workspace_id, project_id, number, slug, name, stage_kind, created_by)
      select ${lab.workspaceId}, ${large.id}, n, 'x' || n, 'x' || n, 'task', 'user:1' from generate_series(2, 200) n`
    await tx`insert into edges (workspace_id, child_id, parent_id, kind, created_by)
      select ${lab.workspaceId}, x.id, (select id from experiments where project_id = ${large.id} and number = 1), 'init', 'user:1'
      from experiments x where x.project_id = ${large.id} and x.number > 1`
  })
  expect(await count(large.slug)).toBeLessThanOrEqual(await count(project.slug))
  expect(await count(project.slug)).toBeLessThanOrEqual(20)
})

test('of more than 2,000 stages the first are shown by number, and it is said how many are not', async () => {
  const vast = await makeProject(lab)
  await lab.database
    .sql`insert into experiments (workspace_id, project_id, number, slug, name, stage_kind, root_kind, created_by)
    select ${lab.workspaceId}, ${vast.id}, n, 'x' || n, 'x' || n, 'pretrain', 'random_init', 'user:1' from generate_series(1, 2003) n`
  const { cards, totals } = await getLineage(lab.user('viewer'), { workspace: 'lab', project: vast.slug })
  expect([cards.length, cards.at(-1)?.number]).toEqual([2000, 2000])
  expect(totals).toMatchObject({ stages: 2000, left_out: 3 })
  expect((await lineage()).totals.left_out).toBe(0)
})
