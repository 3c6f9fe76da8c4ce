/** Battles in and ratings out through the machine door: real requests, a real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { v1Routes } from '#src/api/v1/routes.ts'
import { winRate } from '#src/core/evaluations/win-rate.ts'
import type { Battle, BattleInput, BattlesAnswer, PreferenceRatings } from '#src/protocol/preferences.ts'
import type { Actor } from '#src/services/actor.ts'
import { deleteCheckpoint } from '#src/services/checkpoints/delete.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let app: ReturnType<typeof createV1>
let caller: Actor
let project: string
beforeAll(async () => {
  lab = await openLab()
  app = createV1({ services: lab.services, identify: async () => caller, closed: () => null })
})
afterAll(() => lab.close())
beforeEach(async () => {
  caller = lab.key('admin').actor
  project = (await makeProject(lab)).slug
})

async function call<T = Record<string, unknown>>(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const answer = await app.request(`/api/v1/projects/${project}${path}`, {
    method,
    headers: { authorization: 'Bearer x', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}

const post = (battles: Partial<BattleInput>[]) =>
  call<BattlesAnswer & { detail?: string }>('POST', '/battles', { battles })
const ratings = (query = '') => call<PreferenceRatings>('GET', `/preferences${query}`)
const kept = async () =>
  (
    await lab.database.sql`select count(*)::int as n from battles b join projects p on p.id = b.project_id
    where p.slug = ${project}`
  )[0]?.n

let ids = 0
const battle = (more: Partial<BattleInput> = {}): BattleInput => ({
  id: `battle-${++ids}`,
  a: 'alpha@1',
  b: 'beta@1',
  winner: 'a',
  prompt: `p-${ids}`,
  category: '',
  rater: 'ann',
  rater_kind: 'person',
  ...more,
})
/** `wins` battles that a won, then `losses` and `ties`. */
const between = (a: string, b: string, wins: number, losses: number, ties = 0, more: Partial<BattleInput> = {}) =>
  [
    ...Array.from({ length: wins }, () => 'a' as const),
    ...Array.from({ length: losses }, () => 'b' as const),
    ...Array.from({ length: ties }, () => 'tie' as const),
  ].map((winner) => battle({ a, b, winner, ...more }))

async function checkpointOf(stage: string): Promise<string> {
  await makeExperiment(lab, project, stage)
  const run = await makeRun(lab, project, stage)
  return (await makeCheckpoint(run.ctx, run.uid)).id
}

describe('battles come in', () => {
  test('once: the same again changes nothing, in one call, in the next, and from another sender', async () => {
    const battles = between('alpha@1', 'beta@1', 3, 2)
    expect(await post([...battles, battles[0] as BattleInput])).toMatchObject({
      status: 201,
      body: { added: 5, known: 1 },
    })
    caller = lab.key('ingest').actor
    expect(await post([battles[1] as BattleInput, battle()])).toMatchObject({
      status: 201,
      body: { added: 1, known: 1 },
    })
    expect(await kept()).toBe(6)
  })

  test('and go out as they came, newest first, a page at a time', async () => {
    const checkpoint = await checkpointOf('base')
    const whole = battle({
      a: checkpoint,
      category: 'code',
      rater: 'judge-70b@2',
      rater_kind: 'model',
      judge_prompt: 'pairwise@3',
      first: 'b',
      length_a: 120,
      length_b: 80.5,
      judged_at: '2026-11-28T10:00:00.000Z',
    })
    await post([battle({ id: 'older' })])
    await post([whole])
    const page = await call<{ items: Battle[]; next_cursor: string }>('GET', '/battles?limit=1')
    expect(page.body.items).toMatchObject([whole])
    const next = await call<{ items: Battle[] }>('GET', `/battles?limit=1&cursor=${page.body.next_cursor}`)
    expect(next.body.items).toMatchObject([{ id: 'older', judge_prompt: null, length_a: null }])
    expect(next.body).not.toHaveProperty('next_cursor')
  })

  test('from two clients at once, in opposite orders, each battle is kept once', async () => {
    const battles = between('alpha@1', 'beta@1', 150, 150)
    const [one, two] = await Promise.all([post(battles), post([...battles].reverse())])
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body.added + two.body.added).toBe(300)
    expect(await kept()).toBe(300)
  })
})

describe('a bad battle is named, and nothing of its call is kept', () => {
  const deleted = async () => {
    const checkpoint = await checkpointOf('gone')
    await deleteCheckpoint(lab.user('owner'), { checkpoint })
    return checkpoint
  }
  const foreign = async () => {
    const own = project
    project = (await makeProject(lab)).slug
    const checkpoint = await checkpointOf('elsewhere')
    project = own
    return checkpoint
  }
  test.each<[string, () => Promise<object> | object, number, RegExp, string]>([
    [
      'a checkpoint that nobody has',
      () => ({ a: '01980000-0000-7000-8000-000000000000' }),
      400,
      /no checkpoint of this project/,
      '/battles/1/a',
    ],
    [
      'a deleted checkpoint',
      async () => ({ b: await deleted() }),
      400,
      /no checkpoint of this project/,
      '/battles/1/b',
    ],
    [
      'a checkpoint of another project',
      async () => ({ a: await foreign() }),
      400,
      /no checkpoint of this project/,
      '/battles/1/a',
    ],
    ['a model against itself', () => ({ b: 'alpha@1' }), 400, /alpha@1 battles itself/, '/battles/1/b'],
    ['a winner that is none', () => ({ winner: 'c' }), 400, /winner/, '/battles/1/winner'],
    ['a length below 0', () => ({ length_a: -1 }), 400, /length_a/, '/battles/1/length_a'],
    ['a rater without a name', () => ({ rater: ' ' }), 400, /rater/, '/battles/1/rater'],
  ])('%s', async (_, bad, status, words, pointer) => {
    const answer = await call<{ detail: string; errors: { pointer: string }[] }>('POST', '/battles', {
      battles: [battle(), battle(await bad())],
    })
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).toMatch(words)
    expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer)
    expect(await kept()).toBe(0)
  })

  test('an id that stands for another battle is a conflict, also within a call', async () => {
    await post([battle({ id: 'one' })])
    const answer = await call<{ detail: string }>('POST', '/battles', {
      battles: [battle({ id: 'two' }), battle({ id: 'one', winner: 'b', prompt: 'other' })],
    })
    expect(answer).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/"one" stands for a battle of .*give this one an id of its own/) },
    })
    const same = await post([battle({ id: 'three', prompt: 'p' }), battle({ id: 'three', prompt: 'q' })])
    expect(same.status).toBe(409)
    expect(await kept()).toBe(1)
  })

  test('an anchor that has no battle is refused with those that have', async () => {
    await post(between('alpha@1', 'beta@1', 3, 2))
    const { status, body } = await call<{ detail: string }>('GET', '/preferences?anchor=gamma')
    expect([status, body.detail]).toEqual([400, 'gamma has no battle here. Anchor on one of: alpha@1, beta@1.'])
  })

  test('who may only read does not write, an ingest key does not read, and a stranger sees no project', async () => {
    caller = lab.key('read').actor
    expect((await post([battle()])).status).toBe(403)
    expect((await ratings()).status).toBe(200)
    caller = lab.key('ingest').actor
    expect((await ratings()).status).toBe(403)
    caller = lab.stranger().actor
    expect([(await post([battle()])).status, (await ratings()).status]).toEqual([404, 404])
    expect(v1Routes.filter(({ tag }) => tag === 'Preferences').map(({ permission }) => permission)).toEqual([
      'eval:write',
      'eval:read',
      'eval:read',
    ])
  })
})

describe('ratings', () => {
  test('of two models are those of the win rate, with the earlier stage as the anchor', async () => {
    const [base, tuned] = [await checkpointOf('base'), await checkpointOf('tuned')]
    await post(between(tuned, base, 60, 30, 10, { length_a: 200, length_b: 100 }))
    const { body } = await ratings()
    const rate = winRate(60, 30, 10)
    expect(body.models.map((m) => [m.name, m.experiment?.slug, m.rank])).toEqual([
      ['tuned', 'tuned', 1],
      ['base', 'base', 2],
    ])
    expect(body.models[0]?.rating).toBeCloseTo(1000 + (rate.rating ?? 0), 5)
    expect(body.models[1]).toMatchObject({
      rating: 1000,
      rating_low: 1000,
      rating_high: 1000,
      length_ratio: expect.closeTo(0.5),
    })
    expect(body.models[0]).toMatchObject({
      wins: 60,
      ties: 10,
      losses: 30,
      share: 0.65,
      low: rate.low,
      method: 'wilson',
    })
    expect(body).toMatchObject({ anchor: base, used: 100, all: 100, unrated: null, rounds: 200 })
    // Beside it, for show: what the one gained battle by battle the other lost.
    expect((body.models[0]?.elo ?? 0) + (body.models[1]?.elo ?? 0)).toBeCloseTo(2000, 6)
    expect(body.models[0]?.elo).toBeGreaterThan(1000)
    expect(body.models[0]?.rating_low).toBeGreaterThan(1000)
  })

  test('with ties left out leave them out, and the anchor may be chosen', async () => {
    await post(between('alpha@1', 'beta@1', 60, 30, 10))
    const { body } = await ratings('?ties=left_out&anchor=beta@1')
    expect(body).toMatchObject({ used: 90, found: 100, anchor: 'beta@1' })
    expect(body.models[0]?.rating).toBeCloseTo(1000 + 400 * Math.log10(2), 5)
  })

  test('are the same in whatever order the battles came', async () => {
    const battles = [
      ...between('alpha@1', 'beta@1', 7, 5, 2),
      ...between('beta@1', 'gamma@1', 6, 4, 1),
      ...between('gamma@1', 'alpha@1', 3, 6, 1),
    ]
    await post(battles)
    const { body } = await ratings('?anchor=alpha@1')
    project = (await makeProject(lab)).slug
    await post([...battles].reverse())
    expect((await ratings('?anchor=alpha@1')).body).toEqual(body)
  })

  test('differences inside the intervals share a rank', async () => {
    await post(between('alpha@1', 'beta@1', 11, 9))
    expect((await ratings()).body.models.map(({ rank }) => rank)).toEqual([1, 1])
  })

  test('of a model that won every battle are not defined: win shares with Wilson say how it fared', async () => {
    await post(between('alpha@1', 'beta@1', 10, 0))
    const { body } = await ratings()
    expect(body).toMatchObject({ anchor: null, rounds: 0, unrated: { apart: ['beta@1'] } })
    expect(body.unrated?.reason).toMatch(/between alpha@1 and beta@1: one side won every battle/)
    expect(body.models[0]).toMatchObject({ name: 'alpha@1', rating: null, share: 1, ...pick(winRate(10, 0)) })
  })

  test('are filtered by category and rater, and say what there is to choose', async () => {
    await post([
      ...between('alpha@1', 'beta@1', 4, 2, 0, { category: 'code' }),
      ...between('alpha@1', 'beta@1', 1, 3, 0, { category: 'chat', rater: 'judge', rater_kind: 'model' }),
    ])
    const { body } = await ratings('?category=chat')
    expect(body).toMatchObject({ used: 4, found: 4, all: 10 })
    expect(body.categories).toEqual([
      { name: 'code', battles: 6 },
      { name: 'chat', battles: 4 },
    ])
    expect(body.raters).toEqual([
      { name: 'ann', kind: 'person', battles: 6 },
      { name: 'judge', kind: 'model', battles: 4 },
    ])
    expect((await ratings('?rater=ann')).body.used).toBe(6)
  })

  test('judgements of one prompt are no independent battles: the interval is over prompts', async () => {
    await post([
      ...Array.from({ length: 10 }, () => battle({ prompt: 'same', winner: 'a' })),
      ...Array.from({ length: 10 }, () => battle({ prompt: 'other', winner: 'b' })),
    ])
    const [pair] = (await ratings()).body.pairs
    expect(pair).toMatchObject({ prompts: 2, share: 0.5, low: 0, high: 1, method: 'prompts' })
  })

  test('agreement is told over cases that two raters judged, whichever side a model stood on; so is the order', async () => {
    const twice = (prompt: string, first: 'a' | 'b', second: 'a' | 'b') => [
      battle({ prompt, winner: first, first: 'a' }),
      battle({ prompt, a: 'beta@1', b: 'alpha@1', winner: second === 'a' ? 'b' : 'a', rater: 'bob', first: 'a' }),
    ]
    await post([
      ...twice('1', 'a', 'a'),
      ...twice('2', 'b', 'b'),
      ...twice('3', 'a', 'b'),
      ...twice('4', 'b', 'b'),
      battle({ prompt: '5' }),
    ])
    const { agreement, first_shown } = (await ratings()).body
    expect(agreement).toEqual({
      cases: 5,
      judged_twice: 4,
      pairs: [{ raters: ['ann', 'bob'], cases: 4, observed: 0.75, kappa: expect.closeTo(0.5) }],
    })
    expect(first_shown).toMatchObject({ decided: 8, share: 5 / 8 })
  })

  test('without a battle there are none, and of one model alone neither', async () => {
    expect((await ratings()).body).toMatchObject({ models: [], pairs: [], anchor: null, unrated: null, all: 0 })
  })
})

const pick = ({ low, high }: { low: number; high: number }) => ({ low, high })
