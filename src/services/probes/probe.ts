/** A benchmark, or the items of it that carry one label, on both sides of a stage. */
import { onScale } from '#src/core/evaluations/on-scale.ts'
import { scoreInterval } from '#src/core/evaluations/score-interval.ts'
import { scoreOfItems } from '#src/core/evaluations/score-of-items.ts'
import type { Probed, ProbeScore } from '#src/protocol/probes.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { estimateOf, type Pairing } from '#src/services/evaluations/compare.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'

/** A pairing as a probe shows it. */
export const probeOf = (ctx: Context, { cell, baseline, obstacle }: Pairing): Probed =>
  probed(ctx, cell, obstacle === null ? baseline : null, obstacle?.reason ?? null)

/** The items with these ids of a pairing; null where the stage's cell has none of them. */
export function probePart(
  ctx: Context,
  { cell, baseline, obstacle }: Pairing,
  part: { name: string; ids: ReadonlySet<string> },
): Probed | null {
  const after = partOf(cell, part)
  if (!after) return null
  const before = baseline && obstacle === null ? partOf(baseline, part) : null
  return probed(ctx, after, before, before ? null : (obstacle?.reason ?? 'the baseline has no such items'))
}

function probed(ctx: Context, after: Cell, before: Cell | null, reason: string | null): Probed {
  const estimate = before && estimateOf(ctx, before, after)
  const { row } = after
  return {
    benchmark: viewBenchmark(row),
    scale: row.scale,
    after: scoreOf(after, row.scale),
    before: before && scoreOf(before, row.scale),
    change: estimate && { value: estimate.change, low: estimate.low, high: estimate.high, p: estimate.p },
    reason,
  }
}

/** On the scale of the new. */
function scoreOf({ row, score, interval }: Cell, scale: 1 | 100): ProbeScore {
  const to = <Value extends number | null>(value: Value) => onScale(value, row.scale, scale)
  return { score: to(score), low: to(interval.low), high: to(interval.high), n: row.n }
}

function partOf(cell: Cell, { name, ids }: { name: string; ids: ReadonlySet<string> }): Cell | null {
  const items = cell.items.filter((item) => ids.has(item.id))
  const { metric, scale } = cell.row
  const score = scoreOfItems(items, { metric, score: cell.score, scale })
  if (items.length === 0 || score === null) return null
  const n = new Set(items.map((item) => item.id)).size
  const row = { ...cell.row, n, n_items: items.length, n_clusters: null, stderr: null }
  const interval = scoreInterval({ ...row, score, nClusters: null }, items)
  return { ...cell, row, ids: `${cell.ids} ${name}`, score, items, interval }
}
