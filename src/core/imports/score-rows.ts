/** Rows of a table of scores (CSV or JSON lines) as evaluations. */
import { BENCHMARK_KINDS, type BenchmarkKind } from '../evaluations/benchmarks.ts'
import type { ProtocolFields } from '../evaluations/protocol.ts'
import { metricFacts } from './metric-facts.ts'
import { nearestNames } from './nearest-names.ts'
import { slugOfName } from './slug-of-name.ts'

/** The columns of a table of scores. `checkpoint` may be left out where all rows are of one checkpoint. */
export const SCORE_COLUMNS = [
  'checkpoint',
  'benchmark',
  'metric',
  'score',
  'scale',
  'stderr',
  'n',
  'seed',
  'task',
  'harness',
  'harness_version',
  'shots',
  'template',
  'revision',
  'split',
  'measured_at',
  'source',
  'category',
  'kind',
  'higher_is_better',
  'chance',
] as const
export type ScoreColumn = (typeof SCORE_COLUMNS)[number]

/** A row as an evaluation. A benchmark is named by its slug, or defined where the row says category, kind or orientation. */
export interface ScoreRow {
  checkpoint: string | null
  evaluation: {
    benchmark:
      | string
      | {
          slug: string
          name: string
          category: string
          kind: BenchmarkKind
          higher_is_better: boolean
          chance?: number
        }
    metric: string
    protocol: ProtocolFields
    seed: string | null
    score: number
    scale: 1 | 100
    stderr: number | null
    n: number | null
    n_missing?: string
    measured_at: string | null
    source?: string
  }
}

/** Columns of a head that mean nothing here, each with the nearest known one where there is one. */
export const ignoredColumns = (names: readonly string[]): string[] =>
  names
    .filter((name) => name !== '' && !isColumn(name))
    .map((name) => {
      const [near] = nearestNames(name, SCORE_COLUMNS)
      const alike = near !== undefined && (near.includes(name) || name.includes(near) || isNear(name, near))
      return alike ? `${name} (did you mean ${near}?)` : name
    })

const isColumn = (name: string): name is ScoreColumn => (SCORE_COLUMNS as readonly string[]).includes(name)

const isNear = (a: string, b: string): boolean => a[0] === b[0] && Math.abs(a.length - b.length) <= 2

/**
 * Reads one row; cells are texts or, of JSON lines, numbers and booleans. An empty cell is absent.
 *
 * @returns the row, or a sentence that names the column, its value and what it may be
 */
export function readScoreRow(row: Readonly<Record<string, unknown>>): ScoreRow | string {
  const read = cells(row)
  const benchmark = read.text('benchmark')
  const score = read.number('score')
  const scale = read.number('scale') ?? 1
  const n = read.number('n')
  const shots = read.number('shots')
  const stderr = read.number('stderr')
  const chance = read.number('chance')
  const kind = read.text('kind')
  const measuredAt = read.text('measured_at')
  const metric = read.text('metric') ?? 'score'
  const isHigher = read.flag('higher_is_better')
  if (read.fault !== null) return read.fault
  if (benchmark === null) return 'has no benchmark'
  if (score === null) return 'has no score'
  if (scale !== 1 && scale !== 100) return `has scale ${scale}; it is 1 or 100`
  if (n !== null && !(Number.isInteger(n) && n > 0)) return `has n ${n}; leave it empty where it is not known`
  if (shots !== null && !(Number.isInteger(shots) && shots >= 0)) return `has ${shots} shots; they are a whole number`
  if (stderr !== null && stderr < 0) return `has a negative standard error, ${stderr}`
  if (kind !== null && !isKind(kind)) return `has kind "${kind}"; it is ${BENCHMARK_KINDS.join(', ')}`
  if (measuredAt !== null && !isInstant(measuredAt))
    return `has measured_at "${measuredAt}"; write it as 2026-11-29T12:00:00Z`
  const slug = slugOfName(benchmark)
  const category = read.text('category')
  const facts = metricFacts(metric)
  const isDefined = kind !== null || isHigher !== null || category !== null
  return {
    checkpoint: read.text('checkpoint'),
    evaluation: {
      benchmark: isDefined
        ? {
            slug,
            name: benchmark,
            category: category ?? 'other',
            kind: isKind(kind) ? kind : facts.kind,
            higher_is_better: isHigher ?? facts.higherIsBetter,
            ...(chance !== null && { chance }),
          }
        : slug,
      metric,
      protocol: protocolOf(read.text, benchmark, shots),
      seed: read.text('seed'),
      score,
      scale,
      stderr,
      n,
      ...(n === null && { n_missing: 'not in the file' }),
      measured_at: measuredAt === null ? null : new Date(measuredAt).toISOString(),
      ...given('source', read.text('source')),
    },
  }
}

function protocolOf(
  text: (name: ScoreColumn) => string | null,
  benchmark: string,
  shots: number | null,
): ProtocolFields {
  const harness = text('harness')
  return {
    task: text('task') ?? benchmark,
    ...(shots !== null && { shots }),
    ...given('prompt_template', text('template')),
    ...given('dataset_revision', text('revision')),
    ...given('split', text('split')),
    ...given('harness', harness),
    ...given('harness_version', harness === null ? null : text('harness_version')),
  }
}

const given = <K extends string>(name: K, value: string | null): Partial<Record<K, string>> =>
  value === null ? {} : ({ [name]: value } as Record<K, string>)

const isKind = (kind: string | null): kind is BenchmarkKind =>
  (BENCHMARK_KINDS as readonly (string | null)[]).includes(kind)

const isInstant = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) &&
  Number.isFinite(Date.parse(text))

/** Cells by name; the first that cannot be read is kept as the row's fault. */
function cells(row: Readonly<Record<string, unknown>>) {
  const read = {
    fault: null as string | null,
    text(name: ScoreColumn): string | null {
      const value = Object.hasOwn(row, name) ? row[name] : null
      if (typeof value === 'number' || typeof value === 'boolean') return String(value)
      if (value === null || value === undefined || value === '') return null
      if (typeof value === 'string') return value.trim() === '' ? null : value.trim()
      read.fault ??= `has ${Array.isArray(value) ? 'a list' : 'an object'} as ${name}`
      return null
    },
    number(name: ScoreColumn): number | null {
      const text = read.text(name)
      if (text === null) return null
      if (/^[+-]?\d+,\d+$/.test(text)) {
        read.fault ??= `has ${name} "${text}" with a decimal comma; write a point`
        return null
      }
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
      // A standard error that a harness could not tell is missing.
      if (name === 'stderr' && /^n\/?a(n)?$/i.test(text)) return null
      if (!Number.isFinite(value)) read.fault ??= `has ${name} "${text.slice(0, 40)}", no finite number`
      return value
    },
    flag(name: ScoreColumn): boolean | null {
      const text = read.text(name)?.toLowerCase()
      if (text === undefined) return null
      if (text === 'true' || text === 'false') return text === 'true'
      read.fault ??= `has ${name} "${text.slice(0, 40)}"; it is true or false`
      return null
    },
  }
  return read
}
