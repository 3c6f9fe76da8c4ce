/** Which rows of a matrix stand where: groups, order, slices, and what is left out. Pure. */
import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { besideTwins, twinLeaders } from '#src/core/evaluations/beside-twins.ts'
import { isFirstPart, type Parted, pairsTogether } from '#src/core/evaluations/paired-parts.ts'
import { ALPHA } from '#src/core/evaluations/read-change.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { changeSize, isCertain } from './cell-look.ts'
import { type MatrixModel, rowKey } from './matrix-model.ts'

export type Grouping = 'category' | 'role' | 'none'

export interface Arrangement {
  group: Grouping
  /** `benchmark`: losses first, then by category and name; `worst`: by the worst change of the row, or of one column by its key. */
  sort: 'benchmark' | 'worst' | { column: string }
  /** Leaves out benchmarks without any certain change. */
  onlyCertain: boolean
  /** Slugs of benchmarks whose slices are shown. */
  open: ReadonlySet<string>
  /** Names of groups that stand as one row each. */
  folded: ReadonlySet<string>
}

export type Entry =
  | {
      kind: 'group'
      key: string
      /** In addresses. */
      name: string
      label: string
      /** Its benchmarks, without slices. */
      rows: readonly number[]
      /** Then it stands for its rows: each cell is that of the member that lost most there. */
      isFolded: boolean
    }
  | {
      kind: 'row'
      key: string
      row: number
      isSlice: boolean
      slices: number
      isOpen: boolean
      /** Name of the safety benchmark above, whose over-refusal twin this is. */
      twinOf: string | null
    }

/** Whether an entry shows cells: a row, or a folded group. */
export const hasCells = (entry: Entry): boolean => entry.kind === 'row' || entry.isFolded

export interface Arranged {
  entries: readonly Entry[]
  /** Benchmarks that are left out. */
  hidden: number
}

const ROLE_ORDER = ['target', 'safety', 'retention', 'none'] as const
const ROLE_WORDS: Readonly<Record<(typeof ROLE_ORDER)[number], string>> = {
  target: 'Target of a stage',
  safety: 'Safety',
  retention: 'To be kept',
  none: 'First measured here',
}

/** The worst change of a row in steps of its own scale, over all columns or one; positive where nothing was lost. */
export function worstOf(model: MatrixModel, row: number, column: number | null = null): number {
  const benchmark = model.rows[row]?.benchmark
  if (!benchmark) return Number.POSITIVE_INFINITY
  let worst = Number.POSITIVE_INFINITY
  const [from, to] = column === null ? [0, model.columns.length] : [column, column + 1]
  for (let at = from; at < to; at++) {
    const cell = model.cellAt(row, at)
    if (!cell || cell.utility === null) continue
    const size = Math.sign(cell.utility) * changeSize(cell, benchmark)
    // What is certain comes before what is larger but may be noise.
    const rank = isCertain(cell) && size < 0 ? size - 100 : size
    if (rank < worst) worst = rank
  }
  return worst
}

/**
 * The member of a group that lost most in a column, what is certain before what may be noise; where nothing can be compared the first
 * that was measured, null where none was. Scores of different kinds are never averaged: a group shows one of its members.
 */
export function worstMember(model: MatrixModel, rows: readonly number[], column: number): number | null {
  let worst: { row: number; rank: number } | null = null
  for (const row of rows) {
    if (!model.cellAt(row, column)) continue
    const rank = worstOf(model, row, column)
    if (!worst || rank < worst.rank) worst = { row, rank }
  }
  return worst?.row ?? null
}

/** Rows in their groups. A slice stands below its benchmark where that is open, or where it lost for certain what the mean hides. */
export function arrangeRows(model: MatrixModel, arrangement: Arrangement): Arranged {
  const slicesOf = new Map<string, number[]>()
  const whole: number[] = []
  model.rows.forEach((row, i) => {
    if (!row.slice) whole.push(i)
    else slicesOf.set(row.benchmark.slug, [...(slicesOf.get(row.benchmark.slug) ?? []), i])
  })
  const shown = arrangement.onlyCertain ? whole.filter((row) => hasCertain(model, row)) : whole
  const benchmarkOf = (row: number) => model.rows[row]?.benchmark ?? NO_BENCHMARK
  const ordered = pairsTogether(besideTwins(inOrder(model, shown, arrangement), benchmarkOf), benchmarkOf)
  const leaders = twinLeaders(ordered, benchmarkOf)
  const rowOfSlug = new Map(ordered.map((row) => [benchmarkOf(row).slug, row]))
  // A twin stands in the group of the benchmark that leads it.
  const leaderOf = (row: number): number | null => rowOfSlug.get(leaders.get(benchmarkOf(row).slug) ?? '') ?? null
  // So does the second side of a task; what a benchmark means to a stage is each side's own.
  const besideOf = (row: number): number | null => {
    const { part, pair } = benchmarkOf(row)
    if (arrangement.group !== 'category' || part === undefined || pair === undefined || isFirstPart(part)) return null
    const first = rowOfSlug.get(pair)
    return first !== undefined && benchmarkOf(first).pair === benchmarkOf(row).slug ? first : null
  }
  const groups = groupsOf(model, ordered, arrangement.group, (row) => leaderOf(row) ?? besideOf(row))
  const entries = groups.flatMap(({ group, rows }): Entry[] => {
    const isFolded = group !== null && arrangement.folded.has(group.name)
    return [
      ...(group === null ? [] : [{ kind: 'group' as const, key: `group ${group.name}`, ...group, rows, isFolded }]),
      ...(isFolded ? [] : rows).flatMap((row) => {
        const leader = leaderOf(row)
        return withSlices(model, row, slicesOf, arrangement.open, leader === null ? null : benchmarkOf(leader).name)
      }),
    ]
  })
  return { entries, hidden: whole.length - shown.length }
}

const NO_BENCHMARK: Parted & { twin: string | null; name: string; category: string } = {
  slug: '',
  twin: null,
  name: '',
  category: '',
}

function withSlices(
  model: MatrixModel,
  row: number,
  slicesOf: ReadonlyMap<string, readonly number[]>,
  open: ReadonlySet<string>,
  twinOf: string | null,
): Entry[] {
  const own = model.rows[row]
  if (!own) return []
  const slices = slicesOf.get(own.benchmark.slug) ?? []
  const isOpen = open.has(own.benchmark.slug)
  const shown = isOpen ? slices : slices.filter((slice) => hidesLoss(model, row, slice, slices.length))
  return [
    { kind: 'row', key: rowKey(own), row, isSlice: false, slices: slices.length, isOpen, twinOf },
    ...shown.flatMap((slice): Entry[] => {
      const part = model.rows[slice]
      return part
        ? [{ kind: 'row', key: rowKey(part), row: slice, isSlice: true, slices: 0, isOpen: false, twinOf: null }]
        : []
    }),
  ]
}

/**
 * True when a slice lost for certain in a column where its benchmark did not. One of many slices has a small p by chance, so p counts
 * times their number (Bonferroni).
 */
export function hidesLoss(model: MatrixModel, benchmark: number, slice: number, slices: number): boolean {
  for (let column = 0; column < model.columns.length; column++) {
    const part = model.cellAt(slice, column)
    if (part?.state !== 'forgot' || (part.p ?? 1) * slices >= ALPHA) continue
    if (model.cellAt(benchmark, column)?.state !== 'forgot') return true
  }
  return false
}

function hasCertain(model: MatrixModel, row: number): boolean {
  for (let column = 0; column < model.columns.length; column++) if (isCertain(model.cellAt(row, column))) return true
  return false
}

function inOrder(model: MatrixModel, rows: readonly number[], { sort }: Arrangement): readonly number[] {
  if (sort === 'benchmark') return rows
  const column = sort === 'worst' ? null : model.columns.findIndex((head) => head?.key === sort.column)
  if (column === -1) return rows
  const worst = new Map(rows.map((row) => [row, worstOf(model, row, column)]))
  const rank = (row: number) => worst.get(row) ?? Number.POSITIVE_INFINITY
  return [...rows].sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)))
}

function groupsOf(
  model: MatrixModel,
  rows: readonly number[],
  group: Grouping,
  leaderOf: (row: number) => number | null,
): { group: { name: string; label: string } | null; rows: readonly number[] }[] {
  if (group === 'none') return [{ group: null, rows }]
  if (group === 'category')
    return [...groupBy(rows, (row) => model.rows[leaderOf(row) ?? row]?.benchmark.category ?? '')].map(
      ([category, members]) => ({
        group: { name: category === '' ? 'none' : category, label: categoryWord(category) },
        rows: members,
      }),
    )
  const byRole = groupBy(rows, (row) => rowRole(model, leaderOf(row) ?? row) ?? 'none')
  return ROLE_ORDER.flatMap((role) => {
    const members = byRole.get(role)
    return members ? [{ group: { name: role, label: ROLE_WORDS[role] }, rows: members }] : []
  })
}

/** What a benchmark is to the stages shown: a target where it is one to any of them. */
function rowRole(model: MatrixModel, row: number): BenchmarkRole | null {
  const roles = new Set<BenchmarkRole>()
  for (let column = 0; column < model.columns.length; column++) {
    const role = model.cellAt(row, column)?.role
    if (role) roles.add(role)
  }
  return roles.has('target') ? 'target' : roles.has('safety') ? 'safety' : roles.has('retention') ? 'retention' : null
}

const categoryWord = (category: string): string =>
  category === '' ? 'Not grouped' : category.charAt(0).toUpperCase() + category.slice(1)
