import { metricKey } from './metric-key.ts'
import type { PointGroup } from './packed-batch.ts'
import { readRows } from './read-rows.ts'
import { BatchShapeError, BatchSizeError, isStep, isTime, type ReadBatch, readValue, rejection } from './records.ts'

/**
 * Reads a batch from parsed JSON: `{"groups": [{"step": […], "t": […], "m": {"key": […]}}]}` or rows
 * `[{"key", "value", "step", "t"?}]`. A value is a finite number or one of three words; null is absent. A bad key, step, time or
 * value costs only its own records, which are named.
 *
 * @param pointsMax records, null and refused ones included
 * @throws BatchShapeError with a pointer, when arrays are missing or differ in length
 * @throws BatchSizeError
 */
export function readBatch(body: unknown, pointsMax: number): ReadBatch {
  if (Array.isArray(body)) {
    if (body.length > pointsMax) throw new BatchSizeError(body.length)
    return readRows(body)
  }
  const groups = isObject(body) ? body.groups : undefined
  if (!Array.isArray(groups))
    throw new BatchShapeError(
      '/groups',
      'The body must be {"groups": [{"step": […], "t": […], "m": {"key": […]}}]}, or an array of {"key", "value", "step"}.',
    )
  const read: ReadBatch = { groups: [], points: 0, rejected: [] }
  let records = 0
  groups.forEach((group: unknown, i) => {
    records += countRecords(group, i)
    if (records > pointsMax) throw new BatchSizeError(records)
    readGroup(group as RawGroup, read)
  })
  return read
}

interface RawGroup {
  step: unknown[]
  t?: unknown[] | null
  m: Record<string, unknown[]>
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Checks the shape of a group; how many records it has. */
function countRecords(group: unknown, i: number): number {
  if (!isObject(group)) throw new BatchShapeError(`/groups/${i}`, `Group ${i} must be an object with "step" and "m".`)
  const { step, t, m } = group
  if (!Array.isArray(step))
    throw new BatchShapeError(`/groups/${i}/step`, `"step" of group ${i} must be an array of integers.`)
  if (t !== undefined && t !== null && !(Array.isArray(t) && t.length === step.length))
    throw new BatchShapeError(
      `/groups/${i}/t`,
      `"t" of group ${i} must be an array of ${step.length} times in ms, one per step, or absent.`,
    )
  if (!isObject(m)) throw new BatchShapeError(`/groups/${i}/m`, `"m" of group ${i} must be an object of key → values.`)
  const keys = Object.keys(m)
  for (const key of keys) {
    const values = m[key]
    if (!Array.isArray(values) || values.length !== step.length)
      throw new BatchShapeError(
        `/groups/${i}/m/${pointerPart(key)}`,
        `The values of "${shown(key)}" in group ${i} must be an array of ${step.length} values, one per step; ${
          Array.isArray(values) ? `it has ${values.length}` : `it is ${JSON.stringify(values)?.slice(0, 40)}`
        }.`,
      )
  }
  return keys.length * step.length
}

function readGroup({ step, t, m }: RawGroup, into: ReadBatch): void {
  const n = step.length
  if (n === 0) return
  const steps = new Float64Array(n)
  const times = t ? new Float64Array(n) : null
  /** Per position: why no record there can be taken. */
  let badAxis: ('invalid_step' | 'invalid_time' | undefined)[] | null = null
  for (let at = 0; at < n; at++) {
    const value = step[at]
    if (isStep(value))
      steps[at] = value + 0 // JSON's -0 is step 0
    else {
      badAxis ??= new Array(n)
      badAxis[at] = 'invalid_step'
    }
    if (!times || !t) continue
    const time = t[at]
    if (isTime(time)) times[at] = Math.round(time)
    else {
      badAxis ??= new Array(n)
      badAxis[at] ??= 'invalid_time'
    }
  }
  const whole: PointGroup<string> = { steps, times, keys: [] }
  /** Keys that lack some positions, gathered by which: those that lack the same ones share a group again. */
  const partial = new Map<string, PointGroup<string>>()
  for (const name in m) {
    if (!Object.hasOwn(m, name)) continue
    const raw = m[name] as unknown[]
    const key = metricKey(name)
    if (key === null) {
      into.rejected.push({ key: name.slice(0, 300), reason: 'invalid_key' })
      continue
    }
    const values = new Float64Array(n)
    let absent: number[] | null = null
    for (let at = 0; at < n; at++) {
      const value = raw[at]
      if (!badAxis?.[at] && typeof value === 'number' && value - value === 0) values[at] = value
      else {
        const read = badAxis?.[at] ?? readValue(value)
        if (typeof read === 'number') values[at] = read
        else {
          absent ??= []
          absent.push(at)
          if (read !== null && value !== null) into.rejected.push(rejection(key, read, step[at]))
        }
      }
    }
    if (!absent) {
      whole.keys.push({ key, values })
      into.points += n
    } else if (absent.length < n) {
      const signature = absent.join()
      let group = partial.get(signature)
      if (!group) {
        group = { steps: without(steps, absent), times: times && without(times, absent), keys: [] }
        partial.set(signature, group)
      }
      group.keys.push({ key, values: without(values, absent) })
      into.points += n - absent.length
    }
  }
  if (whole.keys.length > 0) into.groups.push(whole)
  into.groups.push(...partial.values())
}

function without(values: Float64Array, absent: readonly number[]): Float64Array {
  const kept = new Float64Array(values.length - absent.length)
  let to = 0
  let next = 0
  for (let at = 0; at < values.length; at++) {
    if (absent[next] === at) next++
    else kept[to++] = values[at] as number
  }
  return kept
}

const pointerPart = (key: string): string => shown(key).replaceAll('~', '~0').replaceAll('/', '~1')
const shown = (key: string): string => key.slice(0, 80)
