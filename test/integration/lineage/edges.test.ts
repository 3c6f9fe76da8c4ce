import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { changeEdge, removeEdge } from '#src/services/lineage/change-edge.ts'
import { linkExperiments } from '#src/services/lineage/link.ts'
import { useInputs as noteInputs } from '#src/services/runs/use.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
let checkpoint: Awaited<ReturnType<typeof makeCheckpoint>>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
/** base with a checkpoint; sft comes from base, and nobody says from which checkpoint. */
beforeEach(async () => {
  project = (await makeProject(lab)).slug
  await makeExperiment(lab, project, 'base')
  const run = await makeRun(lab, project, 'base')
  checkpoint = await makeCheckpoint(run.ctx, run.uid, 9)
  await fromBase('sft')
})

const fromBase = (slug: string) =>
  makeExperiment(lab, project, slug, { parents: [{ experiment: 'base', kind: 'init', note: 'as planned' }] })
const editor = () => lab.user('editor')
const place = () => ({ workspace: 'lab', project })
const parentsOf = async (experiment: string): Promise<Edge[]> =>
  (await getStagePage(lab.user('viewer'), { ...place(), experiment })).parents
const words = (edges: readonly Edge[]) =>
  edges.map(({ kind, parent, checkpoint: at, note, inferred }) => [kind, parent.slug, at?.step ?? null, note, inferred])
/** A run of the stage that read a checkpoint. */
const readBy = async (experiment: string, item: { name: string; sha256?: string | null; role?: string }) => {
  const run = await makeRun(lab, project, experiment)
  await noteInputs(run.ctx, { run: run.uid, items: [{ kind: 'checkpoint', version: '', ...item }] })
}
const inferred = async (): Promise<number> => {
  await readBy('sft', { name: checkpoint.id })
  return (await parentsOf('sft'))[0]?.id ?? 0
}

test('a checkpoint that a run read is taken for the start where the edge names none, by id or by hash, and marked as inferred', async () => {
  await inferred()
  expect(words(await parentsOf('sft'))).toEqual([['init', 'base', 9, 'as planned', true]])
  await fromBase('by-hash')
  await readBy('by-hash', { name: 'weights', sha256: checkpoint.sha256 })
  expect(words(await parentsOf('by-hash'))).toEqual([['init', 'base', 9, 'as planned', true]])
})

test('nothing is inferred where a checkpoint was told, from what is no parent, from what is unknown or read in another role', async () => {
  const other = await makeRun(lab, project, 'base')
  const later = await makeCheckpoint(other.ctx, other.uid, 20)
  await makeExperiment(lab, project, 'told', { parents: [{ checkpoint: later.id, kind: 'init' }] })
  await makeExperiment(lab, project, 'other')
  await fromBase('unknown')
  await readBy('told', { name: checkpoint.id })
  await readBy('other', { name: checkpoint.id })
  await readBy('unknown', { name: 'pythia-70m', sha256: 'a'.repeat(64) })
  await readBy('unknown', { name: checkpoint.id, role: 'reference' })
  expect([words(await parentsOf('told')), await parentsOf('other'), words(await parentsOf('unknown'))]).toEqual([
    [['init', 'base', 20, '', false]],
    [],
    [['init', 'base', null, 'as planned', false]],
  ])
})

test('who corrects an edge has looked at it: kind, parent, checkpoint and note change, the rest stays, and it is inferred no longer', async () => {
  const id = await inferred()
  const confirmed = await changeEdge(editor(), { ...place(), edge: id })
  expect(words([confirmed])).toEqual([['init', 'base', 9, 'as planned', false]])
  const noted = await changeEdge(editor(), { ...place(), edge: confirmed.id, note: 'after the cool-down' })
  await makeExperiment(lab, project, 'other')
  const moved = await changeEdge(editor(), { ...place(), edge: noted.id, parent: 'other', kind: 'adapter_on' })
  expect(words(await parentsOf('sft'))).toEqual([['adapter_on', 'other', null, 'after the cool-down', false]])
  const back = await changeEdge(editor(), { ...place(), edge: moved.id, checkpoint: checkpoint.id, note: '' })
  expect(words([back])).toEqual([['adapter_on', 'base', 9, '', false]])
  expect(words([await changeEdge(editor(), { ...place(), edge: back.id, checkpoint: null })])).toEqual([
    ['adapter_on', 'base', null, '', false],
  ])
})

test('a start that a person took out is not inferred again; a parent that is named again keeps its checkpoint', async () => {
  const same = await changeEdge(editor(), { ...place(), edge: await inferred(), parent: 'base', note: 'looked at' })
  expect(words([same])).toEqual([['init', 'base', 9, 'looked at', false]])
  await changeEdge(editor(), { ...place(), edge: same.id, checkpoint: null })
  await inferred()
  expect(words(await parentsOf('sft'))).toEqual([['init', 'base', null, 'looked at', false]])
})

test('an edge that is wrong is taken away, by both doors; the only origin of a stage stays', async () => {
  const only = await inferred()
  expect((await expectRefusal(removeEdge(editor(), { ...place(), edge: only }), 'conflict')).message).toContain(
    'sft (#2) would have no origin left',
  )
  await expectRefusal(changeEdge(editor(), { ...place(), edge: only, kind: 'teacher' }), 'conflict')
  await makeExperiment(lab, project, 'right')
  const link = (parent: string) =>
    linkExperiments(editor(), { ...place(), child: 'sft', parent, kind: 'adapter_on' }).then(({ edge }) => edge.id)
  await link('right')
  await removeEdge(editor(), { ...place(), edge: only })
  const wrong = await link('base')
  const v1 = createV1({ services: lab.services, closed: () => null, identify: async () => lab.key('admin').actor })
  const answer = await v1.request(`/api/v1/projects/${project}/edges/${wrong}`, { method: 'DELETE' })
  expect(answer.status).toBe(204)
  expect(words(await parentsOf('sft'))).toEqual([['adapter_on', 'right', null, '', false]])
})

test('a correction that closes a circle, doubles an edge, or weighs what is no merge is refused, and the edge stays', async () => {
  const id = await inferred()
  await makeExperiment(lab, project, 'below', { parents: [{ experiment: 'sft', kind: 'init' }] })
  const change = (more: object) => changeEdge(editor(), { ...place(), edge: id, ...more })
  await expectRefusal(change({ parent: 'below' }), 'conflict')
  await expectRefusal(change({ parent: 'sft' }), 'conflict')
  await expectRefusal(change({ weight: 0.5 }), 'invalid_request')
  await expectRefusal(change({ parent: 'nowhere' }), 'not_found')
  await expectRefusal(change({ parent_project: 'elsewhere' }), 'invalid_request')
  expect((await parentsOf('sft')).map((edge) => [edge.id, edge.inferred])).toEqual([[id, true]])
})

test('people correct: readers, ingest keys and strangers do not, and an edge of another project is not there', async () => {
  const edge = await inferred()
  const elsewhere = (await makeProject(lab)).slug
  for (const change of [changeEdge, removeEdge] as const) {
    await expectRefusal(change(lab.user('viewer'), { ...place(), edge }), 'forbidden')
    await expectRefusal(change(lab.key('ingest'), { ...place(), edge }), 'forbidden')
    await expectRefusal(change(lab.stranger(), { ...place(), edge }), 'not_found')
    await expectRefusal(change(editor(), { ...place(), project: elsewhere, edge }), 'not_found')
  }
  expect(await parentsOf('sft')).toHaveLength(1)
})
