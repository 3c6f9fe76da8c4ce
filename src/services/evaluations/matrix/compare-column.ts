/** One column of a matrix against its baseline: a state, a budget and a reason for every benchmark. */
import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { differingFields, type HardField, tokenizerUnknown } from '#src/core/evaluations/comparable.ts'
import type { MatrixBaseline } from '#src/core/evaluations/matrix-kinds.ts'
import type { ChangeEstimate } from '#src/core/evaluations/paired-change.ts'
import type { ProtocolFields } from '#src/core/evaluations/protocol.ts'
import { defaultTolerance } from '#src/core/evaluations/read-change.ts'
import { type BudgetVerdict, budget } from '#src/core/forgetting/budget.ts'
import { normalise, retentionRatio } from '#src/core/forgetting/normalise.ts'
import { type StatedCell, states } from '#src/core/forgetting/states.ts'
import type { MeasuredBenchmark, MeasuredCheckpoint } from '#src/db/queries/evaluations/list-measured.ts'
import type { MatrixState } from '#src/protocol/matrix.ts'
import type { Context } from '#src/services/context.ts'
import type { Meaning } from '../compare.ts'
import type { ChosenColumn } from './choose-columns.ts'
import { changeOf, type HeldCell, type HeldCheckpoint } from './held-cells.ts'

/** What a column is compared with. */
export type ColumnBaseline =
  | { kind: MatrixBaseline; above: { path: readonly number[]; root: number | null; all: readonly number[] } }
  /** One checkpoint, perhaps in a variant, for every column. */
  | { kind: 'chosen'; checkpoint: number }

export interface ColumnInput {
  checkpoint: number
  variant: string
  baseline: ColumnBaseline
  /** Checkpoints of weight ancestors: what was measured on one of them is to be kept. */
  ancestors: readonly number[]
  cells: ReadonlyMap<number, HeldCheckpoint>
  benchmarks: ReadonlyMap<number, MeasuredBenchmark>
  protocols: ReadonlyMap<number, { fields: ProtocolFields }>
  /** What somebody said a benchmark means to the stage, by benchmark id. */
  meanings: ReadonlyMap<number, Meaning>
}

/** A cell with what it is compared with, before any number is told. */
export interface PairedCell {
  benchmark: MeasuredBenchmark
  role: BenchmarkRole | null
  after: HeldCell
  before: HeldCell | null
  /** 1: the stage before; more: stages between were not measured. Null: not a question of stages. */
  stagesBack: number | null
  obstacle: { state: 'not_comparable' | 'no_baseline' | 'is_baseline'; reason: string; fields: HardField[] } | null
}

export interface ComparedCell extends PairedCell {
  estimate: ChangeEstimate | null
  stated: StatedCell | null
  state: MatrixState
  reason: string | null
  tolerance: number | null
  verdict: BudgetVerdict | null
  /** Benchmarks over which p was adjusted. */
  family: number
  /** A part of its items; null: all of them. */
  slice: { key: string; value: string } | null
}

/** A column with its cells told. */
export interface ComparedColumn {
  column: ChosenColumn
  cells: readonly ComparedCell[]
  protocols: ReadonlyMap<number, { fingerprint: string; name: string; fields: ProtocolFields }>
  /** The checkpoint that all of its cells are compared with; null: it has none, or it differs from cell to cell. */
  against: number | null
  checkpoints: ReadonlyMap<number, MeasuredCheckpoint>
}

/** A row as it is shown: a benchmark, or a slice of it. */
export interface ShownRow {
  benchmark: MeasuredBenchmark
  slice: { key: string; value: string } | null
}

/** The cell that stands for each benchmark of a checkpoint: under the benchmark's default protocol, else the newest. */
export function standingCells(
  cells: readonly HeldCell[],
  variant: string,
  benchmarks: ReadonlyMap<number, MeasuredBenchmark>,
): HeldCell[] {
  const chosen = new Map<number, HeldCell>()
  for (const cell of cells) {
    if (cell.row.variant !== variant) continue
    const known = chosen.get(cell.row.benchmark_id)
    const byDefault = benchmarks.get(cell.row.benchmark_id)?.default_protocol_id
    if (!known || (cell.row.protocol_id === byDefault && known.row.protocol_id !== byDefault))
      chosen.set(cell.row.benchmark_id, cell)
  }
  return [...chosen.values()]
}

/** Pairs the cells of a column with those of its baseline, one per benchmark. */
export function pairColumn(input: ColumnInput): PairedCell[] {
  const ancestral = new Set(input.ancestors.flatMap((id) => [...(input.cells.get(id)?.of.keys() ?? [])]))
  const own = standingCells(input.cells.get(input.checkpoint)?.all ?? [], input.variant, input.benchmarks)
  return own.flatMap((after) => {
    const benchmark = input.benchmarks.get(after.row.benchmark_id)
    if (!benchmark) return []
    const role = roleOf(input.meanings.get(benchmark.id), benchmark, ancestral.has(benchmark.id))
    const { before, stagesBack, obstacle } = baselineOf(input, benchmark, after)
    return [{ benchmark, role, after, before, stagesBack, obstacle }]
  })
}

const roleOf = (meaning: Meaning | undefined, benchmark: MeasuredBenchmark, isAncestral: boolean) =>
  meaning?.role ?? (benchmark.category === 'safety' ? 'safety' : isAncestral ? 'retention' : null)

type Baseline = Pick<PairedCell, 'before' | 'stagesBack' | 'obstacle'>

function baselineOf(input: ColumnInput, benchmark: MeasuredBenchmark, after: HeldCell): Baseline {
  const { baseline } = input
  if (baseline.kind === 'chosen')
    return against(input, benchmark, after, baseline.checkpoint, null) ?? NOT_MEASURED.chosen
  const { above } = baseline
  if (input.variant !== '') {
    const asItIs = against(input, benchmark, after, input.checkpoint, null)
    if (asItIs?.before) return asItIs
  }
  const [start] = above.path
  if (start === undefined) return NOT_MEASURED.first
  if (baseline.kind === 'root')
    return (above.root === null ? null : against(input, benchmark, after, above.root, null)) ?? NOT_MEASURED.root
  if (baseline.kind === 'best') return bestOf(input, benchmark, after, above.all) ?? NOT_MEASURED.before
  const direct = against(input, benchmark, after, start, 1)
  if (direct) return direct
  for (let i = 1; i < above.path.length; i++) {
    const found = against(input, benchmark, after, above.path[i] as number, i + 1)
    if (found?.obstacle === null) return found
  }
  return NOT_MEASURED.before
}

const nothing = (reason: string): Baseline => ({
  before: null,
  stagesBack: null,
  obstacle: { state: 'no_baseline', reason, fields: [] },
})

const NOT_MEASURED = {
  chosen: nothing('the baseline was not measured on it'),
  first: nothing('there is nothing before it'),
  root: nothing('the root was not measured on it'),
  before: nothing('no stage before was measured on it'),
}

/** A cell against one checkpoint: what can be compared with it, else what hinders it; null where the checkpoint was not measured on it. */
function against(
  input: ColumnInput,
  benchmark: MeasuredBenchmark,
  after: HeldCell,
  checkpoint: number,
  stagesBack: number | null,
): Baseline | null {
  if (checkpoint === input.checkpoint && input.variant === '')
    return { before: null, stagesBack, obstacle: { state: 'is_baseline', reason: 'it is the baseline', fields: [] } }
  let other: HeldCell | null = null
  for (const cell of input.cells.get(checkpoint)?.of.get(benchmark.id) ?? NONE) {
    if (cell.row.variant !== '' && input.baseline.kind !== 'chosen') continue
    if (obstacleOf(input, benchmark, cell, after) === null) return { before: cell, stagesBack, obstacle: null }
    other ??= cell
  }
  return other && { before: other, stagesBack, obstacle: obstacleOf(input, benchmark, other, after) }
}

const NONE: readonly HeldCell[] = []

/** The best weight ancestor under the same protocol; of equal ones the nearest. */
function bestOf(
  input: ColumnInput,
  benchmark: MeasuredBenchmark,
  after: HeldCell,
  ancestors: readonly number[],
): Baseline | null {
  let best: HeldCell | null = null
  let other: HeldCell | null = null
  for (const id of ancestors)
    for (const cell of input.cells.get(id)?.of.get(benchmark.id) ?? NONE) {
      if (cell.row.variant !== '') continue
      if (obstacleOf(input, benchmark, cell, after) !== null) other ??= cell
      else if (!best || benchmark.orientation * utilityScore(cell) > benchmark.orientation * utilityScore(best))
        best = cell
    }
  if (best) return { before: best, stagesBack: null, obstacle: null }
  return other && { before: other, stagesBack: null, obstacle: obstacleOf(input, benchmark, other, after) }
}

const utilityScore = (cell: HeldCell): number => cell.score / cell.row.scale

/** Why two cells cannot be compared; null when they can. */
function obstacleOf(
  input: ColumnInput,
  benchmark: MeasuredBenchmark,
  before: HeldCell,
  after: HeldCell,
): PairedCell['obstacle'] {
  if (before.row.metric !== after.row.metric)
    return refuse(`another metric: ${before.row.metric} before, ${after.row.metric} now`)
  const was = input.protocols.get(before.row.protocol_id)?.fields
  const is = input.protocols.get(after.row.protocol_id)?.fields
  if (!was || !is) return before.row.protocol_id === after.row.protocol_id ? null : refuse('another protocol')
  // A protocol differs from itself in nothing but a tokenizer that nobody knows.
  if (was === is && !tokenizerUnknown(was, is, { metric: after.row.metric, kind: benchmark.kind })) return null
  const as = {
    metric: after.row.metric,
    kind: benchmark.kind,
    ownPrompt: before.row.variant !== after.row.variant,
  }
  const fields = differingFields(was, is, as)
  if (fields.length === 0) return null
  if (before.row.protocol_id === after.row.protocol_id)
    return refuse('the tokenizer is not known, and the metric is counted per token', fields)
  return refuse(
    `another protocol: ${fields.join(', ').replaceAll('_', ' ')} ${fields.length === 1 ? 'differs' : 'differ'}`,
    fields,
  )
}

const refuse = (reason: string, fields: HardField[] = []) => ({ state: 'not_comparable' as const, reason, fields })

/** True when a state can be told from this pair. */
const isCompared = (cell: PairedCell): cell is PairedCell & { before: HeldCell } =>
  cell.obstacle === null && cell.before !== null

/**
 * States and budgets of a column. The family over which p is adjusted are its retention and safety benchmarks; targets, and changes
 * over several stages, which are not this stage's doing, stand outside.
 */
export function compareColumn(ctx: Context, input: ColumnInput, pairs: readonly PairedCell[]): ComparedCell[] {
  const drafts = pairs.map((pair) => ({
    pair,
    estimate: isCompared(pair) ? changeOf(ctx, pair.before, pair.after, pair.benchmark.kind) : null,
  }))
  const isKept = ({ pair }: (typeof drafts)[number]) =>
    (pair.role === 'retention' || pair.role === 'safety') && (pair.stagesBack ?? 1) === 1
  const kept = drafts.filter((draft) => draft.estimate && isKept(draft))
  const family = kept.filter((draft) => draft.estimate?.p !== null).length
  const inFamily = statesOf(kept)
  const statedOf = new Map(kept.map((draft, i) => [draft, inFamily[i]]))
  return drafts.map((draft) => {
    const { pair, estimate } = draft
    const stated = estimate ? (statedOf.get(draft) ?? statesOf([draft])[0] ?? null) : null
    const tolerance = toleranceOf(input, pair)
    // Named one by one: forty thousand copies of a pair cost more than all comparisons.
    return {
      benchmark: pair.benchmark,
      role: pair.role,
      after: pair.after,
      before: pair.before,
      stagesBack: pair.stagesBack,
      obstacle: pair.obstacle,
      estimate,
      stated,
      slice: null,
      state: stateOf(pair, estimate, stated),
      reason: pair.obstacle?.reason ?? (estimate?.p === null ? estimate.method : null),
      tolerance,
      verdict: verdictOf(pair, estimate, tolerance),
      family: statedOf.has(draft) ? family : 1,
    }
  })
}

type Draft = { pair: PairedCell; estimate: ChangeEstimate | null }

const statesOf = (drafts: readonly Draft[]): StatedCell[] =>
  states(
    drafts.map(({ pair, estimate }, i) => {
      const { benchmark, after, before } = pair
      const inPoints = benchmark.kind !== 'loss'
      const unit = inPoints ? 100 / after.row.scale : 1
      return {
        id: String(i),
        delta: estimate && utilityOf(benchmark, estimate.change) * unit,
        se: estimate?.se == null ? null : estimate.se * unit,
        p: estimate?.p ?? null,
        margin: marginOf(benchmark, after.row.scale) * unit,
        retention: before && ratioOf(benchmark, before, after),
        channel: inPoints ? ('points' as const) : ('loss' as const),
      }
    }),
  )

/** Orientation × change; a change of nothing has no sign. */
const utilityOf = (benchmark: MeasuredBenchmark, change: number): number => benchmark.orientation * change || 0

/** The largest change that counts as none, in the cell's own scale; next to nothing where no scale is known. */
const marginOf = (benchmark: MeasuredBenchmark, scale: 1 | 100): number =>
  benchmark.margin ?? defaultTolerance('retention', benchmark.kind, scale) ?? Number.MIN_VALUE

/** ρ: how much of what the baseline could do above chance is left; null where it is not defined. */
function ratioOf(benchmark: MeasuredBenchmark, before: HeldCell, after: HeldCell): number | null {
  if (benchmark.kind !== 'accuracy' && benchmark.kind !== 'rate') return null
  const higher = benchmark.orientation === 1
  const chance = benchmark.chance ?? (higher ? 0 : null)
  const best = benchmark.best ?? (higher ? 1 : 0)
  if (chance === null || chance === best) return null
  const ends = { chance, best }
  return retentionRatio(
    normalise(after.score / after.row.scale, ends),
    normalise(before.score / before.row.scale, ends),
  )
}

/** What a stage may lose of a benchmark; null for targets and for what is not this stage's doing. */
function toleranceOf(input: ColumnInput, { benchmark, role, after, stagesBack }: PairedCell): number | null {
  if (role === 'target' || (stagesBack ?? 1) > 1) return null
  const said = input.meanings.get(benchmark.id)?.tolerance
  return said ?? (role === null ? null : (benchmark.margin ?? defaultTolerance(role, benchmark.kind, after.row.scale)))
}

function verdictOf(
  { benchmark }: PairedCell,
  estimate: ChangeEstimate | null,
  tolerance: number | null,
): BudgetVerdict | null {
  if (!estimate || tolerance === null) return null
  const turned = (end: number | null) => (end === null ? null : utilityOf(benchmark, end))
  const isTurned = benchmark.orientation !== 1
  const verdict = budget({
    delta: utilityOf(benchmark, estimate.change),
    low: turned(isTurned ? estimate.high : estimate.low),
    high: turned(isTurned ? estimate.low : estimate.high),
    tolerance,
  })
  return verdict === 'missing' ? null : verdict
}

function stateOf(pair: PairedCell, estimate: ChangeEstimate | null, stated: StatedCell | null): MatrixState {
  if (pair.obstacle) return pair.obstacle.state
  if (!estimate || !stated) return 'no_baseline'
  return estimate.p === null ? 'no_interval' : stated.state
}

/** A cell on its own, outside of any family: p is not adjusted, and no budget is set for it. */
export function stateAlone(ctx: Context, pair: PairedCell): ComparedCell {
  const estimate = isCompared(pair) ? changeOf(ctx, pair.before, pair.after, pair.benchmark.kind) : null
  const stated = estimate ? (statesOf([{ pair, estimate }])[0] ?? null) : null
  return {
    ...pair,
    estimate,
    stated,
    slice: null,
    state: stateOf(pair, estimate, stated),
    reason: pair.obstacle?.reason ?? (estimate?.p === null ? estimate.method : null),
    tolerance: null,
    verdict: null,
    family: 1,
  }
}
