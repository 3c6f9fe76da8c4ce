import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { formatPlace } from '../../../core/metrics/export-place.ts'
import { isSuperseded, POINT_COLUMNS, type PointRows } from '../../../core/metrics/point-rows.ts'

/** Rows that are gathered before they are written: some 3 MB in memory, and a stop of some 20 ms for everything else. */
const ROWS_PER_GROUP = 32_768

export interface ParquetFile {
  superseded: boolean
  /** Rows that the points were cut to: a file that has as many tells where the next one begins. */
  limit: number
  thinned: string | null
}

const REQUIRED = 'REQUIRED'
const TYPES: Readonly<Record<(typeof POINT_COLUMNS)[number], Omit<SchemaElement, 'name'>>> = {
  run: { type: 'INT32', repetition_type: REQUIRED },
  run_uid: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: REQUIRED },
  metric: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: REQUIRED },
  attempt: { type: 'INT32', repetition_type: REQUIRED },
  step: { type: 'INT64', repetition_type: REQUIRED },
  t: { type: 'INT64', repetition_type: REQUIRED },
  value: { type: 'DOUBLE', repetition_type: REQUIRED },
  superseded: { type: 'BOOLEAN', repetition_type: REQUIRED },
}

/** Points as a Parquet file, row group by row group; its end holds what was noted of each, so that the file is whole only with it. */
export async function* parquetFile(
  points: AsyncIterable<PointRows>,
  { superseded, limit, thinned }: ParquetFile,
): AsyncGenerator<Uint8Array> {
  const columns = superseded ? POINT_COLUMNS : POINT_COLUMNS.slice(0, -1)
  const bytes = new ByteWriter()
  const file = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'points', num_children: columns.length }, ...columns.map((name) => ({ name, ...TYPES[name] }))],
    createdBy: 'descent',
  })
  const group = new RowGroup()
  let rows = 0
  let last: PointRows | null = null
  for await (const piece of points) {
    rows += piece.steps.length
    last = piece
    for (let at = 0; at < piece.steps.length; ) {
      at = group.add(piece, at)
      if (!group.isFull) continue
      await file.write(group.take(superseded))
      yield taken(bytes)
      await nextTurn()
    }
  }
  if (group.rows > 0) await file.write(group.take(superseded))
  file.kvMetadata = notes(rows >= limit && last ? nextCursor(last) : null, thinned)
  await file.finish()
  yield taken(bytes)
}

const nextCursor = ({ run, metric, attempt, steps }: PointRows): string =>
  formatPlace({ run, metric, attempt, step: steps[steps.length - 1] as number })

function notes(cursor: string | null, thinned: string | null): { key: string; value: string }[] {
  return [
    ...(cursor === null ? [] : [{ key: 'descent.next_cursor', value: cursor }]),
    ...(thinned === null ? [] : [{ key: 'descent.thinned_runs', value: thinned }]),
  ]
}

/** What was written since the last time; the writer goes on counting where it is in the file. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice()
  writer.index = 0
  return bytes
}

/** Rows by columns. */
class RowGroup {
  rows = 0
  #runs = new Int32Array(ROWS_PER_GROUP)
  #attempts = new Int32Array(ROWS_PER_GROUP)
  #steps = new Float64Array(ROWS_PER_GROUP)
  #times = new Float64Array(ROWS_PER_GROUP)
  #values = new Float64Array(ROWS_PER_GROUP)
  #uids: string[] = []
  #metrics: string[] = []
  #superseded: boolean[] = []

  get isFull(): boolean {
    return this.rows === ROWS_PER_GROUP
  }

  /** Takes points from `at` on as far as there is room; the place of the first that was not taken. */
  add(points: PointRows, at: number): number {
    const { steps, times, values, shown } = points
    const n = Math.min(steps.length - at, ROWS_PER_GROUP - this.rows)
    const to = this.rows + n
    this.#runs.fill(points.run, this.rows, to)
    this.#attempts.fill(points.attempt, this.rows, to)
    this.#steps.set(steps.subarray(at, at + n), this.rows)
    this.#times.set(times.subarray(at, at + n), this.rows)
    this.#values.set(values.subarray(at, at + n), this.rows)
    for (let i = 0; i < n; i++) {
      this.#uids.push(points.runUid)
      this.#metrics.push(points.metric)
      if (shown) this.#superseded.push(isSuperseded(steps[at + i] as number, shown))
    }
    this.rows = to
    return at + n
  }

  /** The rows as the writer takes them, and none are left. Dictionaries would take −0 for 0: values have none. */
  take(superseded: boolean): Parameters<ParquetWriter['write']>[0] {
    const n = this.rows
    const columnData: Parameters<ParquetWriter['write']>[0]['columnData'] = [
      { name: 'run', data: this.#runs.subarray(0, n), encoding: 'DELTA_BINARY_PACKED' },
      { name: 'run_uid', data: this.#uids, encoding: 'RLE_DICTIONARY', statistics: false },
      { name: 'metric', data: this.#metrics, encoding: 'RLE_DICTIONARY' },
      { name: 'attempt', data: this.#attempts.subarray(0, n), encoding: 'DELTA_BINARY_PACKED' },
      { name: 'step', data: this.#steps.subarray(0, n), encoding: 'DELTA_BINARY_PACKED' },
      { name: 't', data: this.#times.subarray(0, n), encoding: 'DELTA_BINARY_PACKED' },
      { name: 'value', data: this.#values.subarray(0, n), encoding: 'BYTE_STREAM_SPLIT', statistics: false },
    ]
    if (superseded) columnData.push({ name: 'superseded', data: this.#superseded })
    this.rows = 0
    this.#uids = []
    this.#metrics = []
    this.#superseded = []
    return { columnData, rowGroupSize: n }
  }
}
