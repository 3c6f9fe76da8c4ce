import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { DatabaseClients } from '#src/db/clients.ts'
import { RunGroupsInput, type RunsTableInput, RunsTableInput as TableShape } from '#src/protocol/runs-table.ts'
import { SearchKeysInput, SearchValuesInput } from '#src/protocol/search-keys.ts'
import { openStores } from '#src/server/stores.ts'
import type { Context } from '#src/services/context.ts'
import { getRunGroups } from '#src/services/runs/groups.ts'
import { getRunsTable } from '#src/services/runs/table.ts'
import { listSearchKeys } from '#src/services/search/keys.ts'
import { listSearchValues } from '#src/services/search/values.ts'
import { makeManyRuns } from './many-runs.ts'
import { type FuzzFigures, fuzzSearch } from './search-fuzz.ts'

const RUNS = 100_000
const REPEATS = 7
/** As the table asks at first: what is in sight, and the columns of a usual view. */
const COLUMNS = [
  'state',
  'config.lr',
  'config.optimizer',
  'metrics.train/loss',
  'metrics.train/loss.best',
  'cost',
  'eval.mmlu',
  'duration',
]

type Asked = [q: string, ...sort: string[]]

const SEARCHES: readonly Asked[] = [
  [''],
  ['', 'metrics.train/loss'],
  ['', '-metrics.probe07/act.1407'],
  ['', '-config.lr', 'name'],
  ['', '-cost'],
  ['fox'],
  ['not fox'],
  ['config.lr > 1e-4'],
  ['metrics.train/loss < 2', '-metrics.train/loss.best'],
  ['not (tag = paper or state = failed)'],
  ['config.optimizer != adamw and config.model.name ~ "^llama"', 'metrics.eval/loss'],
  ['name ~ "(fox|otter)-[0-9]*7$"'],
  ['name !~ "^q.*[13579]$" or config.lr < 2e-5'],
  ['tag : swe'],
  ['tag ~ "^sweep-1.*9$"'],
  ['cost > 100 or cost is missing', '-cost'],
  ['eval.mmlu > 0.5 or eval.gsm8k.delta < 0', '-eval.mmlu'],
  ['ancestor(config.optimizer = adamw)'],
  ['descendant(tag = paper)'],
  ['owner != Ada'],
  ['duration > 2h'],
  ['created >= 2026-06-01 and tokens > 1e8'],
  ['config.lora_rank is missing'],
  ['metrics.probe07/act.1407 > 10 or metrics.probe07/act.1417 < 20'],
  [
    '(config.lr > 1e-4 or config.lr < 2e-5) and not config.optimizer in (adamw, lion) and metrics.train/loss < 4 and config.precision = bf16',
    'metrics.train/loss',
  ],
]

export interface SearchFigures {
  seededSeconds: number
  /** Milliseconds of the verb, rows and cells included; one of each search first, which is not counted. */
  searches: { q: string; sort: string[]; total: number; p50: number; max: number }[]
  p95: number
  /** Keys and values once the catalogue is there, and the first time. */
  completion: { first: number; p95: number }
  groups: { keys: string[]; groups: number; p50: number }[]
  fuzz: FuzzFigures
}

/** Search, completion and groups on 100,000 runs, then `fuzzSeconds` of random searches. */
export async function benchSearch(clients: DatabaseClients, fuzzSeconds: number): Promise<SearchFigures> {
  const { sql, db } = clients
  const [row] = await sql<{ id: number }[]>`
    insert into workspaces (slug, name) values ('search-bench', 'Search') returning id`
  const workspaceId = row?.id ?? 0
  const began = performance.now()
  await makeManyRuns(sql, { workspaceId, runs: RUNS })
  const seededSeconds = Math.round((performance.now() - began) / 1000)
  await sql`vacuum analyze`
  const dataDir = mkdtempSync(path.join(tmpdir(), 'descent-search-'))
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const stores = await openStores({ sql, log, sealer: 'inline', artifactsDir: path.join(dataDir, 'artifacts') })
  const place = { workspace: 'search-bench', project: 'many' }
  const ctx: Context = {
    actor: {
      kind: 'user',
      userId: 1,
      sessionId: 1,
      name: 'bench',
      isInstanceAdmin: false,
      memberships: [{ workspaceId, slug: place.workspace, name: 'Search', role: 'viewer' }],
    },
    requestId: 'search-bench',
    services: { db, sql, ...stores, settings: { publicUrl: 'http://localhost', dataDir }, log, now: () => new Date() },
    db,
  }
  try {
    const searches: SearchFigures['searches'] = []
    const all: number[] = []
    for (const [q, ...sort] of SEARCHES) {
      const input: RunsTableInput = {
        ...TableShape.parse({ q, columns: COLUMNS, limit: 100 }),
        sort: sort.map((field) =>
          field.startsWith('-') ? { field: field.slice(1), direction: 'desc' } : { field, direction: 'asc' },
        ),
      }
      const { total } = await getRunsTable(ctx, { ...input, ...place })
      const times = await timed(REPEATS, () => getRunsTable(ctx, { ...input, ...place }))
      all.push(...times)
      searches.push({ q, sort, total, p50: at(times, 0.5), max: at(times, 1) })
    }
    const keys = (text: string) => listSearchKeys(ctx, { ...SearchKeysInput.parse({ text }), ...place })
    const values = (field: string, text: string) =>
      listSearchValues(ctx, { ...SearchValuesInput.parse({ field, text }), ...place })
    const first = at(await timed(1, () => keys('')), 1)
    const completions: number[] = []
    for (const text of ['', 'l', 'lr', 'loss', 'probe07', 'norm', 'model', 'eval'])
      completions.push(...(await timed(3, () => keys(text))))
    for (const [field, text] of [
      ['config.optimizer', ''],
      ['config.lr', '0.0'],
      ['tag', 'sweep'],
      ['name', 'fox-1'],
      ['stage', ''],
      ['owner', ''],
    ] as const)
      completions.push(...(await timed(3, () => values(field, text))))
    const groups: SearchFigures['groups'] = []
    for (const keysOf of [['config.optimizer'], ['config.optimizer', 'state'], ['stage']]) {
      const input = RunGroupsInput.parse({ group: keysOf, columns: ['metrics.train/loss', 'config.lr', 'tokens'] })
      const found = await getRunGroups(ctx, { ...input, ...place })
      const times = await timed(3, () => getRunGroups(ctx, { ...input, ...place }))
      groups.push({ keys: keysOf, groups: found.groups.length, p50: at(times, 0.5) })
    }
    const fuzz = await fuzzSearch(ctx, place, {
      seconds: fuzzSeconds,
      seed: 42,
      vocabulary: {
        configKeys: ['lr', 'optimizer', 'model.name', 'shuffle', 'lora_rank', 'nothing'],
        metricKeys: ['train/loss', 'eval/loss', 'probe07/act.1407', 'nothing'],
        benchmarks: ['mmlu', 'gsm8k', 'nothing'],
        texts: ['adamw', 'fox', 'paper', 'Stage 3', 'quiet-heron-41', 'a "quoted" \\ one', '%', 'ä(b)'],
        numbers: [-1, 0, 0.5, 1, 3e-4, 1e21],
      },
    })
    return {
      seededSeconds,
      searches,
      p95: at(all, 0.95),
      completion: { first, p95: at(completions, 0.95) },
      groups,
      fuzz,
    }
  } finally {
    await stores.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function timed(repeats: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < repeats; i++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return times
}

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN)
}
