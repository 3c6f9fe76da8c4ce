/**
 * A second reader of the tables, which shares nothing with the store's own but the codecs: the points of a run as they are stored, and
 * whether all that is told of them beside them is true.
 */
import { BLOCK_FLAGS, flagOf } from '#src/core/blocks/flags.ts'
import { decodeLevelBlock, type Level, levelOfPoints, rollUp } from '#src/core/blocks/level-block.ts'
import { decodePointBlock } from '#src/core/blocks/point-block.ts'
import { scanBatch } from '#src/core/metrics/packed-batch.ts'
import type { Series } from '#src/core/metrics/series.ts'
import type { Sql } from '#src/db/clients.ts'
import { SEAL_LIMITS, type SealLimits } from '#src/services/metrics/seal/limits.ts'

export interface StoredPoint {
  step: number
  time: number
  value: number
}

/** Points by `attempt:metric id`, then by step. */
export type Stored = Map<string, Map<number, StoredPoint>>

interface BlockRow {
  metric_id: number
  attempt: number
  level: number
  no: number
  n: number
  step0: number
  step1: number
  t0: number
  t1: number
  flags: number
  axis: number | null
  data: Buffer
}

/** The points of a run, tail over blocks. */
export async function readStored(sql: Sql, runId: number): Promise<Stored> {
  const { stored } = await readSealed(sql, runId, SEAL_LIMITS, false)
  const rows = await sql<
    { stream: number; seq: number; attempt: number | null; at: number; data: Buffer; dead: boolean }[]
  >`
    select t.stream, t.seq, s.attempt, extract(epoch from t.received_at)::float8 * 1000 as at, t.data,
      coalesce(s.sealed @> t.seq, false) as dead
    from metric_tail t left join metric_stream s on s.run_id = t.run_id and s.stream = t.stream
    where t.run_id = ${runId} order by t.stream, t.seq`
  for (const row of rows) {
    if (row.dead) continue
    scanBatch(row.data, null, (metric, steps, times, values) => {
      const key = `${row.attempt ?? -row.stream}:${metric}`
      const points = stored.get(key) ?? new Map<number, StoredPoint>()
      stored.set(key, points)
      for (let i = 0; i < steps.length; i++) {
        const step = steps[i] as number
        points.set(step, { step, time: times ? (times[i] as number) : Math.round(row.at), value: values[i] as number })
      }
    })
  }
  return stored
}

/**
 * What is wrong with the blocks of a run: each sentence is a promise that is broken.
 *
 * @param limits those of the seals that wrote them
 */
export async function findFaults(sql: Sql, runId: number, limits: SealLimits = SEAL_LIMITS): Promise<string[]> {
  return (await readSealed(sql, runId, limits, true)).faults
}

async function readSealed(
  sql: Sql,
  runId: number,
  limits: SealLimits,
  isChecked: boolean,
): Promise<{ stored: Stored; faults: string[] }> {
  const rows = await sql<BlockRow[]>`
    select metric_id, attempt, level, no, n, step0, step1, t0, t1, flags, axis, data from metric_block
    where run_id = ${runId} order by metric_id, attempt, level, no`
  const faults: string[] = []
  const axes = new Map<string, Buffer>()
  for (const row of rows) if (row.metric_id === 0) axes.set(`${row.attempt}:${row.level}:${row.no}`, row.data)
  const used = new Set<string>()
  const axisOf = (row: BlockRow): Buffer | null => {
    if ((row.axis !== null) !== ((row.flags & BLOCK_FLAGS.sharedAxis) !== 0))
      faults.push(`${at(row)}: axis ${row.axis} does not go with flags ${row.flags}`)
    if (row.axis === null) return null
    const key = `${row.attempt}:${row.level}:${row.axis}`
    used.add(key)
    const axis = axes.get(key)
    if (!axis) faults.push(`${at(row)}: its axis ${key} is not there`)
    return axis ?? null
  }
  const series = new Map<string, BlockRow[]>()
  for (const row of rows) {
    if (row.metric_id === 0) continue
    const key = `${row.attempt}:${row.metric_id}`
    series.set(key, [...(series.get(key) ?? []), row])
  }
  const stored: Stored = new Map()
  for (const [key, blocks] of series) {
    const raw = blocks.filter((b) => b.level === 0)
    const points: Series[] = raw.map((row) => {
      const block = decodePointBlock(row.data, axisOf(row), true)
      return {
        steps: block.steps,
        times: block.times ?? new Float64Array(0),
        values: Float64Array.from(block.values),
      }
    })
    const all = new Map<number, StoredPoint>()
    let last = -1
    for (const [b, { steps, times, values }] of points.entries())
      for (let i = 0; i < steps.length; i++) {
        const step = steps[i] as number
        if (step <= last) faults.push(`${key} block ${b}: step ${step} behind ${last}`)
        last = step
        all.set(step, { step, time: times[i] as number, value: values[i] as number })
      }
    stored.set(key, all)
    if (isChecked) {
      checkHeads(key, raw, points, limits, faults)
      checkLevels(key, blocks, points, limits, axisOf, faults)
    }
  }
  if (isChecked) {
    for (const key of axes.keys()) if (!used.has(key)) faults.push(`axis ${key} is shared by no block`)
    await checkSeries(sql, runId, series, stored, limits, faults)
  }
  return { stored, faults }
}

const at = (row: BlockRow) => `${row.attempt}:${row.metric_id} level ${row.level} block ${row.no}`

function checkHeads(key: string, raw: BlockRow[], points: Series[], limits: SealLimits, faults: string[]): void {
  for (const [i, row] of raw.entries()) {
    const { steps, times, values } = points[i] as Series
    if (row.no !== i) faults.push(`${key}: block ${i} has number ${row.no}`)
    if (i < raw.length - 1 && row.n < limits.levelledMin)
      faults.push(`${at(row)}: short with ${row.n}, but not the last`)
    if (row.n > limits.blockPoints) faults.push(`${at(row)}: ${row.n} points are too many`)
    let nonFinite = 0
    for (const value of values) if (!Number.isFinite(value)) nonFinite |= flagOf(value)
    const wide = values.some((v) => !Number.isNaN(v) && Math.fround(v) !== v) ? BLOCK_FLAGS.wide : 0
    const told = [row.n, row.step0, row.step1, row.t0, row.t1, row.flags & 15]
    const true_ = [
      values.length,
      steps[0],
      steps[steps.length - 1],
      times.reduce((a, b) => Math.min(a, b)),
      times.reduce((a, b) => Math.max(a, b)),
      nonFinite | wide,
    ]
    if (told.join() !== true_.join()) faults.push(`${at(row)}: told ${told}, is ${true_}`)
  }
}

/** Every level has all of its blocks and no other, and its buckets are those of the points below. */
function checkLevels(
  key: string,
  blocks: BlockRow[],
  points: Series[],
  limits: SealLimits,
  axisOf: (row: BlockRow) => Buffer | null,
  faults: string[],
): void {
  const levelled = points.filter((p) => p.steps.length >= limits.levelledMin)
  let below: Level[] = levelled.map(levelOfPoints)
  let wide = levelled.map((p) => p.values.some((v) => !Number.isNaN(v) && Math.fround(v) !== v))
  for (let level = 1; ; level++) {
    const mine = blocks.filter((b) => b.level === level)
    if (mine.map((b) => b.no).join() !== below.map((_, i) => i).join())
      faults.push(`${key}: level ${level} has blocks ${mine.map((b) => b.no)}, not 0 … ${below.length - 1}`)
    for (const [i, row] of mine.entries()) {
      const want = below[i]
      const got = decodeLevelBlock(row.data, axisOf(row), true)
      if (!want) continue
      const round = wide[i] ? (v: number) => v : Math.fround
      const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
        [...Array.from(a)].join() === [...Array.from(b)].join()
      if (row.n !== want.steps.length) faults.push(`${at(row)}: ${row.n} buckets, not ${want.steps.length}`)
      if (!same(got.steps, want.steps)) faults.push(`${at(row)}: other steps`)
      if (!same(got.times ?? [], want.times ?? [])) faults.push(`${at(row)}: other times`)
      if (!same(got.counts, want.counts)) faults.push(`${at(row)}: other counts`)
      if (!same(got.finite ?? got.counts, want.finite ?? want.counts)) faults.push(`${at(row)}: other finite counts`)
      if (!same(got.flags ?? [], want.flags ?? [])) faults.push(`${at(row)}: other flags`)
      if (!same(got.min, [...want.min].map(round))) faults.push(`${at(row)}: other minima`)
      if (!same(got.max, [...want.max].map(round))) faults.push(`${at(row)}: other maxima`)
      for (let b = 0; b < want.mean.length; b++) {
        const [m, w] = [got.mean[b] as number, want.mean[b] as number]
        const scale = Math.max(Math.abs(want.min[b] as number), Math.abs(want.max[b] as number))
        if (Number.isNaN(m) !== Number.isNaN(w) || Math.abs(m - w) > scale * 1e-5 + 1e-37)
          faults.push(`${at(row)}: mean ${m}, not ${w}`)
      }
    }
    const groups = Math.floor(below.length / 8)
    if (groups === 0) {
      if (blocks.some((b) => b.level > level)) faults.push(`${key}: a level above ${level}`)
      return
    }
    below = Array.from({ length: groups }, (_, g) => rollUp(below.slice(g * 8, g * 8 + 8)))
    wide = Array.from({ length: groups }, (_, g) => wide.slice(g * 8, g * 8 + 8).some(Boolean))
  }
}

async function checkSeries(
  sql: Sql,
  runId: number,
  series: Map<string, BlockRow[]>,
  stored: Stored,
  limits: SealLimits,
  faults: string[],
): Promise<void> {
  const rows = await sql<Record<string, number>[]>`select * from metric_series where run_id = ${runId}`
  if (rows.length !== series.size) faults.push(`${rows.length} rows of metric_series for ${series.size} series`)
  for (const row of rows) {
    const key = `${row.attempt}:${row.metric_id}`
    const raw = (series.get(key) ?? []).filter((b) => b.level === 0)
    const points = [...(stored.get(key)?.values() ?? [])]
    const finite = points.filter((p) => Number.isFinite(p.value))
    const extreme = (isBetter: (a: number, b: number) => boolean) =>
      finite.reduce<StoredPoint | null>((best, p) => (!best || isBetter(p.value, best.value) ? p : best), null)
    const min = extreme((a, b) => a < b)
    const max = extreme((a, b) => a > b)
    const last = points[points.length - 1]
    const expected: Record<string, unknown> = {
      n: points.length,
      blocks: raw.length,
      levelled: raw.filter((b) => b.n >= limits.levelledMin).length,
      step0: points[0]?.step,
      step1: last?.step,
      t0: points.reduce((t, p) => Math.min(t, p.time), Number.POSITIVE_INFINITY),
      t1: points.reduce((t, p) => Math.max(t, p.time), 0),
      first_value: points[0]?.value,
      last_value: last?.value,
      last_t: last?.time,
      vmin: min?.value ?? null,
      vmin_step: min?.step ?? null,
      vmax: max?.value ?? null,
      vmax_step: max?.step ?? null,
    }
    for (const [column, value] of Object.entries(expected)) {
      const told = row[column]
      const isZero = (x: unknown) => x === 0
      if (!Object.is(told, value) && !(column.startsWith('v') && isZero(told) && isZero(value)))
        faults.push(`metric_series ${key}: ${column} is ${told}, not ${value}`)
    }
  }
}
