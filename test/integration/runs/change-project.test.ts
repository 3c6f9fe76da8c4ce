/** A run that goes to a stage of another project: what goes along, where its addresses lead, and the way back. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { projectScope } from '#src/db/scope.ts'
import type { BulkAnswer, BulkChange } from '#src/protocol/bulk-runs.ts'
import { RunsTableInput } from '#src/protocol/runs-table.ts'
import { listArtifacts } from '#src/services/artifacts/read.ts'
import { getCheckpoint, listCheckpoints } from '#src/services/checkpoints/get.ts'
import { readConsole } from '#src/services/console/read-console.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { DEFAULT_BOOK } from '#src/services/cost/book.ts'
import { addCostEntry } from '#src/services/cost/entries.ts'
import { getRunCost } from '#src/services/cost/run-cost.ts'
import { getEvaluation } from '#src/services/evaluations/get.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { enqueueJob } from '#src/services/jobs/enqueue.ts'
import { listSummaries } from '#src/services/metrics/list-summaries.ts'
import { readChart } from '#src/services/metrics/read-chart.ts'
import { getNote } from '#src/services/notes/read.ts'
import { writeNote } from '#src/services/notes/write.ts'
import { postBattles } from '#src/services/preferences/post.ts'
import { getPreferences } from '#src/services/preferences/ratings.ts'
import { getProjectStorage } from '#src/services/projects/storage-use.ts'
import { updateProject } from '#src/services/projects/update.ts'
import { changeRuns } from '#src/services/runs/bulk.ts'
import { holdProjects } from '#src/services/runs/change-project.ts'
import { getRunDetail } from '#src/services/runs/detail.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { moveHeldRun, moveRun } from '#src/services/runs/move.ts'
import { openMoveTarget } from '#src/services/runs/move-target.ts'
import { putRun } from '#src/services/runs/put.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { getRunsTable } from '#src/services/runs/table.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint, upload } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

type Project = Awaited<ReturnType<typeof makeProject>>
type MadeRun = Awaited<ReturnType<typeof makeRun>>

let lab: Lab
/** The run's home, with a stage "base"; and where it goes, with stages "base" and "sft" and a run of its own. */
let old: Project
let there: Project
let run: MadeRun
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  old = await makeProject(lab)
  there = await makeProject(lab)
  for (const project of [old, there]) await makeExperiment(lab, project.slug, 'base')
  await makeExperiment(lab, there.slug, 'sft')
  await ended(await makeRun(lab, there.slug, 'base'))
  run = await makeRun(lab, old.slug, 'base')
})

const ended = async (of: MadeRun): Promise<MadeRun> => {
  await finishRun(of.ctx, { run: of.uid, attempt: 1, reason: 'finished', streams: [] })
  return of
}
const viewer = () => lab.user('viewer')
const at = (project: Project, number: number) => ({ workspace: 'lab', project: project.slug, run: number })
const move = (as: Context = lab.user('editor'), experiment = 'sft', to = there) =>
  moveRun(as, { run: run.uid, experiment, to_project: to.slug })
const log = (
  of: MadeRun,
  project: Project,
  key: string,
  values: number[],
  more: { seq?: number; client?: string } = {},
) =>
  lab.services.metrics.append({
    ...{ workspaceId: lab.workspaceId, projectId: project.id, runId: of.id, attempt: 1, fence: 0 },
    ...{ clientId: more.client ?? randomUUID(), seq: more.seq ?? 1 },
    body: Buffer.from(JSON.stringify({ groups: [{ step: values.map((_, i) => i), m: { [key]: values } }] })),
  })
const table = async (project: Project, q = '', columns: string[] = []) =>
  (
    await getRunsTable(viewer(), {
      ...RunsTableInput.parse({ q, columns }),
      workspace: 'lab',
      project: project.slug,
    })
  ).rows.map((row) => row.number)
/** Every table that names a run, or something of a run, and a project: where rows of this run say that it is; `both` where they differ. */
const homes = async (of = run) => {
  const rows = await lab.database.sql<{ of: string; project_id: number }[]>`
    select 'run' as of, project_id from runs where id = ${of.id}
    union all select 'checkpoint', project_id from checkpoints where run_id = ${of.id}
    union all select 'evaluation', e.project_id from evaluations e join checkpoints c on c.id = e.checkpoint_id where c.run_id = ${of.id}
    union all select 'artifact', project_id from artifacts where run_id = ${of.id}
    union all select 'note', project_id from notes where run_id = ${of.id}
    union all select 'entry', project_id from cost_entries where run_id = ${of.id}
    union all select 'job', project_id from jobs where run_id = ${of.id}
    union all select 'value', project_id from config_values where run_id = ${of.id}
    union all select 'tag', project_id from run_tags where run_id = ${of.id}
    union all select 'summary', project_id from metric_latest where run_id = ${of.id}`
  const found: Record<string, number | 'both'> = {}
  for (const { of: name, project_id } of rows)
    found[name] = found[name] === undefined || found[name] === project_id ? project_id : 'both'
  return found
}
/** Summaries are written behind. */
const summaries = (count: number) =>
  expect
    .poll(async () => (await lab.database.sql`select 1 from metric_latest where run_id = ${run.id}`).length, {
      timeout: 20_000,
    })
    .toBe(count)
/** What the run's pages show of it, by any of its addresses. */
const shown = async (project: Project, number: number) => {
  const place = at(project, number)
  const detail = await getRunDetail(viewer(), place)
  const chart = await readChart(viewer(), {
    ...{ workspace: 'lab', project: project.slug, runs: [number], metrics: ['loss'], x: 'step' as const },
    ...{ px: 100, superseded: false, across: false },
  })
  return {
    uid: detail.uid,
    attempts: detail.attempts,
    allocations: detail.allocations,
    config: detail.config,
    tags: detail.tags,
    starred: detail.starred,
    summaries: await listSummaries(viewer(), place),
    curve: chart.series.map(({ y }) => [...y]),
    lines: (await readConsole(viewer(), { ...place, limit: 10, tail: false })).lines,
    artifacts: (await listArtifacts(viewer(), { ...place, limit: 10 })).items.map(({ id, name }) => ({ id, name })),
    checkpoints: (await listCheckpoints(viewer(), place)).items.map(({ id, step }) => ({ id, step })),
    note: (await getNote(viewer(), { workspace: 'lab', project: project.slug, about: { subject: 'run', run: number } }))
      .note,
    cost: (await getRunCost(viewer(), { ...place, book: DEFAULT_BOOK, people: false, pue: 1 })).total,
  }
}

/** Gives the run one of everything, and ends it. */
async function furnish(): Promise<{ checkpoint: string; evaluation: string; child: string }> {
  const editor = lab.user('editor')
  await log(run, old, 'loss', [3, 2, 1])
  await lab.services.metrics.appendConsole({
    ...{ workspaceId: lab.workspaceId, projectId: old.id, runId: run.id, clientId: randomUUID() },
    ...{
      seq: 1,
      attempt: 1,
      fence: 0,
      body: Buffer.from(JSON.stringify({ lines: [{ t: 1_000, fd: 1, text: 'hello' }] })),
    },
  })
  await upload(run.ctx, run.uid, 'notes.txt', 'what it is')
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 2)
  const measured = await postEvaluation(run.ctx, { ...evaluation(), checkpoint: checkpoint.id })
  await makeExperiment(lab, old.slug, 'child', { parents: [{ checkpoint: checkpoint.id, kind: 'init' }] })
  await updateRun(editor, { run: run.uid, tags: ['keep'], starred: true })
  await writeNote(editor, {
    ...at(old, run.number),
    about: { subject: 'run', run: run.number },
    body: 'Good.',
    revision: 0,
  })
  await addCostEntry(lab.user('admin'), {
    ...{ workspace: 'lab', project: old.slug, experiment: 'base', run: run.number, kind: 'labels', amount: '7' },
    ...{ currency: 'USD', on: '2026-01-05', assumed: false, note: '' },
  })
  await ended(run)
  return { checkpoint: checkpoint.id, evaluation: measured.id, child: 'child' }
}

test('a run goes to a stage of another project with all it has, and every table says so', async () => {
  const has = await furnish()
  await summaries(1)
  const before = await shown(old, run.number)
  expect(before).toMatchObject({
    note: { body: 'Good.' },
    tags: ['keep'],
    curve: [[3, 2, 1]],
    lines: [{ text: 'hello' }],
  })
  const moved = await move()
  expect(moved).toMatchObject({ project: there.slug, number: 2, experiment: { project: there.slug, slug: 'sft' } })
  expect(await shown(there, 2)).toEqual(before)
  const found = await homes()
  expect(Object.keys(found).sort()).toEqual([
    'artifact',
    'checkpoint',
    'entry',
    'evaluation',
    'note',
    'run',
    'summary',
    'tag',
    'value',
  ])
  expect(new Set(Object.values(found))).toEqual(new Set([there.id]))
  const checkpoint = await getCheckpoint(viewer(), { checkpoint: has.checkpoint })
  expect(checkpoint).toMatchObject({
    experiment: { project: there.slug, slug: 'sft' },
    children: [{ slug: has.child }],
  })
  expect((await getEvaluation(viewer(), { evaluation: has.evaluation })).checkpoint).toBe(has.checkpoint)
})

test('searches, summaries and storage count it where it is, and no more where it was', async () => {
  await furnish()
  await summaries(1)
  await move()
  for (const q of ['tag = keep', 'config.lr = 0.1', 'metrics.loss <= 1', 'Good']) {
    expect([q, await table(old, q)]).toEqual([q, []])
    expect([q, (await table(there, q)).includes(2)]).toEqual([q, true])
  }
  const used = async (project: Project) => {
    const { largest_runs } = await getProjectStorage(viewer(), { workspace: 'lab', project: project.slug })
    return { largest: largest_runs.map(({ number }) => number) }
  }
  expect(await used(old)).toEqual({ largest: [] })
  expect((await used(there)).largest).toContain(2)
})

test('its old address leads to it, also after both projects were renamed, and the old number is given to no other', async () => {
  await furnish()
  const before = await shown(old, run.number)
  await move()
  expect(await shown(old, run.number)).toEqual(before)
  const renamed = { ...old, slug: `${old.slug}-renamed` }
  await updateProject(lab.user('admin'), { workspace: 'lab', project: old.slug, slug: renamed.slug })
  await updateProject(lab.user('admin'), { workspace: 'lab', project: there.slug, slug: `${there.slug}-renamed` })
  for (const project of [old, renamed])
    expect(await getRunDetail(viewer(), at(project, run.number))).toMatchObject({
      uid: run.uid,
      project: `${there.slug}-renamed`,
      number: 2,
    })
  expect((await makeRun(lab, renamed.slug, 'base')).number).toBe(run.number + 1)
})

test('charts of the old project draw it by its old number and by its uid, alone and in a group', async () => {
  await furnish()
  await move()
  const ask = { workspace: 'lab', project: old.slug, metrics: ['loss'], x: 'step' as const, px: 100, superseded: false }
  const plain = await readChart(viewer(), { ...ask, runs: [run.uid] })
  expect(plain.series.map((series) => series.run)).toEqual([run.number])
  const grouped = await readChart(viewer(), {
    ...ask,
    runs: [run.number],
    group: { by: 'experiment', center: 'mean', band: 'min_max' },
  })
  expect(grouped.groups?.map((line) => [line.group, line.runs])).toEqual([['sft', [run.number]]])
})

test('the machine door answers the old number with the run for who may read where it is, and with 404 for others', async () => {
  await ended(run)
  await move()
  const ask = async (as: Context) => {
    const app = createV1({ services: lab.services, identify: async () => as.actor, closed: () => null })
    const headers = { authorization: 'Bearer x' }
    const answer = await app.request(`/api/v1/projects/${old.slug}/runs/${run.number}/cost`, { headers })
    return answer.status
  }
  expect(await ask(lab.key('read'))).toBe(200)
  expect(await ask(lab.key('read', old.id))).toBe(404)
  await expectRefusal(getRunDetail(lab.key('read', old.id), at(old, run.number)), 'not_found')
  await expectRefusal(getRunDetail(lab.stranger(), at(old, run.number)), 'not_found')
})

test('moved back it has its old number again, and the number that it had there leads to it', async () => {
  await furnish()
  await summaries(1)
  const before = [await shown(old, run.number), await homes()]
  await move()
  expect(await move(lab.user('editor'), 'base', old)).toMatchObject({ project: old.slug, number: run.number })
  expect([await shown(old, run.number), await homes()]).toEqual(before)
  expect(await getRunDetail(viewer(), at(there, 2))).toMatchObject({ uid: run.uid, project: old.slug })
  expect((await move()).number).toBe(2)
  expect((await makeRun(lab, there.slug, 'base')).number).toBe(3)
})

test('many are moved at once to another project, and the undo brings each back to its stage and number', async () => {
  await makeExperiment(lab, old.slug, 'other')
  await ended(run)
  const second = await ended(await makeRun(lab, old.slug, 'other'))
  const third = await ended(await makeRun(lab, old.slug, 'base'))
  const change = (project: string, change: BulkChange, runs: string[]): Promise<BulkAnswer> =>
    changeRuns(lab.user('editor'), { workspace: 'lab', project, change, choice: { runs }, leave_out: false })
  const placed = async () =>
    await lab.database.sql`
      select p.slug as project, x.slug as stage, r.number from runs r join experiments x on x.id = r.experiment_id
      join projects p on p.id = r.project_id where r.id in ${lab.database.sql([run.id, second.id, third.id])} order by r.id`
  const before = await placed()
  const answer = await change(old.slug, { do: 'move', experiment: 'sft', to_project: there.slug }, [
    run.uid,
    second.uid,
    third.uid,
  ])
  expect(answer).toMatchObject({ chosen: 3, changed: 3, left_out: [] })
  expect((await placed()).map(({ project, stage, number }) => [project, stage, number])).toEqual(
    [2, 3, 4].map((number) => [there.slug, 'sft', number]),
  )
  for (const step of answer.undo) await change(step.project ?? old.slug, step.change, step.runs)
  expect(await placed()).toEqual(before)
})

test('a run that is written to stays, alone and among many; one that was lost too, since its program may come back', async () => {
  const refused = await expectRefusal(move(), 'conflict')
  expect(refused.message).toContain(`Run ${run.number} cannot leave its project. It is running: its program writes`)
  const many = { workspace: 'lab', project: old.slug, choice: { runs: [run.uid] }, leave_out: true }
  const change = { do: 'move' as const, experiment: 'sft', to_project: there.slug }
  const answer = await changeRuns(lab.user('editor'), { ...many, change })
  expect(answer).toMatchObject({ changed: 0, left_out: [{ uid: run.uid }], undo: [] })
  expect(await homes()).toMatchObject({ run: old.id })
  await lab.database.sql`update runs set state = 'lost' where id = ${run.id}`
  await expectRefusal(move(), 'conflict')
  await ended(run)
  expect((await move()).project).toBe(there.slug)
})

test('a run that was preempted and moved is resumed under its old project, and its points count where the run is', async () => {
  const client = randomUUID()
  await log(run, old, 'loss', [3, 2], { client })
  await lab.database.sql`update runs set state = 'preempted' where id = ${run.id}`
  await move()
  // A batch that was under way when the run moved, by a process that has not heard of it.
  await log(run, old, 'fresh', [1], { client, seq: 2 })
  const again = await putRun(run.ctx, {
    ...{ project: old.slug, run: run.uid, kind: 'train', config: {}, environment: {}, tags: ['resumed'] },
  })
  expect(again).toMatchObject({ created: false, run: { project: there.slug, number: 2, tags: ['resumed'] } })
  expect(await startAttempt(run.ctx, { run: run.uid, first_step: 5 })).toMatchObject({ attempt: 2 })
  await summaries(2)
  expect(await homes()).toMatchObject({ run: there.id, summary: there.id })
  expect(
    await lab.database.sql`select 1 from metric_latest where run_id = ${run.id} and project_id <> ${there.id}`,
  ).toHaveLength(0)
  const elsewhere = await makeProject(lab)
  await expectRefusal(
    putRun(run.ctx, { project: elsewhere.slug, run: run.uid, kind: 'train', config: {}, environment: {}, tags: [] }),
    'conflict',
  )
})

test('an evaluation that comes while the run moves is where its checkpoint is', async () => {
  const made = await makeCheckpoint(run.ctx, run.uid, 2)
  await ended(run)
  const mover = lab.user('editor')
  let posted: Promise<unknown> = Promise.resolve()
  await inTransaction(mover, async (tx) => {
    const scope = projectScope(lab.workspaceId, old.id)
    const target = await openMoveTarget(tx, scope, { experiment: 'sft', project: there.slug })
    await holdProjects(tx, scope, target)
    await moveHeldRun(tx, scope, await lockRun(tx.db, scope, run.id), target)
    posted = postEvaluation(run.ctx, { ...evaluation(), checkpoint: made.id })
    // Long enough to reach the checkpoint that is held.
    await pause(500)
  })
  await posted
  expect(await homes()).toMatchObject({ checkpoint: there.id, evaluation: there.id })
})

test('it needs the right to write runs in both projects; to others the target is not there', async () => {
  await ended(run)
  for (const ctx of [viewer(), lab.key('read'), run.ctx]) await expectRefusal(move(ctx), 'forbidden')
  await expectRefusal(move(lab.stranger()), 'not_found')
  for (const bound of [old, there]) await expectRefusal(move(lab.key('admin', bound.id)), 'not_found')
  const absent = await expectRefusal(move(lab.user('editor'), 'sft', { slug: 'nowhere', id: 0 }), 'not_found')
  expect(absent.message).toContain('The project "nowhere"')
  const stage = await expectRefusal(move(lab.user('editor'), 'nothing'), 'not_found')
  expect(stage.message).toContain(`The experiment "nothing" of project "${there.slug}"`)
  expect(await homes()).toMatchObject({ run: old.id })
  expect((await move(lab.key('admin'))).project).toBe(there.slug)
})

test('a job that ended goes with its run; one that has not keeps it', async () => {
  await ended(run)
  const [row] = await lab.database.sql<{ id: number }[]>`select experiment_id as id from runs where id = ${run.id}`
  const job = await enqueueJob(lab.user('admin'), projectScope(lab.workspaceId, old.id), {
    ...{ queue: 'default', experimentId: row?.id ?? 0, runId: run.id, kind: 'train', recipe: 'train', params: {} },
    inputs: [],
  })
  expect((await expectRefusal(move(), 'conflict')).message).toContain('Cancel the job first')
  await lab.database.sql`update jobs set state = 'canceled' where id = ${job.id}`
  await move()
  expect(await homes()).toMatchObject({ run: there.id, job: there.id })
})

test('battles stay where people judged them, with the checkpoint that moved by its name', async () => {
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 2)
  await ended(run)
  const battle = { prompt: 'p', category: '', rater: 'ann', rater_kind: 'person' as const, winner: 'a' as const }
  await postBattles(lab.key('admin'), {
    project: old.slug,
    battles: [{ ...battle, id: 'one', a: checkpoint.id, b: 'other@1' }],
  })
  const rated = async () =>
    (await getPreferences(viewer(), { workspace: 'lab', project: old.slug, ties: 'half' })).models.map(({ id }) => id)
  const before = await rated()
  expect(before).toContain(checkpoint.id)
  await move()
  expect(await rated()).toEqual(before)
})
