import { metricKey } from './metric-key.ts'
import type { PointGroup } from './packed-batch.ts'
import { BatchShapeError, isStep, isTime, type ReadBatch, readValue, rejection } from './records.ts'

/** Rows of one key, all with a time or all without; parallel arrays, `rows` their places in the body. */
interface Column {
  rows: number[]
  steps: number[]
  times: number[]
  values: number[]
}

/**
 * Regroups rows `{"key", "value", "step", "t"?}`: keys that were given for the same steps and times share a group. The order of one
 * key's rows is kept, so that the last write wins.
 *
 * @throws BatchShapeError when a row is no object or has no key
 */
export function readRows(rows: readonly unknown[]): ReadBatch {
  const read: ReadBatch = { groups: [], points: 0, rejected: [] }
  const columns = new Map<string, Column>()
  for (const [i, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new BatchShapeError(`/${i}`, `Row ${i} must be an object {"key", "value", "step"}.`)
    const { key: name, value: raw, step, t } = row as Record<string, unknown>
    if (typeof name !== 'string') throw new BatchShapeError(`/${i}/key`, `"key" of row ${i} must be a text.`)
    const key = metricKey(name)
    const hasTime = t !== undefined && t !== null
    const value = readValue(raw)
    if (key === null) read.rejected.push(rejection(name.slice(0, 300), 'invalid_key', step))
    else if (!isStep(step)) read.rejected.push(rejection(key, 'invalid_step', step))
    else if (hasTime && !isTime(t)) read.rejected.push(rejection(key, 'invalid_time', step))
    else if (value === 'invalid_value') read.rejected.push(rejection(key, value, step))
    else if (value !== null) {
      // Rows with and without a time cannot share an axis.
      const columnName = hasTime ? `t${key}` : `-${key}`
      let column = columns.get(columnName)
      if (!column) {
        column = { rows: [], steps: [], times: [], values: [] }
        columns.set(columnName, column)
      }
      column.rows.push(i)
      column.steps.push(step + 0)
      if (isTime(t)) column.times.push(Math.round(t))
      column.values.push(value)
      read.points++
    }
  }
  for (const [name, timed] of columns) {
    const untimed = name.startsWith('t') ? columns.get(`-${name.slice(1)}`) : undefined
    if (untimed) read.points -= keepLast(timed, untimed)
  }
  const byAxes = new Map<string, PointGroup<string>>()
  for (const [name, { steps, times, values }] of columns) {
    if (steps.length === 0) continue
    const axes = `${steps.join()};${times.join()}`
    let group = byAxes.get(axes)
    if (!group) {
      group = { steps: Float64Array.from(steps), times: times.length > 0 ? Float64Array.from(times) : null, keys: [] }
      byAxes.set(axes, group)
    }
    group.keys.push({ key: name.slice(1), values: Float64Array.from(values) })
  }
  read.groups.push(...byAxes.values())
  return read
}

/** Of a key with rows of both kinds, which become two groups, drops what a later row of the other kind replaces; answers how many. */
function keepLast(timed: Column, untimed: Column): number {
  const last = new Map<number, number>()
  for (const { rows, steps } of [timed, untimed])
    for (const [i, step] of steps.entries()) last.set(step, Math.max(rows[i] as number, last.get(step) ?? 0))
  let dropped = 0
  for (const column of [timed, untimed]) {
    const kept = column.rows.flatMap((row, i) => (last.get(column.steps[i] as number) === row ? [i] : []))
    dropped += column.rows.length - kept.length
    const pick = (values: number[]) => kept.map((i) => values[i] as number)
    column.steps = pick(column.steps)
    column.values = pick(column.values)
    if (column.times.length > 0) column.times = pick(column.times)
  }
  return dropped
}
