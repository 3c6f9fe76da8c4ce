import { numberBinaryBatch, readBinaryBatch, type StoredGroup, unpackBatch } from '../../core/metrics/binary-batch.ts'
import { packBatch } from '../../core/metrics/packed-batch.ts'
import { readBatch } from '../../core/metrics/read-batch.ts'
import { type ReadLines, readLines } from '../../core/metrics/read-lines.ts'
import { BatchShapeError, BatchSizeError, type Rejection } from '../../core/metrics/records.ts'
import { BATCH_BYTES_MAX, BATCH_POINTS_MAX, type BatchFormat, LOG_LINE_BYTES_MAX } from '../../protocol/metrics.ts'
import { invalid, Refusal } from '../errors.ts'

/** Bytes of a body once unzipped. Points are bounded by their count; rows with long keys need more than the 8 MiB of a sent body. */
const EXPANDED_BYTES_MAX = 4 * BATCH_BYTES_MAX
const LINES_MAX = 100_000

/** A body of points that was checked. */
export interface MetricsBody {
  /** Keys of `points`, as kept; one may come several times. */
  keys: readonly string[]
  points: number
  rejected: Rejection[]
  /** The batch with numbers for keys. To be called once: a binary body is numbered in place. */
  number(ids: ReadonlyMap<string, number>): NumberedBatch
}

export interface NumberedBatch {
  /** As it is stored. */
  data: Buffer
  /** Its points; of a binary batch they are decoded with this call. */
  groups: () => readonly StoredGroup[]
}

/**
 * Checks a body of points.
 *
 * @throws Refusal `invalid_request` with a pointer or the byte, `too_large`
 */
export const readMetricsBody = (body: Buffer, format: BatchFormat = 'json'): MetricsBody =>
  refusing(() => (format === 'binary' ? binaryBody(body) : jsonBody(body)), { limit_points: BATCH_POINTS_MAX })

function jsonBody(body: Buffer): MetricsBody {
  const { groups, points, rejected } = readBatch(parse(body), BATCH_POINTS_MAX)
  return {
    keys: groups.flatMap((group) => group.keys.map(({ key }) => key)),
    points,
    rejected,
    number(ids) {
      const numbered = groups.map(({ steps, times, keys }) => ({
        steps,
        times,
        keys: keys.map(({ key, values }) => ({ key: ids.get(key) as number, values })),
      }))
      return { data: packBatch(numbered), groups: () => numbered }
    },
  }
}

function binaryBody(body: Buffer): MetricsBody {
  const batch = readBinaryBatch(body, BATCH_POINTS_MAX)
  return {
    keys: batch.keys.filter((key) => typeof key === 'string'),
    points: batch.points,
    rejected: batch.rejected,
    number(ids) {
      const data = numberBinaryBatch(batch, (key) => ids.get(key) as number)
      return { data, groups: () => unpackBatch(data) }
    },
  }
}

/**
 * A body of console lines.
 *
 * @throws Refusal `invalid_request` with a pointer, `too_large`
 */
export const readLogBody = (body: Buffer): ReadLines =>
  refusing(() => readLines(parse(body), LINES_MAX, LOG_LINE_BYTES_MAX), { limit_lines: LINES_MAX })

function parse(body: Buffer): unknown {
  if (body.length > EXPANDED_BYTES_MAX)
    throw new Refusal('too_large', `The batch has ${body.length} bytes; send at most ${BATCH_BYTES_MAX} at once.`, {
      limit_bytes: BATCH_BYTES_MAX,
    })
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error)
    throw invalid(
      '',
      `The body is not valid JSON: ${reason}. NaN and ±Infinity are sent as the texts "NaN", "Infinity", "-Infinity".`,
    )
  }
}

function refusing<T>(read: () => T, limit: { limit_points: number } | { limit_lines: number }): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof BatchShapeError) throw invalid(error.pointer, error.message)
    if (error instanceof BatchSizeError)
      throw new Refusal('too_large', `The batch has ${error.points} records; send it in halves.`, limit)
    throw error
  }
}
