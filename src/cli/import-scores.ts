import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { csvReader } from '../core/imports/csv-rows.ts'
import { recordSplitter } from '../core/imports/record-splitter.ts'
import { ignoredColumns, readScoreRow, type ScoreRow } from '../core/imports/score-rows.ts'
import { slugOfName } from '../core/imports/slug-of-name.ts'
import { parseTolerantJson } from '../core/imports/tolerant-json.ts'
import { Evaluation } from '../protocol/evaluations.ts'
import { Experiment } from '../protocol/experiments.ts'
import { KnownRecords, type Target } from '../protocol/imports.ts'
import { type Door, DoorRefusal } from './call-door.ts'
import { emptyReport, type FileReport } from './import-report.ts'
import { findTargets, nameOf, whyNoTarget } from './import-target.ts'

const RECORD_CHARACTERS_MAX = 1024 * 1024

export interface ScoresImport {
  door: Door
  project: string
  /** Names the checkpoint of rows that name none. */
  checkpoint?: string | undefined
  /** Makes an external base for each name that the project does not know. */
  makeBases: boolean
  dryRun: boolean
}

/**
 * Imports a table of scores: CSV with a head, or JSON lines (by the file's name). A row that is there already is not sent again,
 * however the file has grown around it.
 *
 * @throws Error for a file that cannot be read or has no such columns; DoorRefusal for a key that may not
 */
export async function importScores(file: string, options: ScoresImport): Promise<FileReport> {
  const found = await fs.stat(file).catch(() => null)
  if (!found?.isFile()) throw new Error(`There is no file ${file}.`)
  const report = emptyReport(path.basename(file), options.checkpoint ?? null)
  const targets = new Map<string, Target>()
  const rows = /\.(jsonl|ndjson|json)$/i.test(file) ? jsonRows(file, report) : csvRows(file, report)
  let n = 0
  for await (const row of rows) {
    n++
    const read = typeof row === 'string' ? row : readScoreRow(row)
    if (typeof read === 'string') report.skipped.push({ record: `row ${n}`, reason: read })
    else await importRow({ ...read, record: `row ${n}`, file }, options, targets, report)
  }
  if (n === 0) throw new Error(`${path.basename(file)} has no rows of scores.`)
  report.checkpoint = placesOf(report)
  return report
}

type Row = Readonly<Record<string, unknown>>

async function* csvRows(file: string, report: FileReport): AsyncGenerator<Row | string> {
  const reader = csvReader()
  let head: string[] | null = null
  const read = function* (rows: string[][]): Generator<Row | string> {
    for (const cells of rows) {
      if (head === null) {
        head = readHead(cells, file)
        report.ignored.push(...ignoredColumns(head))
      } else if (cells.length > head.length) yield `has ${cells.length} cells, the head has ${head.length}`
      else yield Object.fromEntries(head.map((name, i) => [name, cells[i] ?? '']))
    }
  }
  for await (const piece of createReadStream(file, { encoding: 'utf8' })) yield* read(reader.push(piece as string))
  yield* read(reader.end())
}

function readHead(cells: readonly string[], file: string): string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase())
  const missing = ['benchmark', 'score'].filter((name) => !names.includes(name))
  if (missing.length > 0)
    throw new Error(
      `${path.basename(file)} has no column ${missing.join(' and no column ')} (its head is ${names.join(', ').slice(0, 200)}). docs/import.md lists the columns.`,
    )
  return names
}

async function* jsonRows(file: string, report: FileReport): AsyncGenerator<Row | string> {
  const splitter = recordSplitter(RECORD_CHARACTERS_MAX)
  const ignored = new Set<string>()
  const read = (text: string): Row | string => {
    const row = parsed(text)
    if (typeof row === 'string') return row
    for (const name of ignoredColumns(Object.keys(row))) ignored.add(name)
    return row
  }
  for await (const piece of createReadStream(file, { encoding: 'utf8' }))
    for (const text of splitter.push(piece as string)) yield read(text)
  for (const text of splitter.end()) yield read(text)
  report.ignored.push(...ignored)
}

function parsed(text: string): Row | string {
  try {
    const value = parseTolerantJson(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : 'is no JSON object'
  } catch {
    return 'is no whole JSON object'
  }
}

async function importRow(
  { checkpoint: named, evaluation, record, file }: ScoreRow & { record: string; file: string },
  options: ScoresImport,
  targets: Map<string, Target>,
  report: FileReport,
): Promise<void> {
  const skip = (reason: string) => void report.skipped.push({ record, reason })
  const name = named ?? options.checkpoint
  if (name === undefined) return skip('names no checkpoint. Add the column, or name one with --checkpoint')
  try {
    const target = await targetOf(name, options, targets)
    if (target === 'to be made') return void report.written.push(written(record, name, evaluation))
    if (target?.kind !== 'found') return skip(whyNoTarget(options.project, name, target))
    const { id } = target.checkpoint
    const sha256 = createHash('sha256').update(JSON.stringify(evaluation)).digest('hex')
    const { items } = await options.door.get(`/checkpoints/${id}/imports/${sha256}`, KnownRecords)
    if (items.length > 0) return void report.known++
    const from = { kind: 'scores', file: path.basename(file), sha256, record: 'row' }
    const source = evaluation.source ?? path.basename(file)
    if (!options.dryRun)
      await options.door.send(
        'POST',
        `/checkpoints/${id}/evaluations`,
        { ...evaluation, source, imported_from: from },
        Evaluation,
      )
    report.written.push(written(record, nameOf(target.checkpoint), evaluation))
  } catch (error) {
    if (!(error instanceof DoorRefusal) || error.status === 401 || error.status === 403 || error.status >= 500)
      throw error
    skip(error.message)
  }
}

/** What a name means, asked for once; with `makeBases` an unknown one becomes an external base. */
async function targetOf(
  name: string,
  { door, project, makeBases, dryRun }: ScoresImport,
  targets: Map<string, Target>,
): Promise<Target | 'to be made' | undefined> {
  const ask = async () => {
    for (const [key, target] of await findTargets(door, project, [name])) targets.set(key, target)
    return targets.get(name)
  }
  const target = targets.get(name) ?? (await ask())
  if (target?.kind !== 'unknown' || !makeBases) return target
  if (dryRun) return 'to be made'
  const root = { kind: 'external_base', name: name.slice(0, 200) }
  const at = `/projects/${encodeURIComponent(project)}/experiments/${slugOfName(name)}`
  await door.send('PUT', at, { name: name.slice(0, 200), stage: 'external_base', root }, Experiment)
  return ask()
}

const written = (record: string, place: string, { benchmark, score, stderr, n }: ScoreRow['evaluation']) => ({
  record: `${record}, ${place}`,
  benchmark: typeof benchmark === 'string' ? benchmark : benchmark.slug,
  score,
  stderr,
  n,
  items: 0,
  why: null,
})

/** The checkpoints that rows went to, for the report's one sentence. */
function placesOf({ written: scores, model }: FileReport): string {
  const places = [...new Set(scores.map(({ record }) => record.slice(record.indexOf(', ') + 2)))]
  if (places.length === 0) return model ?? 'no checkpoint'
  return places.length === 1 ? (places[0] ?? '') : `${places.length} checkpoints`
}
