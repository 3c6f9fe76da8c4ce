/** The rows of a table in the order of the screen, without listing them: runs, and the rows of their groups. */

/** A group of runs, as the plan needs it. */
export interface PlannedGroup<G> {
  group: G
  /** Runs in it. */
  count: number
  isOpen: boolean
  /** Groups inside it; null where it holds runs. */
  inside: readonly PlannedGroup<G>[] | null
}

export type PlannedRow<G> =
  | { kind: 'group'; group: G; depth: number }
  /** The run at `offset` of its group, of all runs where there are no groups. */
  | { kind: 'run'; group: G | null; depth: number; offset: number }

export interface RowPlan<G> {
  total: number
  /** The row at a place; null beyond the end. */
  at: (place: number) => PlannedRow<G> | null
  /** The runs of one group between two places, both included: which group, from which offset, to which. */
  runsBetween: (from: number, to: number) => { group: G | null; from: number; to: number }[]
  /** The group row above a place that belongs to it; null where there is none. */
  groupAbove: (place: number) => number | null
}

interface Stretch<G> {
  start: number
  length: number
  depth: number
  group: G | null
  isHead: boolean
  /** Place of the group row above; -1: none. */
  above: number
}

/** A table without groups. */
export const planRuns = <G>(count: number): RowPlan<G> =>
  planOf<G>([{ start: 0, length: count, depth: 0, group: null, isHead: false, above: -1 }])

/** A table of groups; those that are closed hide what is in them. */
export function planGroups<G>(groups: readonly PlannedGroup<G>[]): RowPlan<G> {
  const stretches: Stretch<G>[] = []
  let start = 0
  const add = (length: number, rest: Omit<Stretch<G>, 'start' | 'length'>) => {
    if (length > 0) stretches.push({ start, length, ...rest })
    start += length
  }
  const walk = (level: readonly PlannedGroup<G>[], depth: number, above: number) => {
    for (const { group, count, isOpen, inside } of level) {
      const place = start
      add(1, { depth, group, isHead: true, above })
      if (!isOpen) continue
      if (inside) walk(inside, depth + 1, place)
      else add(count, { depth: depth + 1, group, isHead: false, above: place })
    }
  }
  walk(groups, 0, -1)
  return planOf(stretches)
}

function planOf<G>(stretches: readonly Stretch<G>[]): RowPlan<G> {
  const last = stretches.at(-1)
  const total = last ? last.start + last.length : 0
  /** Place in `stretches` of the one that holds `place`. */
  const find = (place: number): number => {
    let [low, high] = [0, stretches.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((stretches[middle]?.start ?? 0) <= place) low = middle
      else high = middle - 1
    }
    return low
  }
  const holding = (place: number): Stretch<G> | null =>
    place < 0 || place >= total ? null : (stretches[find(place)] ?? null)
  return {
    total,
    at: (place) => {
      const stretch = holding(place)
      if (!stretch) return null
      const { group, depth, isHead, start } = stretch
      if (isHead && group !== null) return { kind: 'group', group, depth }
      return { kind: 'run', group, depth, offset: place - start }
    },
    runsBetween: (from, to) => {
      const found: { group: G | null; from: number; to: number }[] = []
      if (total === 0) return found
      for (let i = find(Math.max(0, from)); i < stretches.length; i++) {
        const stretch = stretches[i]
        if (!stretch || stretch.start > to) break
        if (stretch.isHead) continue
        found.push({
          group: stretch.group,
          from: Math.max(0, from - stretch.start),
          to: Math.min(stretch.length - 1, to - stretch.start),
        })
      }
      return found
    },
    groupAbove: (place) => {
      const above = holding(place)?.above ?? -1
      return above < 0 ? null : above
    },
  }
}
