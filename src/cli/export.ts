import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { EXPORT_FORMATS, type ExportFormat } from '../core/metrics/export-formats.ts'
import { type ExportPlace, formatPlace } from '../core/metrics/export-place.ts'
import { csvHead, placeOfCsvRow, placeOfJsonRow } from '../core/metrics/point-rows.ts'
import { EXPORT_ATTEMPTS } from '../protocol/export.ts'

interface ExportOptions {
  server: string
  project: string
  run?: string
  metrics?: string
  format: ExportFormat
  attempts: 'view' | 'all'
  from?: string
  to?: string
  output?: string
  resume?: boolean
}

/** Adds `descent export metrics`: raw points into a file. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description('take data out')
    .command('metrics')
    .description('write raw points to a file, or to the output; the key is read from DESCENT_API_KEY')
    .option('--server <url>', 'address of the server', process.env.DESCENT_URL ?? 'http://127.0.0.1:7070')
    .requiredOption('--project <slug>', 'the project', process.env.DESCENT_PROJECT)
    .option('--run <runs>', 'numbers, ranges and uids, such as 17 or 1-100,205; all runs when absent')
    .option('--metrics <keys>', 'keys with commas between; all when absent')
    .addOption(new Option('--format <format>', 'of the file').choices(EXPORT_FORMATS).default('csv'))
    .addOption(
      new Option('--attempts <which>', 'what charts show, or superseded points too')
        .choices(EXPORT_ATTEMPTS)
        .default('view'),
    )
    .option('--from <step>', 'first step')
    .option('--to <step>', 'last step')
    .option('-o, --output <file>', 'the file; the output when absent')
    .option('--resume', 'go on where an earlier call with the same options broke off (csv, jsonl)')
    .action(exportMetrics)
}

async function exportMetrics(options: ExportOptions): Promise<void> {
  const { output, format, resume } = options
  if (resume && (output === undefined || format === 'parquet'))
    throw new Error('--resume goes on in a file of csv or jsonl: name it with --output. Parquet is whole or not there.')
  const begun = resume && output !== undefined ? await cutTornLine(output, options) : null
  const answer = await ask(options, begun)
  const thinned = answer.headers.get('x-thinned-runs')
  if (thinned !== null)
    console.error(`Raw points of these runs were thinned out; what is left is exported: ${thinned}.`)
  const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
  if (output === undefined) return pipeline(body, process.stdout, { end: false })
  // A part of a Parquet file is none: it gets its name when it is whole.
  const target = format === 'parquet' ? `${output}.part` : output
  const file = await fs.open(target, begun ? 'a' : 'w')
  await pipeline(body, file.createWriteStream()).catch((error: Error) => {
    const way = format === 'parquet' ? 'Call it again.' : 'Call it again with --resume to go on.'
    throw new Error(`The download broke off (${error.message}). ${way}`)
  })
  if (format === 'parquet') await fs.rename(target, output)
}

async function ask(options: ExportOptions, begun: Begun | null): Promise<Response> {
  const key = process.env.DESCENT_API_KEY
  if (!key) throw new Error('Set DESCENT_API_KEY to a key that may read (descent admin key create --scope read).')
  const query = new URLSearchParams({ format: options.format, attempts: options.attempts })
  if (options.run !== undefined) query.set('runs', options.run)
  if (options.metrics !== undefined) query.set('metrics', options.metrics)
  if (options.from !== undefined) query.set('from', options.from)
  if (options.to !== undefined) query.set('to', options.to)
  if (begun) query.set('header', 'false')
  if (begun?.place) query.set('cursor', formatPlace(begun.place))
  const path = `/api/v1/projects/${encodeURIComponent(options.project)}/export/metrics`
  const answer = await fetch(`${options.server}${path}?${query}`, {
    headers: { authorization: `Bearer ${key}`, 'accept-encoding': 'identity' },
  }).catch((error: Error) => {
    throw new Error(`The server at ${options.server} does not answer (${error.message}). Name it in --server.`)
  })
  if (answer.ok) return answer
  const { detail = '' } = (await answer.json().catch(() => ({}))) as { detail?: string }
  throw new Error(`The server refused the export (${answer.status}). ${detail}`)
}

/** A file that was begun: its last row, or null when it has none. */
interface Begun {
  place: ExportPlace | null
}

/** Longer than any line. */
const TAIL_BYTES = 64 * 1024

/**
 * Cuts off what stands behind the last whole line of a file.
 *
 * @returns null when there is no file, or no whole line in it
 * @throws Error when its lines are not those of an export with these options
 */
async function cutTornLine(path: string, { format, attempts }: ExportOptions): Promise<Begun | null> {
  const size = await fs.stat(path).then(
    (found) => found.size,
    () => 0,
  ) // prettier-ignore
  const tail = await bytesOf(path, Math.max(0, size - TAIL_BYTES), size)
  const end = tail.lastIndexOf(NEWLINE)
  if (end < 0) return null
  const head = csvHead(attempts === 'all')
  if (format === 'csv' && (await bytesOf(path, 0, head.length)).toString() !== head)
    throw new Error(`${path} does not begin as an export with these options does. Call it without --resume.`)
  const last = tail.subarray(end === 0 ? 0 : tail.lastIndexOf(NEWLINE, end - 1) + 1, end).toString()
  await fs.truncate(path, size - (tail.length - end - 1))
  if (format === 'csv' && `${last}\n` === head) return { place: null }
  const place = format === 'csv' ? placeOfCsvRow(last) : placeOfJsonRow(last)
  if (place) return { place }
  throw new Error(`The last line of ${path} is no row of an export. Call it without --resume.`)
}

const NEWLINE = 0x0a

/** Bytes from … to−1 of a file, or as many as there are. */
async function bytesOf(path: string, from: number, to: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  if (to > from)
    for await (const chunk of createReadStream(path, { start: from, end: to - 1 })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
