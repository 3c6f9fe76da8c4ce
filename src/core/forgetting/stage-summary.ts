import type { BenchmarkRole } from '../evaluations/benchmarks.ts'
import { groupBy } from '../lineage/group-by.ts'
import { isCovered, meanOf } from './coverage.ts'

/** One benchmark of a stage; all cells of a call are of one channel (normalised points, or nats or bits per byte). */
export interface SummaryCell {
  id: string
  category: string
  role: BenchmarkRole
  /** Change of utility against the reference; null: missing. */
  delta: number | null
  se: number | null
}

export interface RoleMean {
  /** Mean of signed changes, within categories first, then over categories. */
  mean: number
  /** sqrt(Σ w² se²); null when a cell has none. */
  se: number | null
}

export interface StageSummary {
  /** Null below 0.8 coverage, and for a role without cells. */
  retention: RoleMean | null
  safety: RoleMean | null
  target: RoleMean | null
  /** The retention benchmark with the lowest delta, at any coverage. */
  worstRetention: string | null
  /** Retention cells with a delta, of all retention cells. */
  used: number
  total: number
}

/**
 * What a stage did to what it should keep and to what it aims at. Signed: clipping at zero would turn noise into forgetting.
 * Safety is told apart and never averaged into ability. Missing cells are left out of the mean, never counted as 0.
 */
export function stageSummary(cells: readonly SummaryCell[]): StageSummary {
  const retention = cells.filter((cell) => cell.role === 'retention')
  const present = retention.filter(hasDelta)
  const worst = present.reduce<(typeof present)[number] | null>(
    (least, cell) => (!least || cell.delta < least.delta ? cell : least),
    null,
  )
  const of = (role: BenchmarkRole) => roleMean(cells.filter((cell) => cell.role === role))
  return {
    retention: of('retention'),
    safety: of('safety'),
    target: of('target'),
    worstRetention: worst?.id ?? null,
    used: present.length,
    total: retention.length,
  }
}

/** The mean of one role's cells, category first; null below 0.8 coverage. */
export function roleMean(cells: readonly Omit<SummaryCell, 'role'>[]): RoleMean | null {
  const present = cells.filter(hasDelta)
  if (!isCovered(present.length, cells.length)) return null
  const categories = [...groupBy(present, (cell) => cell.category).values()]
  const mean = meanOf(categories.map((members) => meanOf(members.map((cell) => cell.delta)) ?? 0))
  if (mean === null) return null
  const weighted = categories.flatMap((members) =>
    members.map(({ se }) => (se === null ? null : se / (categories.length * members.length))),
  )
  const known = weighted.filter((v) => v !== null)
  return { mean, se: known.length < weighted.length ? null : Math.hypot(...known) }
}

const hasDelta = <C extends { delta: number | null }>(cell: C): cell is C & { delta: number } => cell.delta !== null
