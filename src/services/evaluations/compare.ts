/** Changes between two checkpoints over all benchmarks, with roles, readings and budgets. */

import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { benjaminiHochberg } from '#src/core/evaluations/benjamini-hochberg.ts'
import { differingFields } from '#src/core/evaluations/comparable.ts'
import { type ChangeEstimate, changeBetween, type Measured } from '#src/core/evaluations/paired-change.ts'
import { defaultTolerance, isBeyond, overBudget, readChange } from '#src/core/evaluations/read-change.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { Context, Services } from '#src/services/context.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { Cell } from './cells.ts'
import { viewBenchmark } from './view.ts'

/** What somebody said a benchmark means to a stage. */
export interface Meaning {
  role: BenchmarkRole | null
  tolerance: number | null
}

export interface Comparison {
  /** Cells of the checkpoint, the newest first. */
  after: readonly Cell[]
  /** Cells of the baseline; null: there is no checkpoint to compare with. */
  before: readonly Cell[] | null
  /** By benchmark id. */
  meanings: ReadonlyMap<number, Meaning>
  /** Benchmarks on which some weight ancestor was measured. */
  ancestral: ReadonlySet<number>
}

interface Draft {
  cell: Cell
  baseline: Cell | null
  role: BenchmarkRole | null
  tolerance: number | null
  estimate: ChangeEstimate | null
  obstacle: { reading: 'not_comparable' | 'missing_baseline'; reason: string } | null
}

const COMPARISONS_MAX = 20_000
const estimates = new WeakMap<Services, BoundedCache<string, ChangeEstimate>>()

/** One change per benchmark measured on the checkpoint: targets first, then the worst first. */
export function compareCells(ctx: Context, comparison: Comparison): Change[] {
  const seen = new Set<number>()
  const drafts = comparison.after.flatMap((cell) => {
    if (seen.has(cell.row.benchmark_id)) return []
    seen.add(cell.row.benchmark_id)
    return [draftOf(ctx, cell, comparison)]
  })
  const family = drafts.filter((d) => d.role !== 'target' && d.estimate && d.estimate.p !== null)
  const adjusted = benjaminiHochberg(family.map((d) => d.estimate?.p ?? 1))
  const changes = drafts.map((draft) => {
    const at = family.indexOf(draft)
    return changeOf(draft, at < 0 ? null : { p: adjusted[at] ?? 1, of: family.length })
  })
  return changes.sort(byImportance)
}

function draftOf(ctx: Context, cell: Cell, { before, meanings, ancestral }: Comparison): Draft {
  const { row } = cell
  const meaning = meanings.get(row.benchmark_id)
  const role =
    meaning?.role ??
    (row.category === 'safety' ? 'safety' : ancestral.has(row.benchmark_id) ? ('retention' as const) : null)
  const kept = role === 'target' ? null : defaultTolerance(role, row.kind, row.scale)
  const draft = { cell, role, tolerance: role === 'target' ? null : (meaning?.tolerance ?? kept) }
  const candidates = (before ?? []).filter((c) => c.row.benchmark_id === row.benchmark_id)
  const baseline =
    candidates.find((c) => c.row.metric === row.metric && c.row.fingerprint === row.fingerprint) ??
    candidates[0] ??
    null
  if (!baseline) {
    const reason = before === null ? 'there is nothing to compare with' : 'the baseline was not measured on it'
    return { ...draft, baseline, estimate: null, obstacle: { reading: 'missing_baseline', reason } }
  }
  const reason = whyNotComparable(baseline, cell)
  if (reason) return { ...draft, baseline, estimate: null, obstacle: { reading: 'not_comparable', reason } }
  return { ...draft, baseline, estimate: estimateOf(ctx, baseline, cell), obstacle: null }
}

function whyNotComparable(before: Cell, after: Cell): string | null {
  if (before.row.metric !== after.row.metric)
    return `another metric: ${before.row.metric} before, ${after.row.metric} now`
  if (before.row.fingerprint === after.row.fingerprint) return null
  const fields = differingFields(before.row.protocol, after.row.protocol)
  return `another protocol: ${fields.join(', ').replaceAll('_', ' ')} differ${fields.length === 1 ? 's' : ''}`
}

function estimateOf(ctx: Context, before: Cell, after: Cell): ChangeEstimate {
  const cache = estimates.get(ctx.services) ?? new BoundedCache<string, ChangeEstimate>(COMPARISONS_MAX)
  estimates.set(ctx.services, cache)
  const key = `${before.ids} ${after.ids}`
  const known = cache.get(key)
  if (known) return known
  const estimate = changeBetween(measuredOf(before), measuredOf(after))
  cache.set(key, estimate, 1)
  return estimate
}

const measuredOf = (cell: Cell): Measured => ({
  metric: cell.row.metric,
  score: cell.score,
  scale: cell.row.scale,
  se: cell.interval.se,
  items: cell.items,
})

function changeOf(draft: Draft, adjusted: { p: number; of: number } | null): Change {
  const { cell, baseline, estimate, tolerance, role } = draft
  const { orientation } = cell.row
  const p = adjusted?.p ?? estimate?.p ?? null
  const utility = estimate ? orientation * estimate.change || 0 : null
  return {
    benchmark: viewBenchmark(cell.row),
    role,
    value: cell.score,
    value_low: cell.interval.low,
    value_high: cell.interval.high,
    baseline: baseline?.score ?? null,
    baseline_low: baseline?.interval.low ?? null,
    baseline_high: baseline?.interval.high ?? null,
    change: estimate?.change ?? null,
    utility,
    low: estimate?.low ?? null,
    high: estimate?.high ?? null,
    p,
    n: cell.row.n,
    paired_n: estimate?.pairedN ?? null,
    method: methodOf(draft, adjusted),
    reading: draft.obstacle?.reading ?? readChange(utility ?? 0, p),
    reason: draft.obstacle?.reason ?? null,
    beyond_interval: estimate !== null && isBeyond(estimate.low, estimate.high),
    tolerance,
    over_budget:
      estimate && tolerance !== null && utility !== null ? overBudget(utility, estimate, orientation, tolerance) : null,
  }
}

function methodOf({ estimate, obstacle }: Draft, adjusted: { of: number } | null): string {
  if (!estimate) return obstacle?.reason ?? ''
  return adjusted && adjusted.of > 1 ? `${estimate.method}; p adjusted over ${adjusted.of} benchmarks` : estimate.method
}

/** Targets first; then what should be kept, the worst first in multiples of what it may lose; then what cannot be compared. */
function byImportance(a: Change, b: Change): number {
  const rank = (c: Change) => (c.role === 'target' ? 0 : c.utility === null ? 2 : 1)
  return rank(a) - rank(b) || (rank(a) === 1 ? severity(a) - severity(b) : (b.utility ?? 0) - (a.utility ?? 0))
}

/** A change in multiples of its tolerance (of a point where there is none); negative is worse. */
export const severity = (change: Change): number => (change.utility ?? 0) / (change.tolerance || 0.01)
