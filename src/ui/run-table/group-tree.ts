import type { RunState } from '#src/core/runs/states.ts'
import type { RunGroup } from '#src/protocol/runs-table.ts'
import type { CellValue } from './cell-words.ts'
import type { PlannedGroup } from './row-plan.ts'

/** What the runs of a group have in one column; what cannot be added up from groups inside is null. */
export interface GroupAggregate {
  n: number
  mean: number
  median: number | null
  min: number
  max: number
  sum: number
  sd: number | null
  best: { number: number; value: number } | null
}

/** A group row: of the inmost key as the server answered it, of outer keys the sum of what is in it. */
export interface TableGroup {
  /** The values down to this one as a text; unique. */
  path: string
  field: string
  value: CellValue
  count: number
  /** Place of its first run among all that match. */
  start: number
  states: Readonly<Partial<Record<RunState, number>>>
  /** By field. */
  aggregates: ReadonlyMap<string, GroupAggregate>
  /** Its best run in the first column that has a direction, and which column that is. */
  best: { number: number; value: number; field: string } | null
}

/** Groups nested by their keys, as rows are planned from them. `preferred`: the column whose best run is named, where it has one. */
export function groupTree(
  answered: readonly RunGroup[],
  keys: readonly string[],
  fields: readonly string[],
  closed: ReadonlySet<string>,
  preferred: string | null = null,
): PlannedGroup<TableGroup>[] {
  let start = 0
  const leaves = answered.map((group) => {
    const leaf = { group, start }
    start += group.count
    return leaf
  })
  const level = (inside: readonly { group: RunGroup; start: number }[], depth: number, above: string) => {
    const stretches: (typeof inside)[number][][] = []
    for (const leaf of inside) {
      const last = stretches.at(-1)
      if (last?.[0] && sameValue(last[0].group.values[depth], leaf.group.values[depth])) last.push(leaf)
      else stretches.push([leaf])
    }
    return stretches.map((stretch): PlannedGroup<TableGroup> => {
      const value = stretch[0]?.group.values[depth] ?? null
      const path = `${above}${above === '' ? '' : '/'}${encodeURIComponent(JSON.stringify(value))}`
      const isInmost = depth === keys.length - 1
      const aggregates = new Map(
        fields.flatMap((field, at) => {
          const added = together(stretch.flatMap((leaf) => leaf.group.numbers[at] ?? []))
          return added ? [[field, added] as const] : []
        }),
      )
      const group: TableGroup = {
        path,
        field: keys[depth] ?? '',
        value,
        count: stretch.reduce((count, leaf) => count + leaf.group.count, 0),
        start: stretch[0]?.start ?? 0,
        states: addedStates(stretch.map((leaf) => leaf.group.states)),
        aggregates,
        best: bestOf(aggregates, preferred),
      }
      return {
        group,
        count: group.count,
        isOpen: !closed.has(path),
        inside: isInmost ? null : level(stretch, depth + 1, path),
      }
    })
  }
  return level(leaves, 0, '')
}

const sameValue = (a: CellValue | undefined, b: CellValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

function addedStates(parts: readonly Partial<Record<RunState, number>>[]): Partial<Record<RunState, number>> {
  const all: Partial<Record<RunState, number>> = {}
  for (const part of parts)
    for (const [state, count] of Object.entries(part) as [RunState, number][]) all[state] = (all[state] ?? 0) + count
  return all
}

/** What several groups have together; null where none has a number. The mean is weighed by their counts. */
function together(parts: readonly GroupAggregate[]): GroupAggregate | null {
  const [only] = parts
  if (!only || parts.length === 1) return only ?? null
  const n = parts.reduce((count, part) => count + part.n, 0)
  const sum = parts.reduce((total, part) => total + part.sum, 0)
  const best = parts.flatMap((part) => part.best ?? [])
  const isLower = parts.some((part) => part.best !== null && part.best.value === part.min && part.min !== part.max)
  return {
    n,
    sum,
    mean: sum / n,
    median: null,
    min: Math.min(...parts.map((part) => part.min)),
    max: Math.max(...parts.map((part) => part.max)),
    sd: null,
    best: best.reduce<GroupAggregate['best']>(
      (found, one) => (found === null || (isLower ? one.value < found.value : one.value > found.value) ? one : found),
      null,
    ),
  }
}

function bestOf(aggregates: ReadonlyMap<string, GroupAggregate>, preferred: string | null): TableGroup['best'] {
  const fields = [...(preferred === null ? [] : [preferred]), ...aggregates.keys()]
  for (const field of fields) {
    const best = aggregates.get(field)?.best
    if (best) return { ...best, field }
  }
  return null
}
