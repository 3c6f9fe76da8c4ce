/** Differences of one checkpoint against a reference, over all of its benchmarks, in units that can share an axis. */
import { lossUnit } from '#src/core/evaluations/loss-units.ts'
import type { ChangeEstimate } from '#src/core/evaluations/paired-change.ts'
import { minimumDetectable } from '#src/core/evaluations/power.ts'
import {
  asUtility,
  type Counting,
  channelOf,
  commonUnit,
  DEFAULT_MARGIN,
  inCommonUnit,
  toleranceInUnit,
  type UnitChange,
} from '#src/core/forgetting/common-unit.ts'
import { type StateCell, states } from '#src/core/forgetting/states.ts'
import type { Difference, Differences, DifferencesQuery } from '#src/protocol/differences.ts'
import type { Context } from '#src/services/context.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { type ChosenColumns, chooseColumns } from './matrix/choose-columns.ts'
import type { ComparedCell } from './matrix/compare-column.ts'
import { pointOf } from './matrix/get.ts'
import { differingOf } from './matrix/get-cell.ts'
import type { HeldCell } from './matrix/held-cells.ts'
import { type OpenColumn, openColumn } from './matrix/open-cell.ts'
import { viewBenchmark } from './view.ts'

export type DifferencesInput = DifferencesQuery & { workspace?: string | undefined; project: string }

/** A comparable cell with its change in a common unit. */
interface Draft {
  cell: ComparedCell & { before: HeldCell; estimate: ChangeEstimate }
  change: UnitChange
  counting: Counting
  before: number
  margin: number | null
}

/**
 * Every benchmark of a checkpoint against the reference: the difference with its own interval (paired where items are shared), p as it
 * is and adjusted over the family, counts of gains and losses, what could have been detected; and what cannot be compared.
 *
 * @throws Refusal `not_found` for a project or checkpoint that is not there, `forbidden`
 */
export async function getDifferences(ctx: Context, input: DifferencesInput): Promise<Differences> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const asked = { baseline: input.baseline, correction: input.correction, family: input.family }
  const path = await chooseColumns(ctx, scope, project.slug, { set: 'path', siblings: 'none' })
  const pickers = pickersOf(path)
  const checkpoint = input.checkpoint ?? path.columns.findLast((column) => column.checkpoint)?.checkpoint?.uid
  if (checkpoint === undefined) return { of: null, ...asked, family_size: 0, rows: [], apart: [], ...pickers }
  const open = await openColumn(ctx, { ...input, checkpoint })
  const drafts: Draft[] = []
  const apart: Differences['apart'] = []
  for (const cell of open.column.cells) {
    const draft = draftOf(cell, input.margin)
    if (draft) drafts.push(draft)
    else apart.push(apartOf(open, cell))
  }
  const family = drafts.filter((draft) => isOfFamily(draft, input.family))
  const end = open.chosen.ends.get(open.checkpoint.experiment_id)
  return {
    of: end ? { experiment: refOf(end), checkpoint: pointOf(open.checkpoint), variant: input.variant } : null,
    ...asked,
    family_size: family.length,
    rows: viewRows(open, drafts, family, input),
    apart,
    ...pickers,
  }
}

/** The change of a cell in its common unit; null for what has none. */
function draftOf(cell: ComparedCell, points: number | undefined): Draft | null {
  const { estimate, before, benchmark, after } = cell
  if (!estimate || !before) return null
  const { kind, orientation, chance, best, margin } = benchmark
  const { metric, scale } = after.row
  const counting: Counting = { kind, metric, orientation, scale, chance, best, margin }
  const score = (before.score * scale) / before.row.scale
  const unit = commonUnit(counting)
  const raw = { ...estimate, before: score }
  const change = unit === null ? asUtility(orientation, 1, raw) : inCommonUnit(counting, raw)
  if (!change) return null
  const own = margin === null ? unit && DEFAULT_MARGIN[unit] : toleranceInUnit(counting, margin, score)
  return {
    cell: { ...cell, before, estimate },
    change,
    counting,
    before: score,
    margin: unit === 'points' && points !== undefined ? points : own,
  }
}

/** A change over several stages is not the doing of this one: it stands outside of what the stage should keep. */
const isOfFamily = ({ cell }: Draft, family: DifferencesQuery['family']): boolean =>
  cell.estimate.p !== null &&
  (family === 'all' || ((cell.role === 'retention' || cell.role === 'safety') && (cell.stagesBack ?? 1) === 1))

function viewRows(
  open: OpenColumn,
  drafts: readonly Draft[],
  family: readonly Draft[],
  { correction }: DifferencesQuery,
): Difference[] {
  const inFamily = states(family.map(stateCellOf), { correction })
  const statedOf = new Map(family.map((draft, i) => [draft, inFamily[i]]))
  return drafts.flatMap((draft) => {
    const { cell, change, counting, before, margin } = draft
    const { benchmark, role, after, estimate, stagesBack } = cell
    const stated = statedOf.get(draft) ?? states([stateCellOf(draft)])[0]
    const at = open.column.checkpoints.get(cell.before.row.checkpoint_id)
    const end = at && open.chosen.ends.get(at.experiment_id)
    if (!stated || !at || !end) return []
    return [
      {
        benchmark: viewBenchmark(benchmark),
        role,
        metric: counting.metric,
        unit: commonUnit(counting),
        before,
        after: after.score,
        change: estimate.change,
        ...change,
        p: estimate.p,
        p_adjusted: statedOf.has(draft) ? stated.pAdjusted : null,
        state: estimate.p === null || stated.state === 'not_comparable' ? ('no_interval' as const) : stated.state,
        below_margin: stated.belowMargin,
        margin,
        detectable: detectableOf(draft),
        moved: estimate.moved,
        n: after.row.n,
        paired_n: estimate.pairedN,
        method: estimate.method,
        against: { experiment: refOf(end), checkpoint: pointOf(at) },
        stages_back: stagesBack,
      },
    ]
  })
}

const stateCellOf = ({ cell, change, counting, margin }: Draft): StateCell => {
  const unit = commonUnit(counting)
  return {
    id: cell.benchmark.slug,
    delta: change.delta,
    se: change.se,
    p: cell.estimate.p,
    margin,
    channel: unit === null ? 'loss' : channelOf(unit),
  }
}

/** In the unit of the change; a perplexity's follows from its error in nats. */
function detectableOf({ cell, change, counting }: Draft): number | null {
  const { detectable } = cell.estimate
  if (detectable === null) return null
  if (counting.kind === 'loss' && lossUnit(counting.metric) === 'perplexity')
    return change.se === null ? null : minimumDetectable(change.se)
  return commonUnit(counting) === 'points' ? (detectable * 100) / counting.scale : detectable
}

function apartOf(open: OpenColumn, cell: ComparedCell): Differences['apart'][number] {
  const { obstacle, estimate } = cell
  return {
    benchmark: viewBenchmark(cell.benchmark),
    state: obstacle?.state ?? (estimate ? 'not_comparable' : 'no_baseline'),
    reason: obstacle?.reason ?? (estimate ? 'a perplexity of 0 has no logarithm' : 'there is nothing before it'),
    differing: differingOf({ column: open.column, cell }),
  }
}

function pickersOf({ stages, measured, of, ends }: ChosenColumns): Pick<Differences, 'stages' | 'measured'> {
  return {
    stages,
    measured: measured.flatMap((checkpoint) => {
      const end = ends.get(checkpoint.experiment_id)
      const of_stage = of.get(checkpoint.experiment_id)?.id === checkpoint.id
      return end ? [{ experiment: end.number, checkpoint: pointOf(checkpoint), of_stage }] : []
    }),
  }
}
