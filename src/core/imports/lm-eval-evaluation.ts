/** A number of lm-evaluation-harness as an evaluation: its benchmark, and the protocol under which it was measured. */
import type { BenchmarkKind } from '../evaluations/benchmarks.ts'
import type { ProtocolFields, SoftFields } from '../evaluations/protocol.ts'
import {
  isObject,
  type Json,
  type LmEvalCell,
  type LmEvalResults,
  objectAt,
  textAt,
  valueAt,
} from './lm-eval-results.ts'
import { metricFacts } from './metric-facts.ts'
import { slugOfName } from './slug-of-name.ts'

/** An evaluation as the door takes it, before its items. */
export interface EvaluationDraft {
  benchmark: {
    slug: string
    name: string
    category: string
    kind: BenchmarkKind
    higher_is_better: boolean
    unit?: string
    description: string
  }
  metric: string
  protocol: ProtocolFields & SoftFields
  seed: string | null
  score: number
  scale: 1 | 100
  stderr: number | null
  n: number | null
  measured_at: string | null
  source: string
}

/** Longer texts of a protocol are cut; the door takes 20,000 characters. */
const TEXT_MAX = 19_900

/**
 * The evaluation that a cell is. The first metric of a task has the task's own benchmark; each other metric and filter has one of
 * its own (`task-metric-filter`), for `acc` and `acc_norm` are different questions.
 *
 * @param fileName of the results file, for people to find it again
 */
export function evaluationOfCell(results: LmEvalResults, cell: LmEvalCell, fileName: string): EvaluationDraft {
  const facts = metricFacts(cell.metric)
  const filter = cell.filter === null || cell.filter === 'none' ? null : cell.filter
  const label = [cell.metric, ...(filter === null ? [] : [filter])].join(', ')
  return {
    benchmark: {
      slug: cell.isHeadline ? slugOfName(cell.task) : slugOfName(cell.task, cell.metric, filter),
      name: cell.isHeadline ? cell.task : `${cell.task} (${label})`,
      category: cell.category,
      kind: facts.kind,
      higher_is_better: cell.higherIsBetter,
      ...(facts.unit !== null && { unit: facts.unit }),
      description: descriptionOf(cell),
    },
    metric: cell.metric,
    protocol: protocolOf(results, cell, filter),
    seed: seedOf(results, cell),
    score: cell.score,
    scale: facts.kind === 'accuracy' && cell.score > 1 && cell.score <= 100 ? 100 : facts.scale,
    stderr: cell.stderr,
    n: cell.n,
    measured_at: results.measuredAtMs === null ? null : new Date(results.measuredAtMs).toISOString(),
    source: `lm-evaluation-harness ${results.harnessVersion}, ${fileName}`.slice(0, 500),
  }
}

const descriptionOf = (cell: LmEvalCell): string =>
  cell.subtasks.length > 0
    ? cut(`Over ${cell.subtasks.length} tasks: ${cell.subtasks.join(', ')}`, 4000)
    : `${cell.metric} of the task ${cell.task} of lm-evaluation-harness`.slice(0, 4000)

function protocolOf(results: LmEvalResults, cell: LmEvalCell, filter: string | null): ProtocolFields & SoftFields {
  const { file } = results
  const config = objectAt(objectAt(file, 'configs'), cell.task)
  const run = objectAt(file, 'config')
  const version = valueAt(objectAt(file, 'versions'), cell.task)
  const shots = valueAt(objectAt(file, 'n-shot'), cell.task) ?? run.num_fewshot
  const chat = chatOf(file)
  const maxLength = file.max_length
  const batch = run.batch_size
  return {
    task: cell.task.slice(0, 200),
    ...(version !== undefined && version !== null && { task_version: cut(String(version)) }),
    ...given('dataset', datasetOf(file, config, cell)),
    ...given('dataset_revision', textAt(objectAt(config, 'dataset_kwargs'), 'revision')),
    ...given('split', textAt(config, 'test_split') ?? textAt(config, 'validation_split')),
    ...(typeof shots === 'number' && Number.isInteger(shots) && shots >= 0 && { shots }),
    ...given('prompt_template', promptOf(config, run, shots)),
    ...given('chat_template', chat),
    ...('chat_template' in file && { apply_chat_template: textAt(file, 'chat_template') !== null }),
    ...given('extraction', extractionOf(config, filter)),
    metric: cell.metric,
    ...given('decoding', decodingOf(config)),
    ...(isSize(maxLength) && { max_length: maxLength }),
    harness: 'lm-evaluation-harness',
    harness_version: results.harnessVersion,
    // Words stand for tokens there, and they are the same for every model.
    ...(cell.metric === 'word_perplexity' && { tokenizer: 'words, split at blanks' }),
    ...given('dtype', textAt(run, 'model_dtype')),
    ...given('engine', textAt(file, 'model_source') ?? textAt(run, 'model')),
    ...(isSize(batch) && { batch_size: batch }),
  }
}

const given = <K extends string>(name: K, value: string | null): Partial<Record<K, string>> =>
  value === null ? {} : ({ [name]: cut(value) } as Record<K, string>)

/** A data set by its name and part; of local files only their names, for paths differ between machines. A group names its tasks. */
function datasetOf(file: Json, config: Json, cell: LmEvalCell): string | null {
  if (cell.subtasks.length > 0) {
    const versions = objectAt(file, 'versions')
    return cell.subtasks.map((task) => `${task}@${String(valueAt(versions, task) ?? '?')}`).join(', ')
  }
  const path = textAt(config, 'dataset_path')
  if (path === null) return null
  const files = dataFiles(objectAt(config, 'dataset_kwargs').data_files)
  const part = textAt(config, 'dataset_name')
  return [path, ...(part === null ? [] : [part]), ...(files.length > 0 ? [files.join(', ')] : [])].join('/')
}

function dataFiles(value: unknown): string[] {
  if (typeof value === 'string') return [value.split(/[\\/]/).at(-1) ?? value]
  if (Array.isArray(value)) return value.flatMap(dataFiles)
  return isObject(value) ? Object.values(value).flatMap(dataFiles) : []
}

const PROMPT_MEMBERS = [
  'description',
  'doc_to_text',
  'doc_to_target',
  'doc_to_choice',
  'target_delimiter',
  'fewshot_delimiter',
  'gen_prefix',
] as const

/** What makes a prompt, as a stable text. Python prints functions with their place in memory, which is no part of a prompt. */
function promptOf(config: Json, run: Json, shots: unknown): string | null {
  const members = PROMPT_MEMBERS.flatMap((name) =>
    config[name] === undefined || config[name] === null ? [] : [[name, config[name]]],
  )
  if (members.length === 0) return null
  const seed = run.fewshot_seed
  const drawn = typeof shots === 'number' && shots > 0 && typeof seed === 'number' ? [['fewshot_seed', seed]] : []
  return JSON.stringify(Object.fromEntries([...members, ...drawn])).replace(/ at 0x[0-9a-f]+/g, '')
}

/** The hashes of chat template and system message, and whether examples come as turns. */
function chatOf(file: Json): string | null {
  const template = textAt(file, 'chat_template_sha') ?? textAt(file, 'chat_template')
  const system = textAt(file, 'system_instruction_sha') ?? textAt(file, 'system_instruction')
  const parts = [
    ...(template === null ? [] : [template]),
    ...(system === null ? [] : [`system message ${system}`]),
    ...(template !== null && file.fewshot_as_multiturn === true ? ['examples as turns'] : []),
  ]
  return parts.length > 0 ? parts.join(' · ') : null
}

/** The filter with what it does, where the task says so. */
function extractionOf(config: Json, filter: string | null): string | null {
  if (filter === null) return null
  const list = Array.isArray(config.filter_list) ? config.filter_list : []
  const found = list.find((entry) => textAt(entry, 'name') === filter)
  return isObject(found) && found.filter !== undefined ? `${filter}: ${stableJson(found.filter)}` : filter
}

/** How answers were generated; null for tasks that only score given answers. */
function decodingOf(config: Json): string | null {
  const kwargs = config.generation_kwargs
  if (!isObject(kwargs) || textAt(config, 'output_type') !== 'generate_until') return null
  const repeats = isSize(config.repeats) && config.repeats > 1 ? { repeats: config.repeats } : {}
  return stableJson({ ...kwargs, ...repeats })
}

/** A seed makes a trial only where answers are drawn. */
function seedOf({ file }: LmEvalResults, cell: LmEvalCell): string | null {
  const kwargs = objectAt(objectAt(objectAt(file, 'configs'), cell.task), 'generation_kwargs')
  const isDrawn =
    kwargs.do_sample === true ||
    (typeof kwargs.temperature === 'number' && kwargs.temperature > 0 && kwargs.do_sample !== false)
  const run = objectAt(file, 'config')
  const seed = run.torch_seed ?? run.random_seed
  return isDrawn && typeof seed === 'number' ? String(seed) : null
}

/** JSON with sorted keys. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
}

const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0

const cut = (text: string, max = TEXT_MAX): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)
