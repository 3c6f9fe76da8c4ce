import { type Field, fieldText, fieldType, PLAIN_FIELDS } from '#src/core/search/field.ts'
import { countRuns } from '#src/db/queries/search/find-matching.ts'
import {
  BARS,
  type BarRow,
  listConfigBars,
  listConfigWords,
  listMetricBars,
} from '#src/db/queries/search/list-key-bars.ts'
import { type KeyFacts, listConfigFacts, listMetricFacts } from '#src/db/queries/search/list-key-facts.ts'
import { listRunsOfStages } from '#src/db/queries/search/list-runs-of-stages.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { SearchKey } from '#src/protocol/search-keys.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context, Services } from '#src/services/context.ts'
import { stageValues } from './evaluation-values.ts'

/** A key with what is known of it; the picture is made when it is first shown. */
export interface CatalogueKey {
  field: Field
  /** The field's text and its key alone, in lower case: what is looked in. */
  whole: string
  short: string
  entry: SearchKey
  /** Of a config or a metric. */
  facts: KeyFacts | null
  isDrawn: boolean
}

export interface Catalogue {
  keys: readonly CatalogueKey[]
  madeAtMs: number
}

interface Kept {
  made: Promise<Catalogue>
  isRenewing: boolean
}

/** A catalogue is given for so long; then once more while it is made anew behind. */
const FRESH_MS = 15_000
const PROJECTS_MAX = 50

const memories = new WeakMap<Services, Map<number, Kept>>()

/** What a search can name in a project: the fields of every run, then keys, the most common first. */
export async function catalogueOf(ctx: Context, scope: ProjectScope): Promise<Catalogue> {
  const memory = memories.get(ctx.services) ?? new Map<number, Kept>()
  memories.set(ctx.services, memory)
  const outside = { ...ctx, db: ctx.services.db }
  const known = memory.get(scope.projectId)
  if (!known) {
    const kept: Kept = { made: makeCatalogue(outside, scope), isRenewing: false }
    kept.made.catch(() => memory.delete(scope.projectId))
    memory.set(scope.projectId, kept)
    for (const old of [...memory.keys()].slice(0, Math.max(0, memory.size - PROJECTS_MAX))) memory.delete(old)
    return kept.made
  }
  const catalogue = await known.made
  if (Date.now() - catalogue.madeAtMs > FRESH_MS && !known.isRenewing) {
    known.isRenewing = true
    makeCatalogue(outside, scope)
      .then((made) => memory.set(scope.projectId, { made: Promise.resolve(made), isRenewing: false }))
      .catch((error: unknown) => {
        known.isRenewing = false
        ctx.services.log.warn(
          { err: error, project_id: scope.projectId },
          'The keys of a project could not be counted anew.',
        )
      })
  }
  return catalogue
}

async function makeCatalogue(ctx: Context, scope: ProjectScope): Promise<Catalogue> {
  const mayReadScores = permissionsIn(ctx.actor, scope)?.includes('eval:read') ?? false
  const [all, configs, metrics, scores, stages] = await Promise.all([
    countRuns(ctx.db, scope, false),
    listConfigFacts(ctx.db, scope),
    listMetricFacts(ctx.db, scope),
    mayReadScores ? stageValues(ctx, scope) : [],
    listRunsOfStages(ctx.db, scope),
  ])
  const plain = PLAIN_FIELDS.map((name) => {
    const field: Field = { kind: 'plain', name }
    const type = fieldType(field)
    return keyOf(field, name, { kind: type === 'any' ? 'mixed' : type, runs: all, range: null }, null)
  })
  const keyed = [
    ...configs.map((facts) => keyOf({ kind: 'config', key: facts.name }, facts.name, told(facts), facts)),
    ...metrics.map((facts) =>
      keyOf({ kind: 'metric', key: facts.name, reading: 'last' }, facts.name, told(facts), facts),
    ),
  ]
  const byBenchmark = new Map<string, { runs: number; low: number; high: number }>()
  const runsOf = new Map(stages.map((row) => [row.experiment_id, row.runs]))
  for (const { benchmark, stage, score } of scores) {
    const known = byBenchmark.get(benchmark)
    const runs = runsOf.get(stage) ?? 0
    if (!known) byBenchmark.set(benchmark, { runs, low: score, high: score })
    else {
      known.runs += runs
      known.low = Math.min(known.low, score)
      known.high = Math.max(known.high, score)
    }
  }
  const evaluated = [...byBenchmark].map(([benchmark, { runs, low, high }]) =>
    keyOf(
      { kind: 'eval', benchmark, reading: 'score' },
      benchmark,
      { kind: 'number', runs, range: [low, high] as [number, number] },
      null,
    ),
  )
  keyed.push(...evaluated)
  keyed.sort((a, b) => b.entry.runs - a.entry.runs)
  return { keys: [...plain, ...keyed], madeAtMs: Date.now() }
}

function keyOf(
  field: Field,
  short: string,
  of: Pick<SearchKey, 'kind' | 'runs' | 'range'>,
  facts: KeyFacts | null,
): CatalogueKey {
  const text = fieldText(field)
  return {
    field,
    whole: text.toLowerCase(),
    short: short.toLowerCase(),
    entry: { field: text, ...of, values: [], bars: [] },
    facts,
    isDrawn: facts === null,
  }
}

function told({ runs, numbers, texts, truths, low, high }: KeyFacts): Pick<SearchKey, 'kind' | 'runs' | 'range'> {
  const kind = numbers === runs ? 'number' : texts === runs ? 'text' : truths === runs ? 'boolean' : 'mixed'
  const isRange = low !== null && high !== null && Number.isFinite(low) && Number.isFinite(high)
  return { kind, runs, range: isRange ? [low, high] : null }
}

/** Reads the pictures of keys that have none yet. */
export async function drawKeys(ctx: Context, scope: ProjectScope, keys: readonly CatalogueKey[]): Promise<void> {
  const open = keys.filter((key) => !key.isDrawn)
  const ranged = (kind: Field['kind']) =>
    open.flatMap(({ field, facts, entry: { range } }) =>
      field.kind === kind && facts && range && range[0] < range[1]
        ? [{ id: facts.id, low: range[0], high: range[1] }]
        : [],
    )
  const worded = open.flatMap(({ field, facts }) =>
    field.kind === 'config' && facts && facts.numbers < facts.runs ? facts.id : [],
  )
  const [configs, metrics, words] = await Promise.all([
    listConfigBars(ctx.db, scope, ranged('config')),
    listMetricBars(ctx.db, scope, ranged('metric')),
    listConfigWords(ctx.db, scope, worded),
  ])
  for (const key of open) {
    const { facts, field, entry } = key
    if (!facts) continue
    const own = field.kind === 'config' ? words.filter(({ id }) => id === facts.id) : []
    entry.values = own.map(({ word }) => word)
    const rows = (field.kind === 'config' ? configs : metrics).filter(({ id }) => id === facts.id)
    entry.bars = rows.length > 0 ? barsOf(rows) : own.map(({ runs }) => runs)
    key.isDrawn = true
  }
}

function barsOf(rows: readonly BarRow[]): number[] {
  const bars = Array<number>(BARS).fill(0)
  for (const { bar, runs } of rows) bars[bar - 1] = runs
  return bars
}
