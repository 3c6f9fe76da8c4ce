/**
 * Results of lm-evaluation-harness as scores: files of 0.4.x (`results_DATE.json`, `"METRIC,FILTER": number`) and of 0.3
 * (`"METRIC": number`). Only `results`, `configs`, `versions` and `n-shot` may be relied on; every other member may be absent.
 * A standard error of "N/A" is missing, never 0.
 */
import { categoryOf, metricFacts } from './metric-facts.ts'
import { modelOfArguments } from './model-name.ts'

/** One number of the file: a metric of a task or a group under one filter. */
export interface LmEvalCell {
  /** Names the number inside its file: `task,metric,filter`. */
  record: string
  task: string
  metric: string
  /** Null in files of 0.3, which know no filters. */
  filter: string | null
  score: number
  /** Null: missing. */
  stderr: number | null
  higherIsBetter: boolean
  /** Items that were measured (of a group: of all its tasks); null when the file does not say. */
  n: number | null
  /** Items that the task has, when fewer were measured. */
  nOriginal: number | null
  /** Tasks of a group; empty for a task. */
  subtasks: readonly string[]
  /** True for the first metric under the first filter of its task: the one that has the task's own name. */
  isHeadline: boolean
  category: string
}

export interface LmEvalSkipped {
  record: string
  reason: string
}

export interface LmEvalResults {
  /** What was measured, as the file names it; null when it does not. */
  model: string | null
  /** The base of an adapter. */
  base: string | null
  revision: string | null
  harnessVersion: string
  /** When it began, in milliseconds since 1970; null when the file does not say. */
  measuredAtMs: number | null
  cells: readonly LmEvalCell[]
  skipped: readonly LmEvalSkipped[]
  /** The members of the file that protocols are read from. */
  file: Json
}

export type Json = Readonly<Record<string, unknown>>

/** Members of a result that are no metric. */
const NO_METRIC = new Set(['alias', 'name', 'sample_len', 'samples', 'sample_count'])

/**
 * Reads a results file that was parsed already.
 *
 * @returns what it holds; a sentence when it is no results file
 */
export function readLmEvalResults(
  value: unknown,
): { kind: 'results'; results: LmEvalResults } | { kind: 'other'; why: string } {
  if (!isObject(value) || !isObject(value.results))
    return { kind: 'other', why: 'has no "results"; it is no results file of lm-evaluation-harness' }
  const file = value
  const config = objectAt(file, 'config')
  const named = modelOfArguments(config.model_args)
  // Without a name in its arguments the harness makes one up.
  const model = named?.name ?? (isEmpty(config.model_args) ? null : textAt(file, 'model_name'))
  const cells: LmEvalCell[] = []
  const skipped: LmEvalSkipped[] = []
  // Groups stand among the results too; where they do not, they have a table of their own.
  const rows = { ...value.results, ...objectAt(file, 'groups') }
  for (const [task, row] of Object.entries(rows)) {
    if (!isObject(row)) skipped.push({ record: task, reason: 'is no table of metrics' })
    else readRow(file, task, row, cells, skipped)
  }
  return {
    kind: 'results',
    results: {
      model,
      base: named?.base ?? null,
      revision: named?.revision ?? textAt(config, 'model_revision'),
      harnessVersion: textAt(file, 'lm_eval_version') ?? versionByForm(file),
      measuredAtMs: dateOf(file),
      cells,
      skipped,
      file,
    },
  }
}

function readRow(file: Json, task: string, row: Json, cells: LmEvalCell[], skipped: LmEvalSkipped[]): void {
  const subtasks = leavesOf(file, task, new Set())
  const headline = headlineOf(file, task, row, subtasks)
  for (const [key, value] of Object.entries(row)) {
    const { metric, filter } = splitKey(key)
    if (NO_METRIC.has(metric) || metric.endsWith('_stderr')) continue
    const record = [task, metric, ...(filter === null ? [] : [filter])].join(',')
    if (typeof value !== 'number') {
      // A group without an aggregate has blanks only.
      if (!(typeof value === 'string' && value.trim() === ''))
        skipped.push({ record, reason: `is ${told(value)}, no number` })
      continue
    }
    if (!Number.isFinite(value)) {
      skipped.push({ record, reason: `is ${value}; a score must be a finite number` })
      continue
    }
    const facts = metricFacts(metric)
    const flag = valueAt(objectAt(objectAt(file, 'higher_is_better'), task), metric)
    const { n, nOriginal } = sizeOf(file, task, row, subtasks)
    cells.push({
      record,
      task,
      metric,
      filter,
      score: value,
      stderr: stderrOf(row, metric, filter),
      higherIsBetter: typeof flag === 'boolean' ? flag : facts.higherIsBetter,
      n,
      nOriginal,
      subtasks,
      isHeadline: key === headline,
      category: categoryOf(task, facts.kind),
    })
  }
}

/** `METRIC,FILTER` of 0.4, `METRIC` of 0.3. */
function splitKey(key: string): { metric: string; filter: string | null } {
  const at = key.indexOf(',')
  return at < 0 ? { metric: key, filter: null } : { metric: key.slice(0, at), filter: key.slice(at + 1) }
}

const isMetric = (row: Json, key: string): boolean => {
  const { metric } = splitKey(key)
  return !NO_METRIC.has(metric) && !metric.endsWith('_stderr') && typeof row[key] === 'number'
}

/** The task's first metric under its first filter, as its configuration lists them, else as the file does; of a group that of a task. */
function headlineOf(file: Json, task: string, row: Json, subtasks: readonly string[]): string | null {
  // Older versions write the metrics of a group in any order; its first task has one.
  for (const name of subtasks.slice().sort()) {
    const key = headlineOf(file, name, objectAt(objectAt(file, 'results'), name), [])
    if (key !== null && isMetric(row, key)) return key
  }
  const config = objectAt(objectAt(file, 'configs'), task)
  const metric = textAt(firstOf(config.metric_list), 'metric')
  const filter = textAt(firstOf(config.filter_list), 'name') ?? 'none'
  const listed = metric === null ? null : `${metric},${filter}`
  if (listed !== null && isMetric(row, listed)) return listed
  return Object.keys(row).find((key) => isMetric(row, key)) ?? null
}

function stderrOf(row: Json, metric: string, filter: string | null): number | null {
  const value = row[filter === null ? `${metric}_stderr` : `${metric}_stderr,${filter}`]
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}

/** The tasks that a group is made of, over groups inside groups; empty for a task. */
function leavesOf(file: Json, name: string, seen: Set<string>): string[] {
  const children = valueAt(objectAt(file, 'group_subtasks'), name)
  if (!Array.isArray(children) || seen.has(name)) return []
  seen.add(name)
  return children.flatMap((child) => {
    if (typeof child !== 'string') return []
    const inner = leavesOf(file, child, seen)
    return inner.length > 0 ? inner : [child]
  })
}

function sizeOf(
  file: Json,
  task: string,
  row: Json,
  subtasks: readonly string[],
): { n: number | null; nOriginal: number | null } {
  const own = sampleCount(file, task)
  if (own) return own
  const parts = subtasks.map((name) => sampleCount(file, name))
  if (parts.length > 0 && parts.every((part) => part !== null)) {
    const n = parts.reduce((sum, part) => sum + (part?.n ?? 0), 0)
    const original = parts.reduce((sum, part) => sum + (part?.nOriginal ?? part?.n ?? 0), 0)
    return { n, nOriginal: original === n ? null : original }
  }
  const counted = row.sample_len
  return { n: isCount(counted) ? counted : null, nOriginal: null }
}

function sampleCount(file: Json, task: string): { n: number; nOriginal: number | null } | null {
  const { original, effective } = objectAt(objectAt(file, 'n-samples'), task)
  if (!isCount(effective)) return null
  return { n: effective, nOriginal: isCount(original) && original !== effective ? original : null }
}

/** Files name the harness's version from 0.4.3 on; before, filters tell 0.4 from 0.3. */
function versionByForm(file: Json): string {
  const keys = Object.values(objectAt(file, 'results')).flatMap((row) => (isObject(row) ? Object.keys(row) : []))
  const form = keys.some((key) => key.includes(',')) ? '0.4' : '0.3'
  const commit = textAt(file, 'git_hash')
  return commit === null ? form : `${form} (${commit})`
}

/** `date` is seconds since 1970. */
function dateOf(file: Json): number | null {
  const { date } = file
  return typeof date === 'number' && Number.isFinite(date) && date > 0 && date < 1e11 ? Math.round(date * 1000) : null
}

const told = (value: unknown): string =>
  typeof value === 'string'
    ? `"${value.slice(0, 40)}"`
    : Array.isArray(value)
      ? 'a list'
      : value === null
        ? 'null'
        : `a ${typeof value}`

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0

/** True for a JSON object. */
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value under a key of the file's own; names such as `constructor` are tasks like any other. */
export const valueAt = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined

/** The object under a key, empty when there is none. */
export function objectAt(value: unknown, key: string): Json {
  const found = valueAt(value, key)
  return isObject(found) ? found : {}
}

/** The text under a key that is not blank, or null. */
export function textAt(value: unknown, key: string): string | null {
  const found = valueAt(value, key)
  return typeof found === 'string' && found.trim() !== '' ? found : null
}

const isEmpty = (args: unknown): boolean => args === '' || (isObject(args) && Object.keys(args).length === 0)

const firstOf = (list: unknown): unknown => (Array.isArray(list) ? list[0] : null)
