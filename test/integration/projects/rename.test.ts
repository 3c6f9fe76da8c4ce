import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { getExperiment } from '#src/services/experiments/get.ts'
import { updateExperiment } from '#src/services/experiments/update.ts'
import { getProject } from '#src/services/projects/get.ts'
import { createProject, putProject } from '#src/services/projects/put.ts'
import { updateProject } from '#src/services/projects/update.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
})

const editor = () => lab.user('editor')
const viewer = () => lab.user('viewer')
const at = (slug = project.slug) => ({ workspace: 'lab', project: slug })
const slugAt = async (slug: string) => (await getProject(viewer(), at(slug))).slug
const stageAt = async (experiment: string, of = project.slug) =>
  (await getExperiment(viewer(), { ...at(of), experiment })).slug

test('a renamed project is found under its new and its old slug, with all that it holds, and can go back', async () => {
  const [old, fresh] = [project.slug, `${project.slug}-fresh`]
  await makeExperiment(lab, old, 'base')
  await updateExperiment(editor(), { ...at(), experiment: 'base', slug: 'root' })
  const renamed = await updateProject(editor(), { ...at(), slug: fresh, name: 'Fresh', description: 'New words.' })
  expect(renamed).toMatchObject({ slug: fresh, name: 'Fresh', description: 'New words.' })
  expect(renamed.url).toContain(`/${fresh}`)
  expect([await slugAt(old), await slugAt(fresh)]).toEqual([fresh, fresh])
  for (const of of [old, fresh])
    expect([await stageAt('root', of), await stageAt('base', of)]).toEqual(['root', 'root'])
  // A client that goes on with the old name does not make a second project.
  expect(await putProject(lab.key('ingest'), { project: old })).toMatchObject({
    created: false,
    project: { slug: fresh },
  })
  await updateProject(editor(), { ...at(old), slug: old })
  expect([await slugAt(old), await slugAt(fresh), await stageAt('base', fresh)]).toEqual([old, old, 'root'])
  expect(await updateProject(editor(), at())).toMatchObject({ slug: old, name: 'Fresh' })
  const told = await lab.database.sql`
    select 1 from audit_log where action = 'project.update' and resource = ${`project:${project.id}`}`
  expect(told).toHaveLength(2)
})

test('a slug that is reserved, taken, or led to another project once is refused, and the name beside it is not written', async () => {
  const other = await makeProject(lab)
  await updateProject(editor(), { ...at(other.slug), slug: `${other.slug}-now` })
  const rename = (slug: string) => updateProject(editor(), { ...at(), slug, name: 'Half' })
  expect((await expectRefusal(rename('settings'), 'invalid_request')).detail.errors).toMatchObject([
    { pointer: '/slug' },
  ])
  expect((await expectRefusal(rename(`${other.slug}-now`), 'conflict')).message).toContain(`"${other.slug}-now"`)
  expect((await expectRefusal(rename(other.slug), 'conflict')).message).toContain(`"${other.slug}"`)
  expect(await getProject(viewer(), at())).toMatchObject({ slug: project.slug, name: project.slug })
  await expectRefusal(createProject(editor(), at(other.slug)), 'conflict')
})

test('of two projects that take one slug at once one gets it', async () => {
  const other = await makeProject(lab)
  const slug = `${project.slug}-race`
  const both = [at(), at(other.slug)].map((place) => updateProject(editor(), { ...place, slug }))
  const ends = await Promise.allSettled(both)
  expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const [i, end] of ends.entries())
    if (end.status === 'rejected') await expectRefusal(both[i] as Promise<unknown>, 'conflict')
})

test('a renamed experiment keeps its number and is found under both slugs', async () => {
  await makeExperiment(lab, project.slug, 'base')
  await makeExperiment(lab, project.slug, 'other')
  const change = (experiment: string, more: { slug?: string; name?: string }, as = editor()) =>
    updateExperiment(as, { ...at(), experiment, ...more })
  expect(await change('base', { slug: 'root', name: 'Root' })).toMatchObject({ slug: 'root', name: 'Root', number: 1 })
  expect([await stageAt('base'), await stageAt('root'), await stageAt('1')]).toEqual(['root', 'root', 'root'])
  expect((await makeExperiment(lab, project.slug, 'base')).created).toBe(false)
  for (const slug of ['root', 'base'])
    expect((await expectRefusal(change('other', { slug, name: 'Half' }), 'conflict')).message).toContain(`"${slug}"`)
  for (const slug of ['unstaged', '77']) await expectRefusal(change('other', { slug, name: 'Half' }), 'invalid_request')
  expect(await getExperiment(viewer(), { ...at(), experiment: 'other' })).toMatchObject({
    slug: 'other',
    name: 'other',
  })
  await makeRun(lab, project.slug)
  await expectRefusal(change('unstaged', { slug: 'staged' }), 'invalid_request')
  expect((await change('unstaged', { name: 'Inbox' })).name).toBe('Inbox')
  expect((await change('base', { slug: 'base' })).slug).toBe('base')
  expect(await stageAt('root')).toBe('base')
})

test('a run gets another name and other tags from people, and from the ingest key that made it', async () => {
  const run = await makeRun(lab, project.slug)
  const update = (as = editor()) => updateRun(as, { run: run.uid, name: 'Second try', tags: ['a', 'b', 'a'] })
  expect(await update()).toMatchObject({ name: 'Second try', tags: ['a', 'b'], number: run.number })
  const tagged = await updateRun(run.ctx, { run: run.uid, tags: [] })
  expect(tagged).toMatchObject({ name: 'Second try', tags: [] })
  const job = lab.job({ projectId: project.id, runId: run.id, runUid: run.uid })
  for (const as of [viewer(), lab.key('read'), lab.key('ingest'), job]) await expectRefusal(update(as), 'forbidden')
  const strange = await expectRefusal(update(lab.stranger()), 'not_found')
  const absent = await expectRefusal(updateRun(editor(), { run: randomUUID(), name: 'x' }), 'not_found')
  expect(absent.message).toBe(strange.message)
  expect((await updateRun(editor(), { ...at(), run: run.number })).tags).toEqual([])
  await deleteRun(lab.user('admin'), { run: run.uid })
  await expectRefusal(update(), 'run_deleted')
})

test('readers and ingest keys rename neither projects nor experiments; strangers hear that nothing is there', async () => {
  await makeExperiment(lab, project.slug, 'base')
  const bound = await makeProject(lab)
  for (const as of [viewer(), lab.key('ingest'), lab.key('ingest', project.id), lab.key('read')]) {
    await expectRefusal(updateProject(as, { project: project.slug, workspace: 'lab', name: 'x' }), 'forbidden')
    await expectRefusal(updateExperiment(as, { ...at(), experiment: 'base', name: 'x' }), 'forbidden')
  }
  for (const as of [lab.stranger(), lab.key('admin', bound.id)]) {
    await expectRefusal(updateProject(as, { ...at(), name: 'x' }), 'not_found')
    await expectRefusal(updateExperiment(as, { ...at(), experiment: 'base', name: 'x' }), 'not_found')
  }
  await expectRefusal(updateExperiment(editor(), { ...at(), experiment: 'absent', name: 'x' }), 'not_found')
  expect(await getProject(viewer(), at())).toMatchObject({ name: project.slug })
})

test('the door takes PATCH with what the screens send', async () => {
  await makeExperiment(lab, project.slug, 'base')
  const run = await makeRun(lab, project.slug, 'base')
  const door = createV1({
    services: lab.services,
    identify: async () => lab.key('admin').actor,
    closed: () => null,
  })
  const call = async (method: string, path: string, body: unknown) => {
    const headers = { authorization: 'Bearer admin', 'content-type': 'application/json' }
    const answer = await door.request(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
    return [answer.status, await answer.json()]
  }
  const slug = `${project.slug}-door`
  expect(await call('PATCH', `/projects/${project.slug}`, { slug })).toMatchObject([200, { slug }])
  const stage = `/projects/${project.slug}/experiments/1`
  expect(await call('PATCH', stage, { slug: 'root' })).toMatchObject([200, { slug: 'root', project: slug }])
  expect(await call('PUT', `${stage}/checkpoint`, { checkpoint: null })).toEqual([
    200,
    { pinned: null, of_stage: null },
  ])
  expect(await call('PATCH', `/runs/${run.uid}`, { tags: ['x'] })).toMatchObject([200, { tags: ['x'] }])
  expect(await call('POST', `/runs/${run.uid}/move`, { experiment: 'base' })).toMatchObject([
    200,
    { number: run.number },
  ])
  expect((await call('PATCH', `/projects/${slug}`, { slug: 'Not A Slug' }))[0]).toBe(400)
})
