import { afterAll, beforeAll, expect, test } from 'vitest'
import { getProject } from '#src/services/projects/get.ts'
import { listProjects } from '#src/services/projects/list.ts'
import { createProject, putProject } from '#src/services/projects/put.ts'
import { paths } from '#src/ui/paths.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

test('first use by a key of the workspace makes a project, the second answers it unchanged', async () => {
  const key = lab.key('ingest')
  const made = await putProject(key, { project: 'first', name: 'First' })
  expect(made).toMatchObject({ created: true, project: { slug: 'first', name: 'First' } })
  expect(made.project.url).toBe(`http://localhost:7070${paths.lineage('lab', 'first')}`)
  const again = await putProject(key, { project: 'first', name: 'Other' })
  expect(again).toEqual({ created: false, project: made.project })
})

test('two first uses at once make one project', async () => {
  const answers = await Promise.all([1, 2, 3, 4].map(() => putProject(lab.key('ingest'), { project: 'race' })))
  expect(answers.filter((a) => a.created)).toHaveLength(1)
})

test('somebody who may create projects renames one; an editor sees the change', async () => {
  await putProject(lab.user('editor'), { workspace: 'lab', project: 'named', name: 'A' })
  await putProject(lab.user('editor'), { workspace: 'lab', project: 'named', name: 'B' })
  expect((await getProject(lab.user('viewer'), { workspace: 'lab', project: 'named' })).name).toBe('B')
})

test('a name that is a page or a door is refused with a way out', async () => {
  const found = await expectRefusal(putProject(lab.key('ingest'), { project: 'settings' }), 'invalid_request')
  expect(found.message).toContain('"settings"')
  await expectRefusal(putProject(lab.key('ingest'), { project: 'mlflow' }), 'invalid_request')
})

test('a form does not open a project that exists', async () => {
  await makeProject(lab, 'taken')
  await expectRefusal(createProject(lab.user('editor'), { workspace: 'lab', project: 'taken' }), 'conflict')
})

test('a key that is bound to a project makes no other, and hears nothing of those that exist', async () => {
  const mine = await makeProject(lab)
  const other = await makeProject(lab)
  const bound = lab.key('ingest', mine.id)
  expect((await putProject(bound, { project: mine.slug })).created).toBe(false)
  const existing = await expectRefusal(putProject(bound, { project: other.slug }), 'forbidden')
  const absent = await expectRefusal(putProject(bound, { project: 'never-made' }), 'forbidden')
  expect(existing.message).toBe(absent.message)
  expect((await listProjects(bound, {})).items.map((p) => p.slug)).toEqual([mine.slug])
  await expectRefusal(getProject(bound, { project: other.slug }), 'not_found')
})

test('rejects an actor who may only read', async () => {
  await expectRefusal(putProject(lab.user('viewer'), { workspace: 'lab', project: 'new' }), 'forbidden')
  await expectRefusal(putProject(lab.key('read'), { project: 'new' }), 'forbidden')
  await expectRefusal(createProject(lab.user('viewer'), { workspace: 'lab', project: 'new' }), 'forbidden')
})

test('a foreign project is as absent as one that never was', async () => {
  const { slug } = await makeProject(lab)
  const foreign = await expectRefusal(getProject(lab.stranger(), { workspace: 'lab', project: slug }), 'not_found')
  const absent = await expectRefusal(getProject(lab.stranger(), { workspace: 'nowhere', project: slug }), 'not_found')
  expect(foreign.message).toBe(absent.message)
  await expectRefusal(getProject(lab.stranger(), { workspace: 'elsewhere', project: slug }), 'not_found')
})

test('an old name still opens the project', async () => {
  const { slug, id } = await makeProject(lab)
  await lab.database
    .sql`insert into aliases (workspace_id, kind, name, target_id) values (${lab.workspaceId}, 'project', 'old-name', ${id})`
  expect((await getProject(lab.key('read'), { project: 'old-name' })).slug).toBe(slug)
})

test('a list says what projects hold, page by page', async () => {
  const { slug } = await makeProject(lab)
  await makeExperiment(lab, slug, 'base')
  await makeRun(lab, slug, 'base')
  const first = await listProjects(lab.user('viewer'), { workspace: 'lab', limit: 1 })
  expect(first.items).toMatchObject([{ slug, experiments: 1, runs: 1, running: 1, stage_kinds: ['pretrain'] }])
  const second = await listProjects(lab.user('viewer'), { workspace: 'lab', limit: 1, cursor: first.next_cursor })
  expect(second.items[0]?.slug).not.toBe(slug)
  await expectRefusal(listProjects(lab.user('viewer'), { workspace: 'lab', cursor: 'bad' }), 'invalid_request')
})
