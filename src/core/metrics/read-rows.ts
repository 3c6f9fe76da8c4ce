import { metricKey } from './metric-key.ts'
import type { PointGroup } from './packed-batch.ts'
import { BatchShapeError, isStep, isTime, type ReadBatch, readValue, rejection } from './records.ts'

/**
 * Regroups rows `{"key", "value", "step", "t"?}`: keys that were given for the same steps and times share a group. The order of one
 * key's rows is kept, so that the last write wins.
 *
 * @throws BatchShapeError when a row is no object or has no key
 */
export function readRows(rows: readonly unknown[]): ReadBatch {
  const read: ReadBatch = { groups: [], points: 0, rejected: [] }
  const columns = new Map<string, { steps: number[]; times: number[]; values: number[] }>()
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
        column = { steps: [], times: [], values: [] }
        columns.set(columnName, column)
      }
      column.steps.push(step + 0)
      if (isTime(t)) column.times.push(Math.round(t))
      column.values.push(value)
      read.points++
    }
  }
  const byAxes = new Map<string, PointGroup<string>>()
  for (const [name, { steps, times, values }] of columns) {
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
