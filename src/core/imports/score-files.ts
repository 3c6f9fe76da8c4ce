/** What a handful of files says: scores with the evaluations that they would become, and what was not understood, before anything is written. */
import type { EvaluationItem } from '../evaluations/items.ts'
import { type EvaluationDraft, evaluationOfCell } from './lm-eval-evaluation.ts'
import { type LmEvalCell, type LmEvalResults, readLmEvalResults } from './lm-eval-results.ts'
import { filterNamer, itemOfSample, type LmEvalSample, readSample, surveySamples } from './lm-eval-samples.ts'
import { ignoredColumns, readScoreRow, type ScoreRow } from './score-rows.ts'
import { readCsvTable, readJsonTable, type Table } from './table-rows.ts'
import { parseTolerantJson } from './tolerant-json.ts'

export interface ScoreFile {
  name: string
  text: string
}

export const SCORE_FILE_KINDS = ['table', 'lm_eval', 'samples', 'other'] as const

export interface FileReading {
  name: string
  kind: (typeof SCORE_FILE_KINDS)[number]
  /** Of a table: its columns; `ignored` tells why one means nothing here, with the nearest known one where there is one. */
  columns: { name: string; ignored: string | null }[]
  /** Of results of a harness: the model that was measured. */
  model: string | null
  /** What could not be read, by its place in the file. */
  faults: { at: string; reason: string }[]
}

/** One score that may be written. */
export interface ScoreDraft {
  file: string
  at: string
  /** What the file calls its checkpoint; null: it does not. */
  checkpoint: string | null
  evaluation: (ScoreRow['evaluation'] | (EvaluationDraft & { n_missing?: string })) & { items: EvaluationItem[] }
  from: { kind: 'scores' | 'lm-eval'; record: string }
  /** What a SHA-256 is taken of, by which a second import knows the record. */
  hashed: string
  /** Why there are no items although there are samples; null when there were none, or they are attached. */
  withoutItems: string | null
}

/** More items than one evaluation takes at once stay behind; the command line sends them in parts. */
const ITEMS_MAX = 10_000

/** Reads files in any order; samples belong to the results file of the same time. */
export function readScoreFiles(files: readonly ScoreFile[]): { files: FileReading[]; drafts: ScoreDraft[] } {
  const drafts: ScoreDraft[] = []
  const opened = files.map((file) => ({ file, content: open(file) }))
  const samples = new Map(
    opened.flatMap(({ file, content }) => (content.kind === 'samples' ? [[file.name, file]] : [])),
  )
  const used = new Set<string>()
  const readings = opened.map(({ file, content }): FileReading => {
    const reading: FileReading = { name: file.name, kind: content.kind, columns: [], model: null, faults: [] }
    if (content.kind === 'other') reading.faults.push({ at: 'the file', reason: content.why })
    if (content.kind === 'table') readTable(file, content.table, reading, drafts)
    if (content.kind === 'lm_eval') readResults(file, content.results, { samples, used }, reading, drafts)
    return reading
  })
  for (const reading of readings)
    if (reading.kind === 'samples' && !used.has(reading.name))
      reading.faults.push({
        at: 'the file',
        reason: 'samples without their results file; add the results_….json that was written with them',
      })
  return { files: readings, drafts }
}

type Content =
  | { kind: 'table'; table: Table }
  | { kind: 'lm_eval'; results: LmEvalResults }
  | { kind: 'samples' }
  | { kind: 'other'; why: string }

function open({ name, text }: ScoreFile): Content {
  if (text.trim() === '') return { kind: 'other', why: 'is empty' }
  if (/^samples_.*\.jsonl?$/i.test(name)) return { kind: 'samples' }
  if (/\.json$/i.test(name)) {
    const results = tryResults(text)
    if (results.kind === 'results') return { kind: 'lm_eval', results: results.results }
  }
  if (!/\.(json|jsonl|ndjson)$/i.test(name)) return tableOrWhy(readCsvTable(text))
  const table = readJsonTable(text)
  const [first] = table.rows
  if (first && typeof first.cells === 'object' && typeof readSample(first.cells) === 'object')
    return { kind: 'samples' }
  return tableOrWhy(table)
}

function tryResults(text: string): ReturnType<typeof readLmEvalResults> {
  try {
    return readLmEvalResults(parseTolerantJson(text))
  } catch {
    return { kind: 'other', why: 'is no JSON' }
  }
}

function tableOrWhy(table: Table): Content {
  const missing = ['benchmark', 'score'].filter((name) => !table.columns.includes(name))
  if (missing.length === 0) return { kind: 'table', table }
  const head = table.columns.join(', ').slice(0, 200)
  return {
    kind: 'other',
    why: `has no column ${missing.join(' and no column ')} (it has ${head || 'none'}), and is no results file of lm-evaluation-harness`,
  }
}

function readTable({ name: file }: ScoreFile, table: Table, reading: FileReading, drafts: ScoreDraft[]): void {
  const ignored = ignoredColumns(table.columns)
  const whyOf = (column: string) => ignored.find((text) => text === column || text.startsWith(`${column} (`))
  reading.columns = table.columns
    .filter((column) => column !== '')
    .map((column) => {
      const why = whyOf(column)
      return {
        name: column,
        ignored: why === undefined ? null : why.slice(column.length).trim() || 'not a column here',
      }
    })
  for (const { at, cells } of table.rows) {
    const row = typeof cells === 'string' ? cells : readScoreRow(cells)
    if (typeof row === 'string') {
      reading.faults.push({ at, reason: row })
      continue
    }
    const { checkpoint, evaluation } = row
    drafts.push({
      file,
      at,
      checkpoint,
      evaluation: { ...evaluation, source: evaluation.source ?? file, items: [] },
      from: { kind: 'scores', record: 'row' },
      hashed: JSON.stringify(evaluation),
      withoutItems: null,
    })
  }
  if (table.rows.length === 0) reading.faults.push({ at: 'the file', reason: 'has a head and no row' })
}

interface Samples {
  samples: ReadonlyMap<string, ScoreFile>
  /** Names of those that belong to a results file. */
  used: Set<string>
}

function readResults(
  file: ScoreFile,
  results: LmEvalResults,
  { samples, used }: Samples,
  reading: FileReading,
  drafts: ScoreDraft[],
): void {
  const { model, revision } = results
  reading.model = model !== null && revision !== null && revision !== 'main' ? `${model}@${revision}` : model
  reading.faults.push(...results.skipped.map(({ record, reason }) => ({ at: record, reason })))
  for (const task of new Set(results.cells.map((cell) => cell.task))) {
    const cells = results.cells.filter((cell) => cell.task === task)
    const own = samplesOf(file.name, task, samples)
    if (own) used.add(own.name)
    const itemsOf = own ? surveyed(own, cells, reading) : null
    for (const cell of cells) {
      const draft = evaluationOfCell(results, cell, file.name)
      const found = itemsOf?.(cell, draft.scale) ?? { items: [], why: null }
      const n = found.items.length > 0 ? found.items.length : draft.n
      drafts.push({
        file: file.name,
        at: cell.record,
        checkpoint: reading.model,
        evaluation: { ...draft, n, ...(n === null && { n_missing: 'not in the file' }), items: found.items },
        from: { kind: 'lm-eval', record: cell.record.slice(0, 500) },
        hashed: file.text,
        withoutItems: found.why,
      })
    }
  }
}

/** The samples that were written with a results file: of the same time, or beside a file without one, of the task. */
function samplesOf(results: string, task: string, samples: ReadonlyMap<string, ScoreFile>): ScoreFile | undefined {
  const time = /_(\d{4}-\d{2}-\d{2}T[\d.-]+)\.json$/.exec(results)?.[1]
  const spelled = [task, task.replace(/[^\p{L}\p{N}_]/gu, '_')]
  return [...samples.values()].find(({ name }) =>
    spelled.some((word) =>
      time === undefined
        ? name.endsWith(`_${word}.jsonl`)
        : name === `samples_${word}_${time}.jsonl` || name === `samples_${word}_${time}.json`,
    ),
  )
}

function surveyed(
  file: ScoreFile,
  cells: readonly LmEvalCell[],
  reading: FileReading,
): (cell: LmEvalCell, scale: 1 | 100) => { items: EvaluationItem[]; why: string | null } {
  const named = filterNamer([...new Set(cells.flatMap((cell) => cell.filter ?? []))])
  const survey = surveySamples([...new Set(cells.map((cell) => cell.metric))])
  const all: LmEvalSample[] = []
  for (const { at, cells: record } of readJsonTable(file.text).rows) {
    const sample = typeof record === 'string' ? record : readSample(record)
    if (typeof sample === 'string') reading.faults.push({ at: `${file.name}, ${at}`, reason: sample })
    else all.push(named(sample))
  }
  for (const sample of all) survey.see(sample)
  return (cell, scale) => {
    const answer = survey.itemsFor(cell, scale)
    if (answer.kind === 'none') return { items: [], why: answer.why }
    if (answer.n > ITEMS_MAX)
      return { items: [], why: `${answer.n} items are more than ${ITEMS_MAX}; the command line sends them` }
    return { items: all.flatMap((sample) => itemOfSample(sample, survey.idOf(sample), cell) ?? []), why: null }
  }
}
