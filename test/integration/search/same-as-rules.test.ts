/** What the database answers to a search is what the rules of `src/core/search` say of each run. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CELL_STATES } from '#src/core/forgetting/cell-states.ts'
import { orientationOf } from '#src/core/metrics/orientation.ts'
import { configLeaves } from '#src/core/runs/config-leaves.ts'
import { RUN_STATES } from '#src/core/runs/states.ts'
import type { Field } from '#src/core/search/field.ts'
import { matches, type Scalar, type SearchedRun } from '#src/core/search/matches.ts'
import { printSearch } from '#src/core/search/print-search.ts'
import { RunsTableInput } from '#src/protocol/runs-table.ts'
import { getRunCost } from '#src/services/cost/run-cost.ts'
import { getMatrix } from '#src/services/evaluations/matrix/get.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { getRunsTable } from '#src/services/runs/table.ts'
import { evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { type SearchVocabulary, SMALL_VOCABULARY, searches } from '#test/factories/searches.ts'

const NOW = new Date('2026-11-29T12:00:00Z')
const RUNS = 30
const STAGES = ['base', 'sft', 'replay'] as const
const VOCABULARY: SearchVocabulary = { ...SMALL_VOCABULARY, benchmarks: ['mmlu', 'gsm8k'] }

interface Told {
  number: number
  stage: (typeof STAGES)[number]
  archived: boolean
  plain: Map<string, Scalar[]>
  config: Map<string, Scalar>
  metrics: Map<string, Record<string, number | null>>
  note: string
}

let lab: Lab
let project: string
let runs: Told[]
/** By stage: what each field of an evaluation holds. */
let evaluated: Map<string, Map<string, Scalar>>
/** Numbers of the runs above each stage. */
const above: Record<(typeof STAGES)[number], number[]> = { base: [], sft: [], replay: [] }

/** A stream of whole numbers from 0 below `n`, the same each time. */
function dice(seed: number) {
  let state = seed
  return (n: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >> 8) % n
  }
}

beforeAll(async () => {
  lab = await openLab()
  lab.setNow(NOW)
  const { sql } = lab.database
  const made = await makeProject(lab)
  project = made.slug
  const roll = dice(7)
  const one = <T>(list: readonly T[]): T => list[roll(list.length)] as T
  const parents: Partial<Record<string, string>> = {}
  runs = []
  const [agent] = await sql<{ id: number }[]>`
    insert into agents (workspace_id, name, public_key, queues) values (${lab.workspaceId}, 'base', 'x', '{default}') returning id`
  const metricIds = new Map<string, number>()
  for (const [i, name] of VOCABULARY.metricKeys.entries()) {
    await sql`insert into metric_keys (workspace_id, id, name) values (${lab.workspaceId}, ${i + 1}, ${name})`
    metricIds.set(name, i + 1)
  }
  for (const [level, stage] of STAGES.entries()) {
    const parent = level === 0 ? undefined : parents[STAGES[level - 1] as string]
    await makeExperiment(lab, project, stage, parent ? { parents: [{ checkpoint: parent, kind: 'init' }] } : {})
    await sql`update experiments set name = ${`Stage ${one(VOCABULARY.texts)}`}, owner = ${level === 1 ? 'sft' : null}
      where project_id = ${made.id} and slug = ${stage}`
    const [row] = await sql<{ name: string; kind: string }[]>`
      select name, stage_kind as kind from experiments where project_id = ${made.id} and slug = ${stage}`
    for (let i = 0; i < RUNS / STAGES.length; i++) {
      const isFirst = i === 0
      const run = await makeRun(lab, project, stage)
      if (isFirst) {
        const checkpoint = await makeCheckpoint(run.ctx, run.uid)
        parents[stage] = checkpoint.id
        for (const [b, benchmark] of VOCABULARY.benchmarks.entries())
          await postEvaluation(lab.key('ingest'), {
            ...evaluation({
              benchmark: { slug: benchmark, category: 'knowledge', kind: 'accuracy', higher_is_better: true },
              protocol: { task: benchmark, shots: 5, harness: 'test', harness_version: '1' },
              score: one([0, 0.5, 1]) * (b === 0 ? 1 : 0.5),
            }),
            checkpoint: checkpoint.id,
          })
        await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
      }
      const name = one([...VOCABULARY.texts, 'SFT-1', 'Ää(B)'])
      const tags = VOCABULARY.texts.filter(() => roll(5) === 0)
      const group = roll(3) === 0 ? null : one(VOCABULARY.texts)
      const note = roll(3) === 0 ? `Read ${one(VOCABULARY.texts)}` : ''
      const state = isFirst ? 'finished' : one(RUN_STATES)
      const tokens = roll(3) === 0 ? null : one([0, 1, 2, 12])
      const created = one([
        '2026-11-24T10:00:30.250Z',
        '2026-11-24T10:00:00Z',
        '2026-11-29T11:59:59Z',
        '2026-11-28T12:00:00Z',
        '2024-02-29T23:59:59.999Z',
      ])
      const seconds = one([null, 0, 1, 90, 3600, 3960.5, 86_400])
      const isAgents = roll(3) === 0
      const archived = !isFirst && roll(5) === 0
      const config = {
        ...(roll(3) > 0 && { lr: one([0.5, 3e-4, '0.5', 1, true, null, [1, 'sft']]) }),
        ...(roll(2) === 0 && { optim: { warmup: one([0, 12, '1', false]) } }),
        ...(roll(4) === 0 && { 'optim.warmup': one([-1, 'base']) }),
        ...(roll(2) === 0 && { 'data set': one(VOCABULARY.texts) }),
        seed: one(VOCABULARY.numbers),
        ...(roll(2) === 0 && { flag: { min: one([true, false, 'true']) } }),
      }
      await sql`update runs set name = ${name}, tags = ${tags}, run_group = ${group}, note = ${note}, state = ${state}, tokens = ${tokens}, created_at = ${created},
        config = ${sql.json(config as never)}, archived_at = ${archived ? NOW.toISOString() : null}, created_by = ${roll(2) === 0 ? 'seed' : 'user:0'}
        where id = ${run.id}`
      const from = new Date(NOW.getTime() - 86_400_000)
      await sql`update attempts set agent_id = ${isAgents ? (agent?.id ?? null) : null}, started_at = ${seconds === null ? null : from.toISOString()},
        ended_at = ${seconds === null ? null : new Date(from.getTime() + seconds * 1000).toISOString()} where run_id = ${run.id}`
      if (roll(2) === 0)
        await sql`insert into allocations (workspace_id, run_id, attempt, device_kind, device_name, count, started_at, ended_at)
          values (${lab.workspaceId}, ${run.id}, 1, 'gpu', ${one(['NVIDIA H100 80GB HBM3', 'Nobody sells this'])}, 1, ${from.toISOString()},
            ${new Date(from.getTime() + 3_600_000).toISOString()})`
      const metrics: Told['metrics'] = new Map()
      for (const [key, metric] of metricIds) {
        if (roll(2) === 0) continue
        const last = one([Number.NaN, Number.POSITIVE_INFINITY, 0, 0.5, 1, 12])
        const [min, max] = Number.isFinite(last) ? [last - one([0, 1]), last + one([0, 1])] : [null, null]
        const first = one([0, 2, Number.NaN])
        await sql`insert into metric_latest (run_id, metric_id, project_id, step, t, value, first_step, first_value, vmin, vmin_step, vmax, vmax_step, n)
          values (${run.id}, ${metric}, ${made.id}, 1, 1, ${String(last)}::float8, 0, ${String(first)}::float8, ${min}, 0, ${max}, 0, 12)`
        const better = orientationOf(key)
        const best = better === null ? null : better === 'lower' ? min : max
        metrics.set(key, { last, first, min, max, count: 12, best })
      }
      runs.push({
        number: run.number,
        stage,
        archived,
        note,
        config: configLeaves(config),
        metrics,
        plain: new Map<string, Scalar[]>([
          ['name', [name]],
          ['number', [run.number]],
          ['state', [state]],
          ['stage', [row?.name ?? '', stage, row?.kind ?? '']],
          ['tag', tags],
          ['group', group === null ? [] : [group]],
          ['agent', isAgents ? ['base'] : []],
          ['owner', level === 1 ? ['sft'] : []],
          ['created', [Date.parse(created)]],
          ['duration', seconds === null ? [] : [seconds]],
          ['tokens', tokens === null ? [] : [tokens]],
        ]),
      })
    }
  }
  above.sft = [1]
  above.replay = [1, 1 + RUNS / STAGES.length]
  const gone = await makeRun(lab, project, 'base')
  await deleteRun(lab.user('owner'), { run: gone.uid })
  for (const run of runs) {
    const { total } = await getRunCost(lab.user('viewer'), {
      workspace: lab.workspace,
      project,
      run: run.number,
      book: 'default',
      people: false,
    } as never)
    const [amount] = total.amounts
    run.plain.set(
      'cost',
      amount && total.amounts.length === 1 && total.lacks.length === 0 ? [Number(amount.amount)] : [],
    )
  }
  evaluated = await evaluatedBy(VOCABULARY.benchmarks)
}, 240_000)
afterAll(() => lab.close())

/** As the matrix of the project tells it. */
async function evaluatedBy(benchmarks: readonly string[]): Promise<typeof evaluated> {
  const matrix = await getMatrix(lab.user('viewer'), {
    workspace: lab.workspace,
    project,
    set: 'stages',
    baseline: 'parent',
    from: 0,
    count: 100,
  } as never)
  return new Map(
    matrix.columns.map((column) => {
      const held = new Map<string, Scalar>()
      column.cells.at.forEach((at, i) => {
        const slug = matrix.rows[at]?.benchmark.slug ?? ''
        if (!benchmarks.includes(slug)) return
        held.set(`${slug} score`, column.cells.score[i] as number)
        const change = column.cells.change[i]
        if (change != null) held.set(`${slug} delta`, change)
        const state = column.cells.state[i] as string
        if ((CELL_STATES as readonly string[]).includes(state)) held.set(`${slug} state`, state)
      })
      return [column.experiment.slug, held]
    }),
  )
}

function searched(run: Told): SearchedRun {
  return {
    valuesOf: (field: Field) => {
      switch (field.kind) {
        case 'plain':
          return run.plain.get(field.name) ?? []
        case 'config':
          return present(run.config.get(field.key))
        case 'metric':
          return present(run.metrics.get(field.key)?.[field.reading])
        case 'eval':
          return present(evaluated.get(run.stage)?.get(`${field.benchmark} ${field.reading}`))
      }
    },
    words: [String(run.plain.get('name')?.[0] ?? ''), run.note, ...(run.plain.get('tag') as string[])],
    ancestors: () => runs.filter((other) => above[run.stage].includes(other.number)).map(searched),
    descendants: () => runs.filter((other) => above[other.stage].includes(run.number)).map(searched),
  }
}

const present = (value: Scalar | null | undefined): Scalar[] => (value === null || value === undefined ? [] : [value])

const ask = async (q: string, archived = false) =>
  getRunsTable(lab.user('viewer'), {
    ...RunsTableInput.parse({ q, archived, limit: 500 }),
    workspace: lab.workspace,
    project,
  })

test('of random searches the database finds the runs that the rules find, archived ones only when asked', {
  timeout: 240_000,
}, async () => {
  const now = NOW.getTime()
  await fc.assert(
    fc.asyncProperty(searches(VOCABULARY), fc.boolean(), async (expr, archived) => {
      const q = printSearch(expr)
      const table = await ask(q, archived)
      const found = table.rows.map((row) => row.number).sort((a, b) => a - b)
      const expected = runs
        .filter((run) => (archived || !run.archived) && matches(expr, searched(run), now))
        .map((run) => run.number)
      expect({ q, found, total: table.total }).toEqual({ q, found: expected, total: expected.length })
    }),
    { numRuns: 250 },
  )
})

test('a negation finds exactly the rest', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(searches(VOCABULARY), async (expr) => {
      const [is, isNot] = [await ask(printSearch(expr)), await ask(`not (${printSearch(expr)})`)]
      expect(is.total + isNot.total).toBe(is.all)
    }),
    { numRuns: 40 },
  )
})

test('a deleted run is never found, by its number or otherwise', async () => {
  const number = runs.length + 1
  expect((await ask(`number = ${number}`, true)).total).toBe(0)
  expect((await ask('', true)).all).toBe(runs.length)
})
