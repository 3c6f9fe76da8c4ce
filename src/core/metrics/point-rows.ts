/**
 * Points as lines of text, CSV or JSON. A number is the shortest text that reads back as the same double, −0 included; NaN and
 * ±Infinity are words.
 */
import type { ExportPlace } from './export-place.ts'

/** Points of one series and attempt; the arrays run in parallel, ascending by step. */
export interface PointRows {
  run: number
  runUid: string
  metric: string
  attempt: number
  steps: Float64Array
  /** Wall times, ms. */
  times: Float64Array
  values: Float32Array | Float64Array
  /** Steps from … to−1 are what the default view shows of this attempt; null: nobody asked which are superseded. */
  shown: { from: number; to: number } | null
}

/** Columns of every format, in this order; `superseded` only where all attempts were asked for. */
export const POINT_COLUMNS = ['run', 'run_uid', 'metric', 'attempt', 'step', 't', 'value', 'superseded'] as const

/** True for a point that the default view leaves out. */
export const isSuperseded = (step: number, { from, to }: { from: number; to: number }): boolean =>
  step < from || step >= to

/** The head line of a CSV file. */
export const csvHead = (withSuperseded: boolean): string =>
  `${(withSuperseded ? POINT_COLUMNS : POINT_COLUMNS.slice(0, -1)).join(',')}\n`

/** Points from … to−1 as lines of CSV. */
export function csvRows(points: PointRows, from: number, to: number): string {
  const { steps, times, values, shown } = points
  const head = `${points.run},${points.runUid},${csvText(points.metric)},${points.attempt},`
  let text = ''
  for (let i = from; i < to; i++) {
    const step = steps[i] as number
    text += `${head}${step},${times[i]},${numberText(values[i] as number)}`
    text += shown ? `,${isSuperseded(step, shown)}\n` : '\n'
  }
  return text
}

/** Points from … to−1 as JSON objects, one a line. */
export function jsonRows(points: PointRows, from: number, to: number): string {
  const { steps, times, values, shown } = points
  const head = `{"run":${points.run},"run_uid":"${points.runUid}","metric":${JSON.stringify(points.metric)},"attempt":${points.attempt},"step":`
  let text = ''
  for (let i = from; i < to; i++) {
    const step = steps[i] as number
    const value = values[i] as number
    text += `${head}${step},"t":${times[i]},"value":`
    text += Number.isFinite(value) ? numberText(value) : `"${value}"`
    text += shown ? `,"superseded":${isSuperseded(step, shown)}}\n` : '}\n'
  }
  return text
}

/** `String` writes −0 as 0; and readers that take `-0` for a whole number would lose its sign. */
const numberText = (value: number): string => (value === 0 && 1 / value < 0 ? '-0.0' : `${value}`)

/** What a spreadsheet takes for a formula, in the forms of full width too; and the quote itself, so that it can be taken off again. */
const FORMULA = /^['=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const CSV_ROW = /^(\d+),[0-9a-f-]{36},("(?:[^"]|"")*"|[^",]*),(\d+),(\d+),/

/** The place of a line of such a CSV file; null when it is not one. */
export function placeOfCsvRow(line: string): ExportPlace | null {
  const [, run, cell, attempt, step] = CSV_ROW.exec(line) ?? []
  if (cell === undefined) return null
  const text = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
  const metric = text.startsWith("'") ? text.slice(1) : text
  return { run: Number(run), metric, attempt: Number(attempt), step: Number(step) }
}

/** The place of a line of JSON; null when it is not one. */
export function placeOfJsonRow(line: string): ExportPlace | null {
  try {
    const { run, metric, attempt, step } = JSON.parse(line)
    const isPlace = typeof metric === 'string' && [run, attempt, step].every(Number.isSafeInteger)
    return isPlace ? { run, metric, attempt, step } : null
  } catch {
    return null
  }
}
