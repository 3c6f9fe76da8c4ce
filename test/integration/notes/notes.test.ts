import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NoteAbout } from '#src/protocol/notes.ts'
import { getNote, listNotedPlaces } from '#src/services/notes/read.ts'
import { writeNote } from '#src/services/notes/write.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let place: { workspace: string; project: string }
let run: Awaited<ReturnType<typeof makeRun>>
beforeAll(async () => {
  lab = await openLab()
  place = { workspace: 'lab', project: (await makeProject(lab)).slug }
  await makeExperiment(lab, place.project, 'base')
  run = await makeRun(lab, place.project, 'base')
})
afterAll(() => lab.close())

const write = (about: NoteAbout, body: string, revision: number, ctx = lab.user('editor')) =>
  writeNote(ctx, { ...place, about, body, revision })
const read = (about: NoteAbout, ctx = lab.user('viewer')) => getNote(ctx, { ...place, about })

describe('notes', () => {
  test.each<[string, () => NoteAbout]>([
    ['a run', () => ({ subject: 'run', run: run.number })],
    ['an experiment', () => ({ subject: 'experiment', experiment: 'base' })],
    ['a chart', () => ({ subject: 'chart', name: 'train/loss' })],
    ['a cell of a matrix', () => ({ subject: 'cell', name: 'checkpoint~~mmlu' })],
  ])('on %s: written, read by all who read the project, its earlier texts kept', async (_, about) => {
    expect((await read(about())).note).toEqual({ revision: 0, body: '', by: null, at: null })
    await write(about(), '**Spike** at step 12', 0)
    await write(about(), 'Spike at step 12 came from the data', 1)
    const { note, earlier } = await read(about())
    expect(note).toMatchObject({ revision: 2, body: 'Spike at step 12 came from the data' })
    expect(earlier.map(({ body }) => body)).toEqual(['**Spike** at step 12'])
  })

  test('two editors: the second is refused with the text that the first wrote, and neither is lost', async () => {
    const about: NoteAbout = { subject: 'chart', name: 'contested' }
    await write(about, 'begun', 0)
    await write(about, 'hers', 1)
    const refused = await expectRefusal(write(about, 'his', 1), 'conflict')
    expect(refused.detail.current).toMatchObject({ revision: 2, body: 'hers' })
    const both = await Promise.allSettled([write(about, 'a', 2), write(about, 'b', 2)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await read(about)).note.revision).toBe(3)
  })

  test('the newest text of a run’s note stands beside its name for the search; an empty one takes it away', async () => {
    const { number, id } = await makeRun(lab, place.project, 'base')
    const noted = async () =>
      (await lab.database.sql<{ note: string }[]>`select note from runs where id = ${id}`)[0]?.note
    await write({ subject: 'run', run: number }, '  diverged after warm-up ', 0)
    expect(await noted()).toBe('diverged after warm-up')
    await write({ subject: 'run', run: number }, '', 1)
    expect(await noted()).toBe('')
    expect((await read({ subject: 'run', run: number })).earlier).toHaveLength(1)
  })

  test('the same text again is no new one', async () => {
    const about: NoteAbout = { subject: 'chart', name: 'same' }
    await write(about, 'as it was', 0)
    expect((await write(about, 'as it was ', 1)).revision).toBe(1)
  })

  test('charts with a note are listed, those whose note was taken away are not', async () => {
    await write({ subject: 'chart', name: 'listed' }, 'here', 0)
    await write({ subject: 'chart', name: 'unlisted' }, 'gone', 0)
    await write({ subject: 'chart', name: 'unlisted' }, '', 1)
    const names = (await listNotedPlaces(lab.user('viewer'), { ...place, subject: 'chart' })).items.map(
      ({ name }) => name,
    )
    expect(names).toContain('listed')
    expect(names).not.toContain('unlisted')
  })

  test('rejects who may only read, programs, and strangers', async () => {
    const about: NoteAbout = { subject: 'run', run: run.number }
    await expectRefusal(write(about, 'x', 2, lab.user('viewer')), 'forbidden')
    await expectRefusal(write(about, 'x', 2, lab.key('ingest')), 'forbidden')
    await expectRefusal(read(about, lab.stranger()), 'not_found')
  })
})
