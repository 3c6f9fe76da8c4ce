import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitCheckpoint } from '#src/services/checkpoints/commit.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { findEverything } from '#src/services/search/everything.ts'
import { upload } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
let run: Awaited<ReturnType<typeof makeRun>>
let other: Awaited<ReturnType<typeof makeRun>>
beforeAll(async () => {
  lab = await openLab()
  project = await makeProject(lab, 'palette')
  await makeExperiment(lab, project.slug, 'replay-base', { name: 'Replay base' })
  run = await makeRun(lab, project.slug, 'replay-base')
  await rename(run, 'sft_replay s1', ['Keep'])
  other = await makeRun(lab, project.slug, 'replay-base')
  await rename(other, 'replay')
})
afterAll(() => lab.close())

const rename = (of: { number: number }, name: string, tags?: string[]) =>
  updateRun(lab.user('editor'), {
    workspace: lab.workspace,
    project: project.slug,
    run: of.number,
    name,
    ...(tags && { tags }),
  })

const find = (text: string, more: { project?: string; limit?: number } = {}) =>
  findEverything(lab.user('viewer'), { workspace: lab.workspace, project: project.slug, text, limit: 10, ...more })
const names = async (text: string) => (await find(text)).runs.items.map(({ name }) => name)

test('runs are found by words of their name, the equal one first, and by number', async () => {
  expect(await names('REPLAY')).toEqual(['replay', 'sft_replay s1'])
  expect(await names('s1 sft')).toEqual(['sft_replay s1'])
  expect(await names(`#${other.number}`)).toEqual(['replay'])
  expect((await find(`#${other.number}`)).stages.found).toBe(0)
  expect(await names('nobody')).toEqual([])
  expect(await names('  ')).toEqual([])
})

test('runs are found by a tag and by a value of their config, and it is said why', async () => {
  expect((await find('Keep')).runs.items).toMatchObject([{ number: run.number, because: 'tag = Keep' }])
  const [first] = (await find('0.1')).runs.items
  expect(first).toMatchObject({ because: 'config.lr = 0.1', stage: { name: 'Replay base', stage_kind: 'pretrain' } })
})

test('stages, checkpoints by hash and by the name of their run, keys, and projects beside them', async () => {
  const file = await upload(run.ctx, run.uid, 'model.bin', 'weights')
  const { checkpoint } = await commitCheckpoint(run.ctx, {
    run: run.uid,
    attempt: 1,
    step: 9,
    tokens: 4096,
    files: [file],
    metadata: {},
  })
  const [row] = await lab.database.sql<
    { sha256: string }[]
  >`select sha256 from checkpoints where uid = ${checkpoint.id}`
  expect((await find((row?.sha256 ?? '').slice(0, 10))).checkpoints.items).toMatchObject([
    { id: checkpoint.id, step: 9, by_hash: true, run: { number: run.number } },
  ])
  const found = await find('replay')
  expect(found.checkpoints.items).toMatchObject([{ id: checkpoint.id, by_hash: false, tokens: 4096 }])
  expect(found.stages.items).toMatchObject([{ name: 'Replay base', runs: 2 }])
  expect(found.projects.found).toBe(0)
  expect((await find('lr')).keys.items).toMatchObject([{ field: 'config.lr', kind: 'config' }])
  const wide = await findEverything(lab.user('viewer'), { workspace: lab.workspace, text: 'palette', limit: 10 })
  expect(wide.projects.items).toMatchObject([{ slug: 'palette', runs: 2 }])
})

test('a group holds at most what was asked for and says how many there are', async () => {
  const { runs } = await find('replay', { limit: 1 })
  expect(runs.items).toHaveLength(1)
  expect(runs.found).toBe(2)
})

test('archived and deleted runs are not found, and a stranger finds nothing to ask', async () => {
  const gone = await makeRun(lab, project.slug, 'replay-base')
  await rename(gone, 'vanished')
  expect(await names('vanished')).toEqual(['vanished'])
  await deleteRun(lab.user('admin'), { run: gone.uid })
  expect(await names('vanished')).toEqual([])
  await expectRefusal(
    findEverything(lab.stranger(), { workspace: lab.workspace, text: 'replay', limit: 1 }),
    'not_found',
  )
})
