import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import type * as z from 'zod'
import type { EvaluationItem } from '../core/evaluations/items.ts'
import { evaluationOfCell } from '../core/imports/lm-eval-evaluation.ts'
import { type LmEvalCell, type LmEvalResults, readLmEvalResults } from '../core/imports/lm-eval-results.ts'
import { itemOfSample, type SampleSurvey, surveySamples } from '../core/imports/lm-eval-samples.ts'
import { parseTolerantJson } from '../core/imports/tolerant-json.ts'
import { Evaluation, type EvaluationInput, ITEMS_PER_PART_MAX, PARTS_MAX } from '../protocol/evaluations.ts'
import { KnownRecords, type TargetCheckpoint } from '../protocol/imports.ts'
import { type Door, DoorRefusal } from './call-door.ts'
import { emptyReport, type FileReport } from './import-report.ts'
import { samplesOfFile } from './import-samples.ts'
import { findTargets, nameOf, whyNoTarget } from './import-target.ts'

/** Results are read whole; samples never are. */
const RESULTS_BYTES_MAX = 64 * 1024 * 1024
const FOLDER_DEPTH_MAX = 6
/** A part of items with its texts; the door takes 8 MiB. */
const PART_BYTES_MAX = 6 * 1024 * 1024
/** Of larger files the texts stay behind: with them an evaluation could need more parts than it may have. */
const TEXTS_BYTES_MAX = (PARTS_MAX * PART_BYTES_MAX) / 2
const ITEMS_MAX = PARTS_MAX * ITEMS_PER_PART_MAX

export interface LmEvalImport {
  door: Door
  project: string
  /** Names the checkpoint of all files; each file's own model when absent. */
  checkpoint?: string | undefined
  dryRun: boolean
}

interface ResultsFile {
  path: string
  name: string
  sha256: string
  results: LmEvalResults
}

/**
 * Imports what lm-evaluation-harness wrote: every results file at or below a path, with its samples where they lie beside it. What a
 * checkpoint has of a file already is not sent again.
 *
 * @returns a report per file
 * @throws Error when there is no results file, or no file leads to a checkpoint; DoorRefusal for a key that may not
 */
export async function importLmEval(at: string, options: LmEvalImport): Promise<FileReport[]> {
  const { files, ignored } = await readResultsFiles(at)
  if (files.length === 0)
    throw new Error(
      `There is no results file of lm-evaluation-harness at ${at}.${ignored.length > 0 ? ` Not one: ${ignored.slice(0, 5).join('; ')}.` : ''}`,
    )
  refuseSeveralModels(files, options)
  const names = files.flatMap((file) => options.checkpoint ?? targetName(file.results) ?? [])
  const targets = names.length > 0 ? await findTargets(options.door, options.project, names) : new Map()
  const reports: FileReport[] = []
  for (const file of files) {
    const name = options.checkpoint ?? targetName(file.results)
    const target = name === null ? undefined : targets.get(name)
    const report = emptyReport(file.name, file.results.model)
    reports.push(report)
    report.skipped.push(...file.results.skipped)
    if (target?.kind === 'found') await importFile(file, target.checkpoint, options, report)
    else
      report.unplaced =
        name === null
          ? 'The file names no model. Name the checkpoint with --checkpoint (its id, hash, path, or stage@step).'
          : whyNoTarget(options.project, name, target)
  }
  return reports
}

/** A model and the revision that was loaded; the main one is what a name alone means. */
const targetName = ({ model, revision }: LmEvalResults): string | null =>
  model !== null && revision !== null && revision !== 'main' ? `${model}@${revision}` : model

function refuseSeveralModels(files: readonly ResultsFile[], { checkpoint }: LmEvalImport): void {
  const models = [...new Set(files.map((file) => targetName(file.results) ?? 'no name'))]
  if (checkpoint !== undefined && models.length > 1)
    throw new Error(
      `The files are of several models (${models.join(', ')}); --checkpoint names one. Import the folder of each model by itself.`,
    )
}

async function readResultsFiles(at: string): Promise<{ files: ResultsFile[]; ignored: string[] }> {
  const ignored: string[] = []
  const files: ResultsFile[] = []
  for (const file of await jsonFiles(at, 0)) {
    const name = path.basename(file)
    const { size } = await fs.stat(file)
    if (size > RESULTS_BYTES_MAX) {
      ignored.push(`${name} has ${size} bytes, more than ${RESULTS_BYTES_MAX}`)
      continue
    }
    const bytes = await fs.readFile(file)
    const answer = readFile(bytes.toString('utf8'))
    if (answer.kind === 'other') ignored.push(`${name} ${answer.why}`)
    else
      files.push({
        path: file,
        name,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        results: answer.results,
      })
  }
  // The oldest first, as they were measured.
  files.sort((a, b) => (a.results.measuredAtMs ?? 0) - (b.results.measuredAtMs ?? 0) || (a.path < b.path ? -1 : 1))
  return { files, ignored }
}

function readFile(text: string): ReturnType<typeof readLmEvalResults> {
  try {
    return readLmEvalResults(parseTolerantJson(text))
  } catch (error) {
    return { kind: 'other', why: `is no JSON (${(error as Error).message})` }
  }
}

async function jsonFiles(at: string, depth: number): Promise<string[]> {
  const found = await fs.stat(at).catch(() => {
    throw new Error(`There is no file or folder ${at}.`)
  })
  if (!found.isDirectory()) return [at]
  const entries = (await fs.readdir(at, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const files: string[] = []
  for (const entry of entries) {
    const inner = path.join(at, entry.name)
    if (entry.isDirectory() && depth < FOLDER_DEPTH_MAX) files.push(...(await jsonFiles(inner, depth + 1)))
    else if (entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('samples_')) files.push(inner)
  }
  return files
}

async function importFile(
  file: ResultsFile,
  checkpoint: TargetCheckpoint,
  { door, dryRun }: LmEvalImport,
  report: FileReport,
): Promise<void> {
  report.checkpoint = `${nameOf(checkpoint)} of #${checkpoint.experiment.number} ${checkpoint.experiment.slug}`
  const known = await knownRecords(door, checkpoint.id, file.sha256)
  for (const [task, cells] of byTask(file.results.cells)) {
    const wanted = cells.filter((cell) => known.get(cell.record)?.status !== 'complete')
    report.known += cells.length - wanted.length
    if (wanted.length === 0) continue
    const samples = await surveyFile(file, task, wanted, report)
    for (const cell of wanted) await importCell({ file, cell, samples, checkpoint, door, dryRun, report })
  }
}

async function knownRecords(door: Door, checkpoint: string, sha256: string) {
  const { items } = await door.get(`/checkpoints/${checkpoint}/imports/${sha256}`, KnownRecords)
  return new Map(items.map((item) => [item.record, item]))
}

function byTask(cells: readonly LmEvalCell[]): Map<string, LmEvalCell[]> {
  const tasks = new Map<string, LmEvalCell[]>()
  for (const cell of cells) tasks.set(cell.task, [...(tasks.get(cell.task) ?? []), cell])
  return tasks
}

interface Samples {
  file: string
  /** Whether prompts and answers go with the items. */
  texts: boolean
  filters: readonly string[]
  survey: SampleSurvey
}

/** A first pass over the samples of a task; null when there are none. */
async function surveyFile(
  { path: resultsPath, results }: ResultsFile,
  task: string,
  cells: readonly LmEvalCell[],
  report: FileReport,
): Promise<Samples | null> {
  const file = await samplesFile(resultsPath, task)
  if (file === null) return null
  const filters = [...new Set(results.cells.filter((cell) => cell.task === task).flatMap((cell) => cell.filter ?? []))]
  const survey = surveySamples([...new Set(cells.map((cell) => cell.metric))])
  const onBad = (reason: string) => report.skipped.push({ record: path.basename(file), reason })
  for await (const sample of samplesOfFile(file, filters, onBad)) survey.see(sample)
  const { size } = await fs.stat(file)
  return { file, texts: size <= TEXTS_BYTES_MAX, filters, survey }
}

/** The samples that were written with a results file: of the same time, or beside a file without one, of the task. */
async function samplesFile(resultsPath: string, task: string): Promise<string | null> {
  const folder = path.dirname(resultsPath)
  const time = /_(\d{4}-\d{2}-\d{2}T[\d.-]+)\.json$/.exec(path.basename(resultsPath))?.[1]
  const names = await fs.readdir(folder)
  const spelled = [task, task.replace(/[^\p{L}\p{N}_]/gu, '_')]
  const name = names.find((entry) =>
    spelled.some((word) =>
      time === undefined
        ? entry.endsWith(`_${word}.jsonl`) && !entry.startsWith('samples_')
        : entry === `samples_${word}_${time}.jsonl` || entry === `samples_${word}_${time}.json`,
    ),
  )
  return name === undefined ? null : path.join(folder, name)
}

interface CellImport {
  file: ResultsFile
  cell: LmEvalCell
  samples: Samples | null
  checkpoint: TargetCheckpoint
  door: Door
  dryRun: boolean
  report: FileReport
}

async function importCell({ file, cell, samples, checkpoint, door, dryRun, report }: CellImport): Promise<void> {
  const draft = evaluationOfCell(file.results, cell, file.name)
  const found = samples?.survey.itemsFor(cell, draft.scale) ?? { kind: 'none' as const, why: null }
  const answer =
    found.kind === 'items' && found.n > ITEMS_MAX
      ? { kind: 'none' as const, why: `${found.n} items are more than ${ITEMS_MAX}` }
      : found
  const input = {
    ...draft,
    n: answer.kind === 'items' ? answer.n : draft.n,
    ...(draft.n === null && answer.kind !== 'items' && { n_missing: 'not in the file' }),
    imported_from: { kind: 'lm-eval', file: file.name, sha256: file.sha256, record: cell.record.slice(0, 500) },
  }
  const written = {
    record: cell.record,
    benchmark: draft.benchmark.slug,
    score: cell.score,
    stderr: cell.stderr,
    n: input.n,
  }
  try {
    const items = answer.kind === 'items' && samples ? samples : null
    const sent = dryRun ? (answer.kind === 'items' ? answer.n : 0) : await send(door, checkpoint.id, input, cell, items)
    report.written.push({ ...written, items: sent, why: answer.kind === 'none' ? answer.why : null })
  } catch (error) {
    if (!(error instanceof DoorRefusal) || error.status === 401 || error.status === 403 || error.status >= 500)
      throw error
    report.skipped.push({ record: cell.record, reason: error.message })
  }
}

type Input = Omit<z.input<typeof EvaluationInput>, 'items' | 'complete'>

/** Posts an evaluation; with samples it is opened, filled part by part, and completed. Gives how many items it has. */
async function send(
  door: Door,
  checkpoint: string,
  input: Input,
  cell: LmEvalCell,
  samples: Samples | null,
): Promise<number> {
  // One that an earlier import left open is answered as it is.
  const { id, status } = await open(door, checkpoint, { ...input, complete: samples === null })
  let [part, n] = [0, 0]
  if (samples)
    for await (const items of partsOf(samples, cell)) {
      part++
      n += items.length
      await door.send('POST', `/evaluations/${id}/items`, { part, items }, Evaluation)
    }
  if (status === 'open') await door.send('POST', `/evaluations/${id}/complete`, {}, Evaluation)
  return n
}

/** A benchmark that is defined with another kind or unit already keeps its definition; its orientation must be the same. */
async function open(door: Door, checkpoint: string, input: Input & { complete: boolean }): Promise<Evaluation> {
  const path = `/checkpoints/${checkpoint}/evaluations`
  return door.send('POST', path, input, Evaluation).catch((error: unknown) => {
    const isDefined =
      error instanceof DoorRefusal &&
      error.code === 'conflict' &&
      error.pointers.some((p) => p.startsWith('/benchmark/') && p !== '/benchmark/higher_is_better')
    if (!isDefined || typeof input.benchmark === 'string') throw error
    return door.send('POST', path, { ...input, benchmark: input.benchmark.slug }, Evaluation)
  })
}

async function* partsOf({ file, texts, filters, survey }: Samples, cell: LmEvalCell): AsyncGenerator<EvaluationItem[]> {
  let items: EvaluationItem[] = []
  let bytes = 0
  for await (const sample of samplesOfFile(file, filters)) {
    const whole = itemOfSample(sample, survey.idOf(sample), cell)
    if (!whole) continue
    const { prompt: _prompt, output: _output, expected: _expected, ...slim } = whole
    const item = texts ? whole : slim
    const size = Buffer.byteLength(JSON.stringify(item)) + 1
    if (items.length > 0 && (items.length >= ITEMS_PER_PART_MAX || bytes + size > PART_BYTES_MAX)) {
      yield items
      items = []
      bytes = 0
    }
    items.push(item)
    bytes += size
  }
  if (items.length > 0) yield items
}
