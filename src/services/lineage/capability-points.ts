/** The measured checkpoints of a path with their cells: whether each goes on from the one before, and the changes of stages. */
import { CORPUS_UNITS, type CorpusUnit } from '#src/core/evaluations/corpus-units.ts'
import { onScale } from '#src/core/evaluations/on-scale.ts'
import { isPerToken } from '#src/core/evaluations/protocol.ts'
import { type ScoreMeaning, scoreBreak } from '#src/core/lineage/curve-breaks.ts'
import type { EvaluationViewRow } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import type { Capability, CapabilityCell } from '#src/protocol/capability.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { changesOf } from './card.ts'
import { type CorpusSide, corpusOf, scoreInUnit } from './corpus-units.ts'
import { type ProjectGraph, startOf } from './gather.ts'

/** A measured checkpoint before its cells are views. */
export type MeasuredPoint = Omit<Capability['points'][number], 'cells'> & {
  own: Cell[]
  tokenizer: string | null
  experimentId: number
}

/** What a stage's checkpoint is compared with. */
interface Baseline {
  changes: ReadonlyMap<string, Change>
  cells: readonly Cell[]
  tokenizer: string | null
}

/** By experiment id. A stage without parents in the project has neither. */
export type Baselines = ReadonlyMap<number, { parent: Baseline; root: Baseline }>

/**
 * Parent and root of each stage of a path after the first.
 *
 * @param tokenizerOf by checkpoint id
 */
export function baselinesAlong(
  ctx: Context,
  graph: ProjectGraph,
  path: readonly ExperimentRow[],
  tokenizerOf: (checkpointId: number) => string | null,
): Baselines {
  const root = path[0] && graph.stages.get(path[0].id)
  const baseline = (checkpointId: number | null, changes: readonly Change[]): Baseline => ({
    changes: new Map(changes.map((change) => [change.benchmark.slug, change])),
    cells: checkpointId === null ? [] : (graph.cells.get(checkpointId) ?? []),
    tokenizer: checkpointId === null ? null : tokenizerOf(checkpointId),
  })
  return new Map(
    path.slice(1).map(({ id }) => [
      id,
      {
        parent: baseline(startOf(graph, id)?.checkpointId ?? null, changesOf(ctx, graph, id)),
        root: baseline(root?.id ?? null, root ? changesOf(ctx, graph, id, { checkpointId: root.id }) : []),
      },
    ]),
  )
}

/** The points with a cell per column, counted as the newest score of the column; null where nothing was measured. */
export function pointsOf(
  points: readonly MeasuredPoint[],
  columns: readonly { row: EvaluationViewRow }[],
  baselines: Baselines,
): Capability['points'] {
  const scores = new Map<number, ScoreMeaning>()
  const losses = new Map<number, CorpusSide>()
  return points.map(({ own, tokenizer, experimentId, ...point }) => ({
    ...point,
    cells: columns.map(({ row: { benchmark_id: id, slug, scale } }): CapabilityCell | null => {
      const cell = own.find((c) => c.row.benchmark_id === id)
      if (!cell) return null
      const of = point.of_stage ? baselines.get(experimentId) : undefined
      const meaning = meaningOf(cell, tokenizer)
      const last = scores.get(id)
      scores.set(id, meaning)
      const side = { cell, tokenizer }
      const before = losses.get(id) ?? null
      losses.set(id, side)
      const to = <Value extends number | null>(value: Value) => onScale(value, cell.row.scale, scale)
      const inUnit = (unit: CorpusUnit) =>
        scoreInUnit(unit, side, before, { parent: sideOf(of?.parent, id), root: sideOf(of?.root, id) })
      return {
        id: cell.row.uid,
        score: to(cell.score),
        low: to(cell.interval.low),
        high: to(cell.interval.high),
        n: cell.row.n,
        trials: cell.trials,
        metric: cell.row.metric,
        fingerprint: cell.row.fingerprint,
        broken: last ? scoreBreak(last, meaning) : null,
        corpus:
          cell.row.kind === 'loss'
            ? {
                name: corpusOf(cell.row.protocol),
                units: Object.fromEntries(CORPUS_UNITS.map((unit) => [unit, inUnit(unit)])) as Record<
                  CorpusUnit,
                  ReturnType<typeof inUnit>
                >,
              }
            : null,
        parent: changeOf(of?.parent.changes.get(slug), to),
        root: changeOf(of?.root.changes.get(slug), to),
      }
    }),
  }))
}

function sideOf(baseline: Baseline | undefined, benchmarkId: number): CorpusSide | null {
  const cell = baseline?.cells.find((c) => c.row.benchmark_id === benchmarkId)
  return baseline && cell ? { cell, tokenizer: baseline.tokenizer } : null
}

const meaningOf = ({ row }: Cell, tokenizer: string | null): ScoreMeaning => ({
  metric: row.metric,
  fingerprint: row.fingerprint,
  corpus: row.kind === 'loss' ? corpusOf(row.protocol) : null,
  tokenizer,
  isPerToken: isPerToken(row.metric, row.kind),
})

function changeOf(change: Change | undefined, to: (value: number | null) => number | null): CapabilityCell['parent'] {
  if (!change) return null
  const { change: value, low, high, p, method, reason, reading } = change
  return { change: to(value), low: to(low), high: to(high), p, method, reason, reading }
}
