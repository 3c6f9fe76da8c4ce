/** What is wrong with an evaluation is named with its field, its value and the way out, and the database stays as it was. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { accuracy, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let door: ReturnType<typeof createV1>
let checkpoint: string
let open: string
beforeAll(async () => {
  lab = await openLab()
  const { actor } = lab.key('ingest')
  door = createV1({ services: lab.services, identify: async () => actor, closed: () => null })
})
afterAll(() => lab.close())
beforeEach(async () => {
  const project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  const run = await makeRun(lab, project.slug, 'base')
  checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  const first = { ...sound, n: 4, score: 0.5, items: rightOf(1, 2) }
  open = (await (await post(`/checkpoints/${checkpoint}/evaluations`, first)).json()).id
})

const post = (path: string, body: unknown) =>
  Promise.resolve(
    door.request(`/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
const sound = { benchmark: accuracy, metric: 'acc', protocol: { task: 'mmlu' }, score: 0.5, n: 100 }

/** All rows of all tables that an evaluation could touch. */
const TABLES = [
  ...['benchmarks', 'protocols', 'evaluations', 'evaluation_items', 'item_lists', 'packed_items', 'item_hashes'],
  ...[
    'experiment_benchmarks',
    'definition_edits',
    'training_hashes',
    'dataset_versions',
    'datasets',
    'idempotency_records',
  ],
]
async function everything(): Promise<Record<string, string>> {
  const { sql } = lab.database
  const sums: Record<string, string> = {}
  for (const table of TABLES) {
    const [row] = await sql.unsafe(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${table} t`,
    )
    sums[table] = row?.sum
  }
  return sums
}

const loss = { slug: 'corpus', category: 'general-LM', kind: 'loss', higher_is_better: false, unit: 'bpb' }
const fresh = { ...accuracy, slug: 'fresh' }
const CASES: [string, object, number, string, string][] = [
  ['a score above the scale', { score: 1.2 }, 400, '/score', '1.2 lies outside 0…1'],
  [
    'a score above the scale of a benchmark that is named only',
    { benchmark: 'mmlu', score: 66.7 },
    400,
    '/score',
    'Send scale 100',
  ],
  ['points above a hundred', { score: 101, scale: 100 }, 400, '/score', '101 lies outside 0…100'],
  ['a score below zero', { score: -0.1 }, 400, '/score', '-0.1 lies outside'],
  [
    'an item outside the scale',
    { n: 1, score: 1, items: [{ id: 'a', score: 7 }] },
    400,
    '/items/0/score',
    'Item 0 ("a"): the score 7',
  ],
  ['a scale that is none', { scale: 10 }, 400, '/scale', ''],
  ['n = 0', { n: 0 }, 400, '/n', 'n is 0: a score of no items is none'],
  ['half an item', { n: 2.5 }, 400, '/n', ''],
  ['n and the reason why there is none', { n_missing: 'not published' }, 400, '/n_missing', 'Send one of the two'],
  ['a standard error below zero', { stderr: -1 }, 400, '/stderr', ''],
  ['an unknown benchmark', { benchmark: 'mmlo' }, 400, '/benchmark', 'Did you mean "mmlu"?'],
  [
    'another meaning of a benchmark',
    { benchmark: { ...accuracy, higher_is_better: false } },
    409,
    '/benchmark/higher_is_better',
    'is defined with higher_is_better true',
  ],
  ['a chance level in points', { benchmark: { ...fresh, chance: 25 } }, 400, '/benchmark/chance', 'chance is 25'],
  [
    'a best value below chance',
    { benchmark: { ...fresh, best: 0.1 } },
    400,
    '/benchmark/best',
    'not better than chance',
  ],
  [
    'a benchmark that is its own twin',
    { benchmark: { ...fresh, twin: 'fresh' } },
    400,
    '/benchmark/twin',
    'its own twin',
  ],
  ['items without n', { n: null, items: rightOf(1, 2) }, 422, '/n', '2 items came without n'],
  ['more items than n', { n: 1, items: rightOf(1, 2) }, 422, '/n', 'n is 1, but 2 items came'],
  [
    'a score that the items do not give',
    { n: 2, items: rightOf(1, 2), score: 0.9 },
    422,
    '/score',
    '0.9, but the items give 0.5',
  ],
  ['an item twice', { n: 2, items: [...rightOf(1, 1), ...rightOf(1, 1)] }, 400, '/items/1', 'comes twice'],
  [
    'an item with two forms',
    { n: 1, items: [{ id: 'a', score: 1, nats: 2, bytes: 1 }] },
    400,
    '/items/0',
    'exactly one of',
  ],
  [
    'nats without bytes',
    { benchmark: loss, metric: 'bits_per_byte', n: 1, items: [{ id: 'a', nats: 1 }] },
    400,
    '/items/0',
    'without bytes',
  ],
  [
    'more matches than n-grams',
    { n: 1, items: [{ id: 'a', hyp_len: 2, ref_len: 2, match: [3, 0, 0, 0], total: [2, 1, 0, 0] }] },
    400,
    '/items/0',
    'more n-grams than there are',
  ],
  [
    'a protocol of another metric',
    { protocol: { task: 'mmlu', metric: 'acc_norm' } },
    409,
    '/protocol/metric',
    'says the metric acc_norm, the evaluation says acc',
  ],
  [
    'a chat template that was not applied',
    { protocol: { task: 'm', chat_template: 'c', apply_chat_template: false } },
    409,
    '/protocol/apply_chat_template',
    'none was applied',
  ],
  [
    'a judge’s prompt without a judge',
    { protocol: { task: 'm', judge_prompt: 'p' } },
    409,
    '/protocol/judge',
    'no judge',
  ],
  [
    'a version of no harness',
    { protocol: { task: 'm', harness_version: '1' } },
    409,
    '/protocol/harness',
    'no harness',
  ],
  ['negative shots', { protocol: { task: 'm', shots: -1 } }, 400, '/protocol/shots', ''],
  ['a protocol without a task', { protocol: {} }, 400, '/protocol/task', ''],
  [
    'a measurement of the future',
    { measured_at: '2999-01-01T00:00:00Z' },
    400,
    '/measured_at',
    'more than a day ahead',
  ],
]

test.each(CASES)('%s is named, and nothing is written', async (_, change, status, pointer, words) => {
  const before = await everything()
  const answer = await post(`/checkpoints/${checkpoint}/evaluations`, { ...sound, ...change })
  const problem = await answer.json()
  expect([answer.status, problem.errors?.[0]?.pointer]).toEqual([status, pointer])
  expect(problem.detail).toContain(words)
  expect(await everything()).toEqual(before)
})

test.each([
  ['items of another form', 'items', { part: 2, items: [{ id: 'x', nats: 1, bytes: 2 }] }, 400, '/items/0'],
  ['an item outside the scale', 'items', { part: 2, items: [{ id: 'x', score: 2 }] }, 400, '/items/0/score'],
  ['fewer items than declared', 'complete', {}, 422, '/n'],
] as const)('%s in a later part are named, and nothing is written', async (_, verb, body, status, pointer) => {
  const before = await everything()
  const answer = await post(`/evaluations/${open}/${verb}`, body)
  expect([answer.status, (await answer.json()).errors?.[0]?.pointer]).toEqual([status, pointer])
  expect(await everything()).toEqual(before)
})

test('what is sound is written: the sums of the tables tell the difference', async () => {
  const before = await everything()
  expect((await post(`/checkpoints/${checkpoint}/evaluations`, sound)).status).toBe(201)
  expect(await everything()).not.toEqual(before)
})

test('a record that was imported is answered the second time, whatever else came since', async () => {
  const from = { kind: 'card', file: 'card.md', sha256: 'ab'.repeat(32), record: 'row 3' }
  const published = { ...sound, n: null, n_missing: 'not published', imported_from: from }
  const path = `/checkpoints/${checkpoint}/evaluations`
  const first = await (await post(path, published)).json()
  expect(first).toMatchObject({ n: null, n_missing: 'not published', stderr: null, low: null, imported_from: from })
  await post(path, { ...sound, score: 0.7, measured_at: '2026-05-01T00:00:00Z' })
  const before = await everything()
  const second = await (await post(path, { ...published, score: 0.4 })).json()
  expect([second.id, second.score]).toEqual([first.id, 0.5])
  expect(await everything()).toEqual(before)
})

test('a base with its best prompt is beside the base, and neither supersedes the other', async () => {
  const path = `/checkpoints/${checkpoint}/evaluations`
  const plain = await (await post(path, sound)).json()
  const best = await (await post(path, { ...sound, score: 0.7, variant: 'best prompt' })).json()
  for (const { id } of [plain, best]) {
    const answer = await door.request(`/api/v1/evaluations/${id}/history`, { headers: { authorization: 'Bearer x' } })
    expect(answer.status).toBe(403)
  }
  const rows = await lab.database.sql`
    select e.variant, e.superseded_by from evaluations e join checkpoints c on c.id = e.checkpoint_id
    where c.uid = ${checkpoint} and e.status = 'complete' order by e.variant`
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { variant: '', superseded_by: null },
    { variant: 'best prompt', superseded_by: null },
  ])
})
