/** The runs table on a real database: what it gives of runs, groups, keys and values, and that writers keep it in step. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DrawnRunsInput, RunGroupsInput, RunsFileQuery, RunsQuery, RunsTableInput } from '#src/protocol/runs-table.ts'
import { SearchKeysInput, SearchValuesInput } from '#src/protocol/search-keys.ts'
import { deleteRun, restoreRun } from '#src/services/runs/delete.ts'
import { getDrawnRuns } from '#src/services/runs/drawn.ts'
import { getRunGroups } from '#src/services/runs/groups.ts'
import { putRun } from '#src/services/runs/put.ts'
import { searchRuns } from '#src/services/runs/search.ts'
import { getRunsTable } from '#src/services/runs/table.ts'
import { exportRunsTable } from '#src/services/runs/table-file.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { listSearchKeys } from '#src/services/search/keys.ts'
import { listSearchValues } from '#src/services/search/values.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
let projectId: number
const uids: string[] = []

const uid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const place = () => ({ workspace: lab.workspace, project })
const table = (more: Partial<RunsTableInput> = {}) =>
  getRunsTable(lab.user('viewer'), { ...RunsTableInput.parse(more), ...place() })
const numbers = async (more: Partial<RunsTableInput>) => (await table(more)).rows.map((row) => row.number)
const groups = (more: object) => getRunGroups(lab.user('viewer'), { ...RunGroupsInput.parse(more), ...place() })

/** Run n: configuration, loss and accuracy; null: it logged none. */
const RUNS: [config: Record<string, unknown>, tags: string[], loss: number | null, accuracy: number | null][] = [
  [{ lr: 0.1, model: { name: 'small' }, flag: true }, ['paper', 'a'], 3, 0.5],
  [{ lr: 0.2, model: { name: 'small' } }, ['paper'], 1, 0.9],
  [{ lr: 'auto', model: { name: 'large' } }, [], null, null],
  [{ model: { name: 'large' } }, ['a'], 2, 0.9],
  [{ lr: 0.1, model: { name: 'large' } }, [], Number.NaN, 0.1],
]

beforeAll(async () => {
  lab = await openLab()
  const made = await makeProject(lab)
  project = made.slug
  projectId = made.id
  await makeExperiment(lab, project, 'base')
  const { sql } = lab.database
  await sql`insert into metric_keys (workspace_id, id, name) values (${lab.workspaceId}, 1, 'train/loss'), (${lab.workspaceId}, 2, 'acc')`
  for (const [i, [config, tags, loss, accuracy]] of RUNS.entries()) {
    uids.push(uid(i + 1))
    await putRun(lab.key('ingest'), {
      project,
      experiment: 'base',
      run: uid(i + 1),
      name: `run ${'abcde'[i]}`,
      kind: 'train',
      config,
      environment: {},
      tags,
    })
    for (const [metric, value] of [
      [1, loss],
      [2, accuracy],
    ] as const) {
      if (value === null) continue
      const finite = Number.isFinite(value) ? value : null
      await sql`insert into metric_latest (run_id, metric_id, project_id, step, t, value, first_step, first_value, vmin, vmax, n)
        select id, ${metric}, ${projectId}, 9, 1, ${String(value)}::float8, 0, 7, ${finite === null ? null : finite - 0.05}, ${finite === null ? null : finite + 0.05}, 10
        from runs where uid = ${uid(i + 1)}`
    }
  }
}, 120_000)
afterAll(() => lab.close())

describe('a table of runs', () => {
  test('holds the chosen columns and no others, and the head says which value of a metric it is', async () => {
    const found = await table({
      columns: [
        'config.lr',
        'config.model.name',
        'config.flag',
        'metrics.train/loss',
        'metrics.train/loss.best',
        'metrics.acc.best',
        'metrics.acc.count',
        'config.nothing',
        'tag',
      ],
      sort: [{ field: 'number', direction: 'asc' }],
    })
    expect(found.columns.map(({ field, better }) => [field, better])).toEqual([
      ['config.lr', null],
      ['config.model.name', null],
      ['config.flag', null],
      ['metrics.train/loss', 'lower'],
      ['metrics.train/loss.best', 'lower'],
      ['metrics.acc.best', 'higher'],
      ['metrics.acc.count', null],
      ['config.nothing', null],
      ['tag', null],
    ])
    expect(found.rows.map((row) => row.cells)).toEqual([
      [0.1, 'small', true, 3, 2.95, 0.55, 10, null, ['paper', 'a']],
      [0.2, 'small', null, 1, 0.95, 0.9500000000000001, 10, null, ['paper']],
      ['auto', 'large', null, null, null, null, null, null, []],
      [null, 'large', null, 2, 1.95, 0.9500000000000001, 10, null, ['a']],
      [0.1, 'large', null, 'NaN', null, 0.15000000000000002, 10, null, []],
    ])
    expect(found).toMatchObject({ total: 5, all: 5, currency: null, pinned: [] })
  })

  test('is sorted by several columns, missing values last in both directions, and of equal runs the newest is first', async () => {
    const by = (field: string, direction: 'asc' | 'desc') => ({ field, direction })
    expect(await numbers({ sort: [by('metrics.train/loss', 'asc')] })).toEqual([2, 4, 1, 5, 3])
    expect(await numbers({ sort: [by('metrics.train/loss', 'desc')] })).toEqual([1, 4, 2, 5, 3])
    expect(await numbers({ sort: [by('metrics.acc', 'desc'), by('config.model.name', 'desc')] })).toEqual([
      2, 4, 1, 5, 3,
    ])
    // Numbers stand before texts, whatever the direction.
    expect(await numbers({ sort: [by('config.lr', 'asc')] })).toEqual([5, 1, 2, 3, 4])
    expect(await numbers({ sort: [by('config.lr', 'desc')] })).toEqual([2, 5, 1, 3, 4])
    expect(await numbers({})).toEqual([5, 4, 3, 2, 1])
  })

  test('is read in pages that never overlap, and pinned runs are answered apart', async () => {
    const sort = [{ field: 'metrics.acc', direction: 'desc' as const }]
    const whole = await numbers({ sort })
    const pages = [
      ...(await numbers({ sort, limit: 2 })),
      ...(await numbers({ sort, limit: 2, offset: 2 })),
      ...(await numbers({ sort, limit: 2, offset: 4 })),
    ]
    expect(pages).toEqual(whole)
    const { rows, pinned, total } = await table({ q: 'tag = paper', pinned: [5, 99] })
    expect([total, rows.map((row) => row.number), pinned.map((row) => row.number)]).toEqual([2, [2, 1], [5]])
  })

  test('refuses a search with the place and what was expected, and a column that is none', async () => {
    await expectRefusal(table({ q: 'config.lr > ' }), 'invalid_request')
    await expect(table({ q: 'tag = paper and nope = 3' })).rejects.toMatchObject({
      detail: { at: 16, errors: [{ pointer: '/q' }], expected: expect.stringContaining('field') },
    })
    await expect(table({ columns: ['name', 'nope'] })).rejects.toMatchObject({
      detail: { errors: [{ pointer: '/columns/1' }] },
    })
  })

  test('is for members only', async () => {
    await expectRefusal(getRunsTable(lab.stranger(), { ...RunsTableInput.parse({}), ...place() }), 'not_found')
    await expectRefusal(getRunsTable(lab.key('ingest'), { ...RunsTableInput.parse({}), ...place() }), 'forbidden')
  })
})

describe('groups', () => {
  test('give count, states, mean, median, range, spread and the best member, in the order in which the table sorts by them', async () => {
    const found = await groups({
      group: ['config.model.name'],
      columns: ['metrics.train/loss', 'metrics.acc', 'config.flag'],
    })
    expect(found.groups.map(({ values, count, states }) => [values, count, states])).toEqual([
      [['large'], 3, { queued: 3 }],
      [['small'], 2, { queued: 2 }],
    ])
    const small = found.groups[1]?.numbers
    expect(small?.[0]).toEqual({
      n: 2,
      mean: 2,
      median: 2,
      min: 1,
      max: 3,
      sum: 4,
      sd: Math.SQRT2,
      best: { number: 2, value: 1 },
    })
    expect(small?.[1]).toMatchObject({ n: 2, best: { number: 2, value: 0.9 } })
    expect(small?.[2]).toBeNull()
    // NaN is no number to add.
    expect(found.groups[0]?.numbers[0]).toMatchObject({ n: 1, mean: 2, sd: null, best: { number: 4 } })
  })

  test('are nested by several keys, and missing values are a group of their own, the last', async () => {
    const found = await groups({ group: ['config.lr', 'config.model.name'] })
    expect(found.groups.map(({ values, count }) => [...values, count])).toEqual([
      [0.1, 'large', 1],
      [0.1, 'small', 1],
      [0.2, 'small', 1],
      ['auto', 'large', 1],
      [null, 'large', 1],
    ])
    const sort = ['config.lr', 'config.model.name'].map((field) => ({ field, direction: 'asc' as const }))
    expect(await numbers({ sort })).toEqual([5, 1, 2, 3, 4])
    expect(await groups({ group: ['config.lr'], limit: 1 })).toMatchObject({ total: 5, more: 3 })
  })
})

test('charts draw the first runs in the order of the table, hidden ones left out and counted', async () => {
  const drawn = await getDrawnRuns(lab.user('viewer'), {
    ...DrawnRunsInput.parse({
      sort: [{ field: 'metrics.train/loss', direction: 'asc' }],
      hidden: [4],
      group: ['config.model.name', 'config.lr'],
      limit: 3,
    }),
    ...place(),
  })
  expect(drawn.matching).toBe(5)
  expect(drawn.runs.map(({ number, groupKey }) => [number, groupKey])).toEqual([
    [2, 'small, 0.2'],
    [1, 'small, 0.1'],
    [5, 'large, 0.1'],
  ])
})

test('a file holds every run that matches, with the chosen columns, in the order asked for', async () => {
  const file = await exportRunsTable(lab.user('viewer'), {
    ...RunsFileQuery.parse({
      q: 'config.model.name = small',
      columns: 'config.lr,tag,metrics.train/loss',
      sort: '-config.lr',
    }),
    ...place(),
  })
  let text = ''
  for await (const bytes of file.bytes) text += new TextDecoder().decode(bytes)
  expect(text).toBe(
    `number,name,uid,config.lr,tag,metrics.train/loss\r\n2,run b,${uid(2)},0.2,paper,1\r\n1,run a,${uid(1)},0.1,"paper, a",3\r\n`,
  )
})

test('a key lists runs by a search, page by page, with values of columns', async () => {
  const ask = (more: object) =>
    searchRuns(lab.key('read'), {
      ...RunsQuery.parse({ columns: 'config.lr', sort: 'number', limit: 2, ...more }),
      project,
    })
  const first = await ask({ q: 'config.lr is not missing' })
  expect(first).toMatchObject({ total: 4, items: [{ number: 1, values: { 'config.lr': 0.1 } }, { number: 2 }] })
  const second = await ask({ q: 'config.lr is not missing', cursor: first.next_cursor })
  expect(second.items.map((run) => run.number)).toEqual([3, 5])
  expect(second.next_cursor).toBeUndefined()
  expect(await ask({ state: 'running' })).toMatchObject({ total: 0, items: [] })
  expect(await ask({ experiment: '1', q: 'run' })).toMatchObject({ total: 5 })
})

describe('completion', () => {
  const keys = (text: string) => listSearchKeys(lab.user('viewer'), { ...SearchKeysInput.parse({ text }), ...place() })
  const values = async (field: string, text = '') =>
    (await listSearchValues(lab.user('viewer'), { ...SearchValuesInput.parse({ field, text }), ...place() })).values

  test('finds keys by their beginning, then by a part, with counts, ranges and how they lie', async () => {
    const { entries } = await keys('lr')
    expect(entries).toEqual([
      {
        field: 'config.lr',
        kind: 'mixed',
        runs: 4,
        range: [0.1, 0.2],
        values: ['auto'],
        bars: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      },
    ])
    expect((await keys('loss')).entries[0]).toMatchObject({ field: 'metrics.train/loss', kind: 'number', runs: 4 })
    expect((await keys('model name')).entries[0]).toMatchObject({
      field: 'config.model.name',
      kind: 'text',
      values: ['large', 'small'],
      bars: [3, 2],
    })
    expect((await keys('')).entries.slice(0, 3).map(({ field }) => field)).toEqual(['name', 'number', 'state'])
    expect((await keys('zzz')).found).toBe(0)
  })

  test('finds values with how many runs have each, in their own type', async () => {
    expect(await values('config.lr')).toEqual([
      { value: 0.1, runs: 2 },
      { value: 'auto', runs: 1 },
      { value: 0.2, runs: 1 },
    ])
    expect(await values('tag', 'PA')).toEqual([{ value: 'paper', runs: 2 }])
    expect(await values('config.flag')).toEqual([{ value: true, runs: 1 }])
    expect((await values('state', 'fin'))[0]).toEqual({ value: 'finished', runs: 0 })
  })
})

describe('writers keep the search in step', () => {
  test('a renamed and newly tagged run is found by what it is now', async () => {
    await updateRun(lab.user('editor'), { ...place(), run: 3, name: 'elsewhere', tags: ['fresh'] } as never)
    expect(await numbers({ q: 'tag = fresh and name : ELSE' })).toEqual([3])
    expect(await numbers({ q: '"run c"' })).toEqual([])
    await updateRun(lab.user('editor'), { ...place(), run: 3, tags: [] } as never)
    expect(await numbers({ q: 'fresh' })).toEqual([])
  })

  test('a deleted run is not found, and a restored one is', async () => {
    await deleteRun(lab.user('owner'), { run: uid(1) })
    expect(await table({ q: 'tag = paper' })).toMatchObject({ total: 1, all: 4 })
    await restoreRun(lab.user('owner'), { run: uid(1) })
    expect(await numbers({ q: 'tag = paper' })).toEqual([2, 1])
  })

  test('what the triggers wrote is what a rebuild writes', async () => {
    const { sql } = lab.database
    const read = () => sql`
      select k.path, v.run_id, v.number, v.text, v.truth, null as tag from config_values v join config_keys k on k.id = v.key_id
      where v.project_id = ${projectId}
      union all select null, run_id, null, null, null, tag from run_tags where project_id = ${projectId}
      order by 1, 2, 6`
    const before = await read()
    await sql`delete from config_values where project_id = ${projectId} and run_id % 2 = 0`
    await sql`select rebuild_search_values(${projectId})`
    expect(await read()).toEqual(before)
    expect(before.length).toBeGreaterThan(10)
  })
})
