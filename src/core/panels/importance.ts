import type { CategoryColumn, Column, NumberColumn } from './column.ts'

/** How strongly a field goes along with a target, over the runs that have both. It tells an association, never a cause. */
export interface Association {
  field: string
  /** `rho`: |Spearman's ρ| of two numbers. `eta2`: η², the share of the target's variance that lies between categories. */
  measure: 'rho' | 'eta2'
  /** 0 to 1. */
  strength: number
  /** Of ρ: whether the target grows (1) or falls (−1) with the field; 0 for η² and where neither. */
  sign: -1 | 0 | 1
  /** Runs with both. */
  n: number
  /** Of η². */
  categories: number | null
  /** What shuffled values would give: the root mean square of ρ, 1/√(n−1), and the mean of η², (k−1)/(n−1). Both are exact. */
  byChance: number
}

/** A field about which nothing can be told. */
export interface NoAssociation {
  field: string
  why: string
}

export const ASSOCIATION_RUNS_MIN = 4

/**
 * The fields by how strongly each goes along with the target, the strongest first; those that tell nothing with the reason. ρ and η² are
 * different measures: a ρ of 0.5 explains a quarter of the ranks' variance.
 */
export function associations(
  fields: readonly { field: string; column: Column }[],
  target: NumberColumn,
): { told: Association[]; untold: NoAssociation[] } {
  const told: Association[] = []
  const untold: NoAssociation[] = []
  for (const { field, column } of fields) {
    const found = column.kind === 'number' ? ofNumbers(column, target) : ofCategories(column, target)
    if (typeof found === 'string') untold.push({ field, why: found })
    else told.push({ field, ...found })
  }
  told.sort((a, b) => b.strength - a.strength || a.field.localeCompare(b.field, 'en'))
  return { told, untold }
}

type Found = Omit<Association, 'field'> | string

function ofNumbers(column: NumberColumn, target: NumberColumn): Found {
  const { x, y } = pairs(column.values, target.values)
  const why = whyNothing(x, y)
  if (why !== null) return why
  const rho = pearson(averageRanks(x), averageRanks(y))
  return {
    measure: 'rho',
    strength: Math.min(1, Math.abs(rho)),
    sign: Math.abs(rho) < 1e-12 ? 0 : rho > 0 ? 1 : -1,
    n: x.length,
    categories: null,
    byChance: 1 / Math.sqrt(x.length - 1),
  }
}

function ofCategories(column: CategoryColumn, target: NumberColumn): Found {
  const { x, y } = pairs(column.values, target.values)
  const why = whyNothing(x, y)
  if (why !== null) return why
  const sums = new Map<number, { n: number; sum: number }>()
  x.forEach((category, i) => {
    const at = sums.get(category) ?? { n: 0, sum: 0 }
    sums.set(category, { n: at.n + 1, sum: at.sum + (y[i] as number) })
  })
  if (sums.size === x.length) return `each of ${x.length} runs has a value of its own`
  const mean = meanOf(y)
  const all = y.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const between = [...sums.values()].reduce((sum, group) => sum + group.n * (group.sum / group.n - mean) ** 2, 0)
  return {
    measure: 'eta2',
    strength: Math.max(0, Math.min(1, between / all)),
    sign: 0,
    n: x.length,
    categories: sums.size,
    byChance: (sums.size - 1) / (x.length - 1),
  }
}

function pairs(a: readonly (number | null)[], b: readonly (number | null)[]): { x: number[]; y: number[] } {
  const [x, y]: [number[], number[]] = [[], []]
  a.forEach((value, i) => {
    const other = b[i] ?? null
    if (value === null || other === null) return
    x.push(value)
    y.push(other)
  })
  return { x, y }
}

function whyNothing(x: readonly number[], y: readonly number[]): string | null {
  if (x.length < ASSOCIATION_RUNS_MIN)
    return `${x.length === 1 ? '1 run has' : `${x.length} runs have`} both values, ${ASSOCIATION_RUNS_MIN} are needed`
  if (isFlat(x)) return `the same in all ${x.length} runs`
  return isFlat(y) ? `the target is the same in all ${y.length} runs` : null
}

const isFlat = (values: readonly number[]): boolean => values.every((value) => value === values[0])

/** Ranks from 1 on; equal values share the mean of their ranks. */
function averageRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number))
  const ranks = new Array<number>(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++
    for (let i = from; i < to; i++) ranks[order[i] as number] = (from + to + 1) / 2
    from = to
  }
  return ranks
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function pearson(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [meanOf(x), meanOf(y)]
  let [xy, xx, yy] = [0, 0, 0]
  x.forEach((value, i) => {
    const [dx, dy] = [value - mx, (y[i] as number) - my]
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  })
  return xy / Math.sqrt(xx * yy)
}
