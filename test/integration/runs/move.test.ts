import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { projectScope } from '#src/db/scope.ts'
import { getCheckpoint } from '#src/services/checkpoints/get.ts'
import { pinStageCheckpoint } from '#src/services/checkpoints/pin.ts'
import { getEvaluation } from '#src/services/evaluations/get.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { enqueueJob } from '#src/services/jobs/enqueue.ts'
import { moveRun } from '#src/services/runs/move.ts'
import { evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
let run: Awaited<ReturnType<typeof makeRun>>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  run = await makeRun(lab, project.slug)
})

const viewer = () => lab.user('viewer')
const move = (experiment: number | string, as = lab.user('editor'), of = run) =>
  moveRun(as, { run: of.uid, experiment })
const init = (checkpoint: string) => ({ parents: [{ checkpoint, kind: 'init' as const }] })
/** Where the run, its checkpoints and the live edges are, and how often the move was audited. */
async function placed(of = run) {
  const { sql } = lab.database
  const [there] = await sql<{ slug: string }[]>`
    select x.slug from runs r join experiments x on x.id = r.experiment_id where r.id = ${of.id}`
  const checkpoints = await sql<{ slug: string }[]>`
    select distinct x.slug from checkpoints c join experiments x on x.id = c.experiment_id where c.run_id = ${of.id}`
  const edges = await sql<{ edge: string }[]>`
    select c.slug || ' < ' || p.slug || ' ' || e.kind || coalesce(' ' || (e.checkpoint_id is not null)::text, '') as edge
    from edges e join experiments c on c.id = e.child_id join experiments p on p.id = e.parent_id
    where c.project_id = ${project.id} and e.superseded_at is null order by 1`
  const told = await sql`select 1 from audit_log where action = 'run.move' and resource = ${`run:${of.uid}`}`
  return {
    run: there?.slug,
    checkpoints: checkpoints.map((c) => c.slug),
    edges: edges.map((e) => e.edge),
    audited: told.length,
  }
}

test('a run leaves unstaged with its checkpoints; evaluations stay on them; once more changes nothing', async () => {
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 9)
  const measured = await postEvaluation(run.ctx, { ...evaluation(), checkpoint: checkpoint.id })
  const moved = await move('base')
  expect(moved).toMatchObject({ uid: run.uid, number: run.number, experiment: { slug: 'base', number: 1 } })
  expect(await move(1)).toEqual(moved)
  expect(await placed()).toEqual({ run: 'base', checkpoints: ['base'], edges: [], audited: 1 })
  expect((await getCheckpoint(viewer(), { checkpoint: checkpoint.id })).experiment.slug).toBe('base')
  expect((await getEvaluation(viewer(), { evaluation: measured.id })).checkpoint).toBe(checkpoint.id)
  const later = await makeCheckpoint(run.ctx, run.uid, 12)
  expect(later.experiment.slug).toBe('base')
})

test('children that started from its checkpoints descend from the new experiment', async () => {
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 9)
  await makeExperiment(lab, project.slug, 'child', init(checkpoint.id))
  expect((await placed()).edges).toEqual(['child < unstaged init true'])
  await moveRun(lab.user('editor'), { workspace: 'lab', project: project.slug, run: run.number, experiment: 'base' })
  expect(await placed()).toEqual({
    run: 'base',
    checkpoints: ['base'],
    edges: ['child < base init true'],
    audited: 1,
  })
  expect((await getCheckpoint(viewer(), { checkpoint: checkpoint.id })).children).toMatchObject([{ slug: 'child' }])
})

test('a move that would close a cycle, or double an edge, is refused, and nothing moves', async () => {
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 9)
  await makeExperiment(lab, project.slug, 'child', init(checkpoint.id))
  await makeExperiment(lab, project.slug, 'grandchild', { parents: [{ experiment: 'child', kind: 'init' }] })
  const before = await placed()
  for (const below of ['child', 'grandchild']) {
    const found = await expectRefusal(move(below), 'conflict')
    expect(found.message).toContain('would close a cycle: child (#3)')
  }
  const parents = [{ experiment: 'base', kind: 'init' as const }, ...init(checkpoint.id).parents]
  await makeExperiment(lab, project.slug, 'both', { parents })
  expect((await expectRefusal(move('base'), 'conflict')).message).toContain('both (#5)')
  expect(await placed()).toEqual({ ...before, edges: expect.arrayContaining(before.edges) })
})

test('a run that a job has, whose checkpoint a job reads or its experiment pins, stays where it is', async () => {
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 9)
  const [row] = await lab.database.sql<{ id: number; experiment_id: number }[]>`
    select id, experiment_id from checkpoints where uid = ${checkpoint.id}`
  const experimentId = row?.experiment_id ?? 0
  const enqueue = (runId: number, inputs: Parameters<typeof enqueueJob>[2]['inputs']) =>
    enqueueJob(lab.user('admin'), projectScope(lab.workspaceId, project.id), {
      queue: 'default',
      experimentId,
      runId,
      kind: 'evaluate',
      recipe: 'evaluate',
      params: {},
      inputs,
    })
  const end = (id: number) => lab.database.sql`update jobs set state = 'canceled' where id = ${id}`
  const own = await enqueue(run.id, [])
  expect((await expectRefusal(move('base'), 'conflict')).message).toContain('Cancel the job first')
  await end(own.id)
  const judge = await makeRun(lab, project.slug)
  const reads = await enqueue(judge.id, [{ role: 'target', experimentId, checkpointId: row?.id ?? 0 }])
  expect((await expectRefusal(move('base'), 'conflict')).message).toContain(`job ${reads.uid}`)
  await end(reads.id)
  const pin = { workspace: 'lab', project: project.slug, experiment: 'unstaged' }
  await pinStageCheckpoint(lab.user('editor'), { ...pin, checkpoint: checkpoint.id })
  expect((await expectRefusal(move('base'), 'conflict')).message).toContain('pinned in unstaged')
  expect(await placed()).toMatchObject({ run: 'unstaged', checkpoints: ['unstaged'], audited: 0 })
  await pinStageCheckpoint(lab.user('editor'), { ...pin, checkpoint: null })
  expect((await move('base')).experiment.slug).toBe('base')
})

test('readers and programs do not move runs; strangers hear that nothing is there, as for no run at all', async () => {
  const job = lab.job({ projectId: project.id, runId: run.id, runUid: run.uid })
  for (const ctx of [viewer(), lab.key('read'), run.ctx, lab.key('ingest'), job])
    await expectRefusal(move('base', ctx), 'forbidden')
  const strange = await expectRefusal(move('base', lab.stranger()), 'not_found')
  const absent = { ...run, uid: randomUUID() }
  expect((await expectRefusal(move('base', viewer(), absent), 'not_found')).message).toBe(strange.message)
  const other = await makeProject(lab)
  await makeExperiment(lab, other.slug, 'only-there')
  await expectRefusal(move('only-there'), 'not_found')
  expect(await placed()).toMatchObject({ run: 'unstaged', audited: 0 })
  expect((await move('base', lab.key('admin'))).experiment.slug).toBe('base')
})
