/** Changes between two checkpoints over all benchmarks, with roles, readings and budgets. */

import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { benjaminiHochberg } from '#src/core/evaluations/benjamini-hochberg.ts'
import { differingFields, differingSoftFields, tokenizerUnknown } from '#src/core/evaluations/comparable.ts'
import { type ChangeEstimate, changeBetween, type Measured } from '#src/core/evaluations/paired-change.ts'
import { couldNotShow, defaultTolerance, isBeyond, overBudget, readChange } from '#src/core/evaluations/read-change.ts'
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

/** A cell with the one it is compared with, before it becomes a view. */
export interface Pairing {
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
  const drafts = pairCells(ctx, comparison)
  const family = drafts.filter((d) => d.role !== 'target' && d.estimate && d.estimate.p !== null)
  const adjusted = benjaminiHochberg(family.map((d) => d.estimate?.p ?? 1))
  const changes = drafts.map((draft) => {
    const at = family.indexOf(draft)
    return changeOf(draft, at < 0 ? null : { p: adjusted[at] ?? 1, of: family.length })
  })
  return changes.sort(byImportance)
}

/** One pairing per benchmark measured on the checkpoint, in the order of its cells. */
export function pairCells(ctx: Context, comparison: Comparison): Pairing[] {
  const seen = new Set<number>()
  return comparison.after.flatMap((cell) => {
    if (seen.has(cell.row.benchmark_id)) return []
    seen.add(cell.row.benchmark_id)
    return [pairingOf(ctx, cell, comparison)]
  })
}

function pairingOf(ctx: Context, cell: Cell, { before, meanings, ancestral }: Comparison): Pairing {
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

/** Why no change can be told between two cells of one benchmark; null when one can. */
export function whyNotComparable(before: Cell, after: Cell): string | null {
  if (before.row.metric !== after.row.metric)
    return `another metric: ${before.row.metric} before, ${after.row.metric} now`
  const as = { metric: after.row.metric, kind: after.row.kind }
  if (tokenizerUnknown(before.row.protocol, after.row.protocol, as))
    return `${after.row.metric} counts per token, and the tokenizer is not known`
  const fields = differingFields(before.row.protocol, after.row.protocol, as)
  if (fields.length === 0) return null
  return `another protocol: ${fields.join(', ').replaceAll('_', ' ')} differ${fields.length === 1 ? 's' : ''}`
}

/** The change between two comparable cells; remembered, for items of complete evaluations never change. */
export function estimateOf(ctx: Context, before: Cell, after: Cell): ChangeEstimate {
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

function changeOf(draft: Pairing, adjusted: { p: number; of: number } | null): Change {
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
    se: estimate?.se ?? null,
    n: cell.row.n,
    paired_n: estimate?.pairedN ?? null,
    moved: estimate?.moved ?? null,
    detectable: estimate?.detectable ?? null,
    method: methodOf(draft, adjusted),
    reading: draft.obstacle?.reading ?? readChange(utility ?? 0, p),
    reason: draft.obstacle?.reason ?? null,
    beyond_interval: estimate !== null && isBeyond(estimate.low, estimate.high),
    tolerance,
    over_budget:
      estimate && tolerance !== null && utility !== null ? overBudget(utility, estimate, orientation, tolerance) : null,
  }
}

function methodOf({ cell, baseline, estimate, obstacle }: Pairing, adjusted: { of: number } | null): string {
  if (!estimate) return obstacle?.reason ?? ''
  const soft = baseline ? differingSoftFields(baseline.row.soft, cell.row.soft).join(', ').replaceAll('_', ' ') : ''
  const { change, p, detectable, method } = estimate
  const family = adjusted && adjusted.of > 1 ? `; p adjusted over ${adjusted.of} benchmarks` : ''
  const limit = couldNotShow(change, p, detectable)
    ? `; could not have shown less than ${Number(detectable?.toPrecision(2))}`
    : ''
  return method + family + limit + (soft && `; another ${soft}, which may explain a part of it`)
}

/** Targets first; then what should be kept, the worst first in multiples of what it may lose; then what cannot be compared. */
function byImportance(a: Change, b: Change): number {
  const rank = (c: Change) => (c.role === 'target' ? 0 : c.utility === null ? 2 : 1)
  return rank(a) - rank(b) || (rank(a) === 1 ? severity(a) - severity(b) : (b.utility ?? 0) - (a.utility ?? 0))
}

/** A change in multiples of its tolerance (of a point where there is none); negative is worse. */
export const severity = (change: Change): number => (change.utility ?? 0) / (change.tolerance || 0.01)
