import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '#src/core/roles/permissions.ts'
import { getView, listViews } from '#src/services/views/read.ts'
import { changeView, deleteView, keepLastView, saveView } from '#src/services/views/save.ts'
import { type Lab, makeProject, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let place: { workspace: string; project: string }
beforeAll(async () => {
  lab = await openLab()
  for (const id of [71, 72])
    await lab.database.sql`insert into users (id, name) overriding system value values (${id}, ${`Person ${id}`})`
  place = { workspace: 'lab', project: (await makeProject(lab)).slug }
})
afterAll(() => lab.close())

const person = (id: number, role: Role = 'editor') =>
  lab.as({
    kind: 'user',
    userId: id,
    sessionId: id,
    name: `Person ${id}`,
    isInstanceAdmin: false,
    memberships: [{ workspaceId: lab.workspaceId, slug: 'lab', name: 'lab', role }],
  })
const saved = (by = person(71), more: Partial<Parameters<typeof saveView>[1]> = {}) =>
  saveView(by, { ...place, page: 'runs', audience: 'private', name: 'Best first', state: 'sort=loss', ...more })
const names = async (by: ReturnType<typeof person>) =>
  (await listViews(by, { ...place, page: 'runs' })).items.map(({ name }) => name)

describe('saved views', () => {
  test('a private view is seen by its owner alone, by key too; to others it is as if it were not there', async () => {
    const view = await saved(person(71), { name: 'Mine alone' })
    expect(await names(person(71))).toContain('Mine alone')
    expect(await names(person(72, 'owner'))).not.toContain('Mine alone')
    const [foreign, absent] = await Promise.all([
      expectRefusal(getView(person(72, 'owner'), { ...place, view: view.key }), 'not_found'),
      expectRefusal(getView(person(72), { ...place, view: '0000000000' }), 'not_found'),
    ])
    expect(foreign.message.replace(view.key, '')).toBe(absent.message.replace('0000000000', ''))
    await expectRefusal(deleteView(person(72, 'owner'), { ...place, view: view.key }), 'not_found')
  })

  test('a shared view is seen by all who read the project, keys too, and changed by whoever may write notes', async () => {
    const view = await saved(person(71), { audience: 'shared', name: 'For all' })
    expect(await names(person(72, 'viewer'))).toContain('For all')
    expect((await getView(lab.key('read'), { project: place.project, view: view.key })).mine).toBe(false)
    const changed = await changeView(person(72), { ...place, view: view.key, revision: 1, state: 'sort=cost' })
    expect(changed).toMatchObject({ state: 'sort=cost', revision: 2, updated_by: 'Person 72', owner: 'Person 71' })
    await expectRefusal(
      changeView(person(72, 'viewer'), { ...place, view: view.key, revision: 2, name: 'Not mine' }),
      'forbidden',
    )
  })

  test('who may only read keeps private views and links, and shares none', async () => {
    expect((await saved(person(72, 'viewer'), { name: 'A reader’s' })).mine).toBe(true)
    await expectRefusal(saved(person(72, 'viewer'), { audience: 'shared', name: 'To all' }), 'forbidden')
    await expectRefusal(saved(lab.key('ingest'), { audience: 'shared', name: 'A program’s' }), 'forbidden')
    await expectRefusal(saved(lab.key('admin'), { name: 'A key’s own' }), 'unauthenticated')
  })

  test('two who change a view over one revision: the second is refused with both, and nothing is lost', async () => {
    const view = await saved(person(71), { audience: 'shared', name: 'Contested' })
    const change = (by: number, state: string) =>
      changeView(person(by), { ...place, view: view.key, revision: 1, state })
    const answers = await Promise.allSettled([change(71, 'q=a'), change(72, 'q=b')])
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = await expectRefusal(change(72, 'q=c'), 'conflict')
    const held = await getView(person(72), { ...place, view: view.key })
    expect(refused.detail.current).toEqual(held)
  })

  test('a link keeps its state word by word for whoever reads the project, is in no list, and is the same when kept twice', async () => {
    const state = `hide=${Array.from({ length: 800 }, (_, i) => i).join('.')}`
    const link = { ...place, page: 'runs' as const, audience: 'link' as const, key: 'Abcdefgh12', state }
    const first = await saveView(person(71, 'viewer'), link)
    expect(first.name).toBeNull()
    expect((await saveView(person(72), link)).key).toBe('Abcdefgh12')
    await expectRefusal(saveView(person(72), { ...link, state: 'q=other' }), 'conflict')
    expect((await getView(person(72, 'viewer'), { ...place, view: 'Abcdefgh12' })).state).toBe(state)
    expect(await names(person(71))).not.toContain(null)
    await expectRefusal(getView(lab.stranger(), { ...place, view: 'Abcdefgh12' }), 'not_found')
  })

  test('deleting gives the view back, and saving it under its key undoes that', async () => {
    const view = await saved(person(71), { name: 'Gone for a moment' })
    const gone = await deleteView(person(71), { ...place, view: view.key })
    await expectRefusal(getView(person(71), { ...place, view: view.key }), 'not_found')
    const { key, audience, name, state } = gone
    const back = await saveView(person(71), { ...place, page: 'runs', key, audience, name: name ?? '', state })
    expect(back).toMatchObject({ key: view.key, state: view.state, name: view.name })
  })

  test('the last view is each person’s own, of each page', async () => {
    await keepLastView(person(71), { ...place, page: 'runs', state: 'q=mine', view: null })
    await keepLastView(person(72, 'viewer'), { ...place, page: 'runs', state: 'q=theirs', view: null })
    await keepLastView(person(71), { ...place, page: 'runs', state: 'q=newer', view: null })
    const last = async (by: ReturnType<typeof person>) => (await listViews(by, { ...place, page: 'runs' })).last
    expect(await last(person(71))).toEqual({ state: 'q=newer', view: null })
    expect(await last(person(72))).toEqual({ state: 'q=theirs', view: null })
    expect((await listViews(person(71), { ...place, page: 'retention' })).last).toBeNull()
    await expectRefusal(
      keepLastView(lab.key('admin'), { ...place, page: 'runs', state: '', view: null }),
      'unauthenticated',
    )
  })
})
