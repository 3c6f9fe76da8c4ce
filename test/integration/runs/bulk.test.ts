import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BULK_RUNS_MAX } from '#src/core/runs/bulk.ts'
import type { BulkChange } from '#src/protocol/bulk-runs.ts'
import { changeRuns } from '#src/services/runs/bulk.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { getRun } from '#src/services/runs/get.ts'
import { putRun } from '#src/services/runs/put.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

type MadeRun = Awaited<ReturnType<typeof makeRun>>

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

/** A project of its own with stages a and b and three runs in a. */
async function threeRuns() {
  const { slug: project } = await makeProject(lab)
  await makeExperiment(lab, project, 'a')
  await makeExperiment(lab, project, 'b')
  const runs: MadeRun[] = []
  for (let i = 0; i < 3; i++) runs.push(await makeRun(lab, project, 'a'))
  const change = (change: BulkChange, more: Partial<Parameters<typeof changeRuns>[1]> = {}, ctx = lab.user('admin')) =>
    changeRuns(ctx, {
      workspace: 'lab',
      project,
      change,
      choice: { runs: runs.map(({ uid }) => uid) },
      leave_out: false,
      ...more,
    })
  const undo = async (answer: Awaited<ReturnType<typeof change>>) => {
    for (const step of answer.undo) await change(step.change, { choice: { runs: step.runs } })
  }
  const held = async () =>
    await lab.database.sql<
      {
        number: number
        tags: string[]
        group: string | null
        star: boolean
        archived: boolean
        gone: boolean
        stage: string
      }[]
    >`
      select r.number, r.tags, nullif(r.run_group, '') as group, r.is_starred as star, r.archived_at is not null as archived, r.deleted_at is not null as gone,
        x.slug as stage
      from runs r join experiments x on x.id = r.experiment_id
      where r.id in ${lab.database.sql(runs.map(({ id }) => id))} order by r.number`
  return { project, runs, change, undo, held }
}

const all = (q: string, more: { except?: string[]; matching?: number; archived?: boolean } = {}) => ({
  q,
  archived: false,
  except: [],
  except_numbers: [],
  ...more,
})

describe('changing many runs at once', () => {
  test.each<[string, BulkChange]>([
    ['tagging', { do: 'tag', tags: ['keep', 'seed-1'] }],
    ['grouping', { do: 'group', group: 'lr sweep' }],
    ['starring', { do: 'star' }],
    ['archiving', { do: 'archive' }],
    ['moving', { do: 'move', experiment: 'b' }],
    ['deleting', { do: 'delete' }],
  ])('%s changes all of them, says so, and its undo brings back exactly what was', async (_, change) => {
    const { runs, change: make, undo, held } = await threeRuns()
    // One of them is as wanted already in part, and must stay so.
    await updateRun(lab.user('editor'), { run: runs[0]?.uid ?? '', tags: ['old', 'keep'], group: 'before' })
    const before = await held()
    const answer = await make(change)
    expect(answer).toMatchObject({ chosen: 3, changed: 3, left_out: [] })
    expect(await held()).not.toEqual(before)
    await undo(answer)
    const after = await held()
    expect(after.map((run) => ({ ...run, tags: run.tags.toSorted() }))).toEqual(
      before.map((run) => ({ ...run, tags: run.tags.toSorted() })),
    )
  })

  test('tags are added once behind those that are there; taking off leaves the others in their order', async () => {
    const { change, held } = await threeRuns()
    await change({ do: 'tag', tags: ['one', 'two'] })
    expect(await change({ do: 'tag', tags: ['two', 'three', 'three'] })).toMatchObject({ changed: 3 })
    expect((await held())[0]?.tags).toEqual(['one', 'two', 'three'])
    await change({ do: 'untag', tags: ['two', 'absent'] })
    expect((await held())[0]?.tags).toEqual(['one', 'three'])
    expect(await change({ do: 'untag', tags: ['two'] })).toMatchObject({ chosen: 3, changed: 0, undo: [] })
  })

  test('a group is set, replaced and taken away, and runs are found by it', async () => {
    const { runs, change, undo, held } = await threeRuns()
    const [first] = runs as [MadeRun]
    const groups = async () => (await held()).map(({ group }) => group)
    await change({ do: 'group', group: 'one' }, { choice: { runs: [first.uid] } })
    const answer = await change({ do: 'group', group: 'two' })
    expect(answer).toMatchObject({ chosen: 3, changed: 3 })
    expect(answer.undo).toHaveLength(2)
    expect(await change({ do: 'group', group: 'two' })).toMatchObject({ chosen: 3, changed: 0, undo: [] })
    await undo(answer)
    expect(await groups()).toEqual(['one', null, null])
    expect(await change({ do: 'star' }, { choice: all('group = one') })).toMatchObject({ chosen: 1, changed: 1 })
    expect(await change({ do: 'star' }, { choice: all('group is missing') })).toMatchObject({ chosen: 2 })
    expect(await change({ do: 'group', group: null })).toMatchObject({ chosen: 3, changed: 1 })
    expect(await groups()).toEqual([null, null, null])
  })

  test('a group that a person took away is not brought back by the program of the run', async () => {
    const { runs, change, project } = await threeRuns()
    const [first] = runs as [MadeRun]
    const told = () =>
      putRun(first.ctx, {
        project,
        run: first.uid,
        kind: 'train',
        config: {},
        environment: {},
        tags: [],
        group: 'sweep',
      })
    expect((await told()).run.group).toBe('sweep')
    await change({ do: 'group', group: null }, { choice: { runs: [first.uid] } })
    expect((await told()).run.group).toBeNull()
  })

  test('all that match a search, but the excepted, are changed; when others match than were shown, none', async () => {
    const { runs, change, held } = await threeRuns()
    await change({ do: 'tag', tags: ['hot'] }, { choice: { runs: [runs[0]?.uid ?? '', runs[1]?.uid ?? ''] } })
    const refused = await expectRefusal(
      change({ do: 'star' }, { choice: all('tag = hot', { matching: 3 }) }),
      'conflict',
    )
    expect(refused.message).toContain('2 runs match by now, and not 3')
    const answer = await change(
      { do: 'star' },
      { choice: all('tag = hot', { matching: 2, except: [runs[1]?.uid ?? ''] }) },
    )
    expect(answer).toMatchObject({ chosen: 1, changed: 1 })
    expect((await held()).map(({ star }) => star)).toEqual([true, false, false])
    await expectRefusal(change({ do: 'star' }, { choice: all('tag = ') }), 'invalid_request')
  })

  test('runs are named or left out by their numbers, too, more of them than a page holds', async () => {
    const { project, change } = await threeRuns()
    for (let i = 0; i < 3; i++) await makeRun(lab, project, 'a')
    const starred = async () =>
      (
        await lab.database.sql<{ number: number }[]>`
          select r.number from runs r join projects p on p.id = r.project_id
          where p.slug = ${project} and r.is_starred order by r.number`
      ).map(({ number }) => number)
    expect(await change({ do: 'star' }, { choice: { numbers: [2, 3, 3, 999] } })).toMatchObject({ chosen: 2 })
    expect(await starred()).toEqual([2, 3])
    const but = { ...all('', { matching: 6 }), except_numbers: [1, 2] }
    expect(await change({ do: 'unstar' }, { choice: but })).toMatchObject({ chosen: 4, changed: 1 })
    expect(await starred()).toEqual([2])
    // A run that was left out and matches no more would make one more than was shown.
    const hot = { ...all('not (number = 2)', { matching: 5 }), except_numbers: [2] }
    const refused = await expectRefusal(change({ do: 'archive' }, { choice: hot }), 'conflict')
    expect(refused.message).toContain('5 runs are chosen by now, and not 4')
    const many = Array.from({ length: 501 }, (_, i) => i + 1)
    await expectRefusal(change({ do: 'move', experiment: 'b' }, { choice: { numbers: many } }), 'too_large')
  })

  test('archived runs match only where they are asked for', async () => {
    const { change, held } = await threeRuns()
    await change({ do: 'archive' }, { choice: all('number = 1') })
    expect(await change({ do: 'star' }, { choice: all('') })).toMatchObject({ chosen: 2 })
    expect(await change({ do: 'unarchive' }, { choice: all('', { archived: true }) })).toMatchObject({ changed: 1 })
    expect((await held()).map(({ archived }) => archived)).toEqual([false, false, false])
  })

  test('while one of them cannot be changed none is, and they are named; left out, the others are', async () => {
    const { runs, change, held } = await threeRuns()
    const [tied, , gone] = runs as [MadeRun, MadeRun, MadeRun]
    const { id } = await makeCheckpoint(tied.ctx, tied.uid)
    await deleteRun(lab.user('admin'), { run: gone.uid })
    const refused = await expectRefusal(change({ do: 'move', experiment: 'b' }), 'conflict')
    expect(refused.detail.left_out).toMatchObject([{ uid: gone.uid, why: 'It was deleted. Restore it first.' }])
    expect((await held()).map(({ stage }) => stage)).toEqual(['a', 'a', 'a'])
    const answer = await change({ do: 'move', experiment: 'b' }, { leave_out: true })
    expect(answer).toMatchObject({ chosen: 3, changed: 2, left_out: [{ number: gone.number }] })
    expect((await held()).map(({ stage }) => stage)).toEqual(['b', 'b', 'a'])
    const [row] = await lab.database.sql<{ stage: string }[]>`
      select x.slug as stage from checkpoints c join experiments x on x.id = c.experiment_id where c.uid = ${id}`
    expect(row?.stage).toBe('b')
  })

  test('a move that a pinned checkpoint forbids takes back its own part alone', async () => {
    const { project, runs, change, held } = await threeRuns()
    const tied = runs[1] as MadeRun
    const { id } = await makeCheckpoint(tied.ctx, tied.uid)
    await lab.database.sql`
      update experiments set pinned_checkpoint_id = (select id from checkpoints where uid = ${id})
      where slug = 'a' and project_id = (select id from projects where slug = ${project})`
    const answer = await change({ do: 'move', experiment: 'b' }, { leave_out: true })
    expect(answer.left_out).toMatchObject([{ uid: tied.uid }])
    expect(answer.left_out[0]?.why).toContain('cannot be moved while one of its checkpoints is in use')
    expect((await held()).map(({ stage }) => stage)).toEqual(['b', 'a', 'b'])
  })

  test('deleted runs are gone for readers, and restored ones go on', async () => {
    const { runs, change } = await threeRuns()
    const [first] = runs as [MadeRun]
    await change({ do: 'delete' })
    await expectRefusal(getRun(first.ctx, { run: first.uid }), 'not_found')
    expect(await change({ do: 'restore' })).toMatchObject({ changed: 3 })
    expect(await getRun(lab.user('viewer'), { run: first.uid })).toMatchObject({ state: 'running' })
  })

  test('says its limit in numbers', async () => {
    const { change } = await threeRuns()
    const uids = Array.from(
      { length: BULK_RUNS_MAX.move + 1 },
      (_, i) => `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
    )
    const refused = await expectRefusal(
      change({ do: 'move', experiment: 'b' }, { choice: { runs: uids } }),
      'too_large',
    )
    expect(refused.message).toContain('501 runs are chosen; at most 500')
  })

  test('runs of other projects are passed over', async () => {
    const [one, other] = [await threeRuns(), await threeRuns()]
    const answer = await one.change({ do: 'star' }, { choice: { runs: other.runs.map(({ uid }) => uid) } })
    expect(answer).toMatchObject({ chosen: 0, changed: 0 })
    expect((await other.held()).every(({ star }) => !star)).toBe(true)
  })

  test('rejects who may only read, editors who would delete, programs and strangers', async () => {
    const { change } = await threeRuns()
    await expectRefusal(change({ do: 'star' }, {}, lab.user('viewer')), 'forbidden')
    await expectRefusal(change({ do: 'delete' }, {}, lab.user('editor')), 'forbidden')
    await expectRefusal(change({ do: 'star' }, { workspace: undefined }, lab.key('ingest')), 'forbidden')
    await expectRefusal(change({ do: 'star' }, {}, lab.stranger()), 'not_found')
  })
})

describe('one run', () => {
  test('is put into a group and taken out, by people and by the program that made it', async () => {
    const { runs } = await threeRuns()
    const [{ uid: run, ctx }] = runs as [MadeRun]
    expect(await updateRun(lab.user('editor'), { run, group: 'lr sweep' })).toMatchObject({ group: 'lr sweep' })
    expect(await updateRun(lab.user('editor'), { run, name: 'other' })).toMatchObject({ group: 'lr sweep' })
    expect(await updateRun(ctx, { run, group: null })).toMatchObject({ group: null })
    await expectRefusal(updateRun(lab.user('viewer'), { run, group: 'mine' }), 'forbidden')
  })

  test('is starred, archived and brought back; archived again it keeps its time', async () => {
    const { runs } = await threeRuns()
    const run = runs[0]?.uid ?? ''
    const first = await updateRun(lab.user('editor'), { run, starred: true, archived: true })
    expect(first).toMatchObject({ starred: true, archived_at: expect.any(String) })
    expect((await updateRun(lab.user('editor'), { run, archived: true })).archived_at).toBe(first.archived_at)
    expect(await updateRun(lab.user('editor'), { run, archived: false })).toMatchObject({
      starred: true,
      archived_at: null,
    })
  })
})
