/**
 * The nine kinds of bad input that an evaluation, a lineage or a cost can bring, each through the doors that take it: the answer names the
 * field, what it got and the way out, and every row of every table is what it was.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { accuracy, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { makePastRun } from '../cost/world.ts'

interface Place {
  project: string
  checkpoint: string
  /** An evaluation that waits for more items than it has. */
  open: string
  run: string
}

let lab: Lab
let place: Place
let door: ReturnType<typeof createV1>

beforeAll(async () => {
  lab = await openLab()
  const { actor } = lab.key('admin')
  door = createV1({ services: lab.services, identify: async () => actor, closed: () => null })
  const { slug: project } = await makeProject(lab)
  await makeExperiment(lab, project, 'base')
  await makeExperiment(lab, project, 'sft', { parents: [{ experiment: 'base', kind: 'init' }] })
  const run = await makeRun(lab, project, 'sft')
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  const past = await makePastRun(lab, project, { experiment: 'base', attempts: [{ from: 0, to: 30 }] })
  place = { project, checkpoint, open: '', run: past.uid }
  const first = await call('POST', `/checkpoints/${checkpoint}/evaluations`, { ...sound, n: 4, items: rightOf(1, 2) })
  place.open = (first.body as { id?: string }).id ?? ''
  expect((await call('POST', `/runs/${past.uid}/allocations`, { allocations: [held(10, 12)] })).status).toBe(201)
})
afterAll(() => lab.close())

const sound = { benchmark: accuracy, metric: 'acc', protocol: { task: 'mmlu' }, score: 0.5, n: 100 }
const at = (hour: number) => `2026-11-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, '0')}:00:00Z`
const held = (from: number, to: number) => ({
  device_kind: 'gpu',
  device_name: 'NVIDIA L4',
  count: 1,
  device_uuids: ['GPU-a'],
  started_at: at(from),
  ended_at: at(to),
})
const price = { device: 'L4', currency: 'USD', typical: '1', source: 'a list', valid_from: '2026-11-01' }
const entry = { kind: 'labels', amount: '5', currency: 'USD', on: '2026-11-01' }

const score = ({ checkpoint }: Place) => `/checkpoints/${checkpoint}/evaluations`
const entries = ({ project }: Place) => `/projects/${project}/experiments/sft/cost/entries`
const edges = ({ project }: Place) => `/projects/${project}/edges`
const allocations = ({ run }: Place) => `/runs/${run}/allocations`
const book = () => '/price-book'

interface Case {
  says: string
  /** POST when absent. */
  method?: 'PUT' | 'PATCH'
  path: (place: Place) => string
  body: object
  status: number
  /** JSON pointers of the problem: the field. */
  at: string
  /** Of the sentence: the value, and the way out. */
  words: string[]
}

const lineage = (parents: object) => ({
  version: 1,
  name: 'Round',
  source: 'a table',
  stages: {
    a: { stage: 'sft', parents: [{ experiment: 'b', kind: 'init' }], checkpoints: [] },
    b: { stage: 'sft', parents, checkpoints: [] },
  },
})

const ENTRIES: Record<string, Case[]> = {
  'scores outside the scale': [
    {
      says: 'a fraction above 1',
      path: score,
      body: { ...sound, score: 66.7 },
      status: 400,
      at: '/score',
      words: ['66.7 lies outside 0…1', 'Send scale 100'],
    },
    {
      says: 'an item’s score',
      path: score,
      body: { ...sound, n: 1, items: [{ id: 'a', score: 7 }] },
      status: 400,
      at: '/items/0/score',
      words: ['Item 0 ("a")', '7', '0…1'],
    },
    {
      says: 'an item in a later part',
      path: ({ open }) => `/evaluations/${open}/items`,
      body: { part: 2, items: [{ id: 'x', score: 2 }] },
      status: 400,
      at: '/items/0/score',
      words: ['2', '0…1'],
    },
  ],
  'n = 0': [
    {
      says: 'a score of no items',
      path: score,
      body: { ...sound, n: 0 },
      status: 400,
      at: '/n',
      words: ['n is 0', 'Leave n out where it was not published'],
    },
  ],
  'an unknown benchmark': [
    {
      says: 'of an evaluation',
      path: score,
      body: { ...sound, benchmark: 'mmlo' },
      status: 400,
      at: '/benchmark',
      words: ['"mmlo"', 'Did you mean "mmlu"?'],
    },
    {
      says: 'of a budget',
      method: 'PATCH',
      path: ({ project }) => `/projects/${project}/experiments/sft/budget`,
      body: { points: 2, benchmarks: [{ benchmark: 'mmul', tolerance: 0.1 }] },
      status: 400,
      at: '/benchmarks/0/benchmark',
      words: ['"mmul"', 'Did you mean "mmlu"?'],
    },
  ],
  'items that do not match the declared n': [
    {
      says: 'more than n',
      path: score,
      body: { ...sound, n: 1, items: rightOf(1, 2) },
      status: 422,
      at: '/n',
      words: ['n is 1', '2 items'],
    },
    {
      says: 'fewer than n, when the evaluation is completed',
      path: ({ open }) => `/evaluations/${open}/complete`,
      body: {},
      status: 422,
      at: '/n',
      words: ['4', '2'],
    },
  ],
  'allocations that are not monotone': [
    {
      says: 'an end before its start',
      path: allocations,
      body: { allocations: [held(14, 16), held(20, 19)] },
      status: 400,
      at: '/allocations/1/ended_at',
      words: ['attempt 1', at(19).replace('Z', '.000Z'), 'before it starts', at(20).replace('Z', '.000Z')],
    },
    {
      says: 'two that hold one device at a time',
      path: allocations,
      body: { allocations: [held(14, 16), held(15, 17)] },
      status: 400,
      at: '/allocations/1/started_at',
      words: ['GPU-a', at(15).replace('Z', '.000Z'), 'until'],
    },
    {
      says: 'a device that is held already',
      path: allocations,
      body: { allocations: [held(14, 16), held(11, 13)] },
      status: 409,
      at: '/allocations/1/device_uuids',
      words: ['GPU-a is held by run', 'replace: true'],
    },
  ],
  'negative prices': [
    {
      says: 'in the book',
      path: book,
      body: { book: 'own', prices: [price, { ...price, device: 'T4', typical: -1 }] },
      status: 400,
      at: '/prices/1/typical',
      words: ['-1', 'must not be negative'],
    },
    {
      says: 'of an entry',
      path: entries,
      body: { ...entry, amount: '-5' },
      status: 400,
      at: '/amount',
      words: ['-5', 'must not be negative'],
    },
  ],
  'an unknown currency': [
    {
      says: 'in the book',
      path: book,
      body: { book: 'own', prices: [price, { ...price, device: 'T4', currency: 'USX' }] },
      status: 400,
      at: '/prices/1/currency',
      words: ['"USX"', 'ISO 4217 such as USD or EUR'],
    },
    {
      says: 'of an entry',
      path: entries,
      body: { ...entry, currency: 'DOL' },
      status: 400,
      at: '/currency',
      words: ['"DOL"', 'ISO 4217 such as USD or EUR'],
    },
    {
      says: 'of a rate',
      path: book,
      body: {
        book: 'own',
        prices: [price],
        rates: [{ from: 'EUR', to: 'XXZ', rate: 1, on: '2026-11-01', source: 'x' }],
      },
      status: 400,
      at: '/rates/0/to',
      words: ['"XXZ"', 'ISO 4217 such as USD or EUR'],
    },
  ],
  'a cycle': [
    {
      says: 'of an edge',
      path: edges,
      body: { child: 'base', parent: 'sft', kind: 'data' },
      status: 409,
      at: '/parent',
      words: ['base (#1) → sft (#2) → base (#1)', 'name another parent'],
    },
    {
      says: 'of a stage that is its own parent',
      path: edges,
      body: { child: 'sft', parent: 'sft', kind: 'teacher' },
      status: 409,
      at: '/parent',
      words: ['sft (#2)', 'name another one'],
    },
    {
      says: 'of a stage that is written anew',
      method: 'PUT',
      path: ({ project }) => `/projects/${project}/experiments/base`,
      body: { stage: 'instruction', parents: [{ experiment: 'sft', kind: 'init' }] },
      status: 409,
      at: '/parents/0',
      words: ['base (#1)', 'sft (#2)'],
    },
    {
      says: 'of a pipeline',
      path: ({ project }) => `/projects/${project}/pipelines`,
      body: {
        version: 1,
        name: 'Round',
        experiments: {
          a: { stage: 'sft', recipe: 'a', parents: [{ experiment: 'b' }] },
          b: { stage: 'sft', recipe: 'b', parents: [{ experiment: 'a' }] },
        },
      },
      status: 400,
      at: '/experiments/a/parents',
      words: ['cycle: a ← b ← a'],
    },
    {
      says: 'of a lineage file',
      path: ({ project }) => `/projects/${project}/imports/lineage`,
      body: lineage([{ experiment: 'a', kind: 'init' }]),
      status: 400,
      at: '/stages/a/parents',
      words: ['cycle: a ← b ← a'],
    },
  ],
  'a protocol conflict': [
    {
      says: 'with the metric of the evaluation',
      path: score,
      body: { ...sound, protocol: { task: 'mmlu', metric: 'acc_norm' } },
      status: 409,
      at: '/protocol/metric',
      words: ['acc_norm', 'acc'],
    },
    {
      says: 'within itself',
      path: score,
      body: { ...sound, protocol: { task: 'm', chat_template: 'c', apply_chat_template: false } },
      status: 409,
      at: '/protocol/apply_chat_template',
      words: ['none was applied'],
    },
    {
      says: 'with what the benchmark means',
      path: score,
      body: { ...sound, benchmark: { ...accuracy, higher_is_better: false } },
      status: 409,
      at: '/benchmark/higher_is_better',
      words: ['higher_is_better true'],
    },
  ],
}

test.each(Object.entries(ENTRIES).flatMap(([kind, cases]) => cases.map((one) => [kind, one.says, one] as const)))(
  '%s: %s is named with field, value and way out, and the database is unchanged',
  async (_, __, { method = 'POST', path, body, status, at: pointer, words }) => {
    const before = await everyTable()
    const answer = await call(method, path(place), body)
    expect([answer.status, answer.body.errors?.map((error) => error.pointer)]).toEqual([status, [pointer]])
    for (const word of words) expect(answer.body.detail).toContain(word)
    expect(await everyTable()).toEqual(before)
  },
)

test('what is sound is written: the sums of the tables tell the difference', async () => {
  const before = await everyTable()
  expect((await call('POST', score(place), sound)).status).toBe(201)
  expect((await call('POST', entries(place), entry)).status).toBe(201)
  const after = await everyTable()
  expect(
    Object.keys(after)
      .filter((table) => after[table] !== before[table])
      .sort(),
  ).toEqual(expect.arrayContaining(['cost_entries', 'evaluations']))
})

async function call(method: string, path: string, body: object) {
  const answer = await door.request(`/api/v1${path}`, {
    method,
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  type Problem = { detail?: string; errors?: { pointer: string; message: string }[] }
  return { status: answer.status, body: (await answer.json()) as Problem }
}

/** The rows of every table of the database, as one sum each. */
async function everyTable(): Promise<Record<string, string>> {
  const { sql } = lab.database
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`
  const sums = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from "${name}" t`,
  )
  const rows = await sql.unsafe<{ name: string; sum: string }[]>(sums.join(' union all '))
  return Object.fromEntries(rows.map((row) => [row.name, row.sum]))
}
