/** What replay of earlier data bought: stages of one step of the lineage that differ in its share. Pure. */
import { type ReplayRow, replayTradeoff } from '#src/core/forgetting/replay.ts'
import { formatChange, formatPercent } from '#src/core/format/number.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { Bought, BoughtStage } from '#src/protocol/bought.ts'
import { digitsOf, scoreWords } from '#src/ui/changes/score-digits.ts'

/** A stage on the trade-off; losses count so that more is worse, whichever way its benchmark counts. */
export interface ReplayPoint {
  stage: BoughtStage
  /** 0…1. */
  share: number
  kept: number
  target: number
  /** Kept, lost since the start of the stage; null where the start was not measured alike. */
  drift: number | null
  /** Less lost, and more given up on the target, than by the stage without replay; null without one to compare with. */
  removed: number | null
  targetCost: number | null
}

export interface ReplayGroup {
  /** By the share. */
  points: ReplayPoint[]
  /** Why nothing is said against no replay; null when it is. */
  lacks: string | null
}

export interface ReplayAsk {
  /** Columns of the benchmarks. */
  target: number
  kept: number
}

/** Groups with two shares or more: stages of one kind, as far from the root, trained the same way (all weights, or an adapter of one kind). */
export function prepareReplay({ stages, benchmarks }: Bought, ask: ReplayAsk): ReplayGroup[] {
  const [target, kept] = [benchmarks[ask.target], benchmarks[ask.kept]]
  if (!target || !kept) return []
  const depthOf = (stage: BoughtStage, seen: ReadonlySet<number> = new Set()): number => {
    const parent = stages.find(({ experiment }) => experiment.number === stage.parent)
    return !parent || seen.has(parent.experiment.number)
      ? 0
      : 1 + depthOf(parent, new Set([...seen, stage.experiment.number]))
  }
  const measured = stages.flatMap((stage) => {
    const [own, ofTarget] = [lossOf(stage, ask.kept, kept), lossOf(stage, ask.target, target)]
    return stage.replay === null || own === null || ofTarget === null
      ? []
      : [{ stage, share: stage.replay, kept: own, target: ofTarget }]
  })
  const keyOf = ({ stage }: { stage: BoughtStage }) =>
    `${stage.experiment.stage_kind} ${depthOf(stage)} ${stage.adapter ?? 'full'}`
  return [...groupBy(measured, keyOf).values()]
    .filter((group) => new Set(group.map(({ share }) => share)).size > 1)
    .map((group) => groupOf(group, (stage) => startOf(stage, stages, ask.kept, kept)))
}

type Measured = Pick<ReplayPoint, 'stage' | 'share' | 'kept' | 'target'>

function groupOf(group: readonly Measured[], start: (stage: BoughtStage) => number | null): ReplayGroup {
  const sorted = [...group].sort((a, b) => a.share - b.share)
  const without = sorted.filter(({ share }) => share === 0)
  const rows: ReplayRow[] = sorted.map(({ share, kept, target }) => ({
    replayPercent: share * 100,
    retentionLoss: kept,
    targetLoss: target,
  }))
  const points = sorted.map((point, i) => {
    const reference = start(point.stage)
    const row = without.length === 1 ? replayTradeoff(reference ?? 0, rows)[i] : undefined
    return {
      ...point,
      drift: reference === null ? null : point.kept - reference,
      removed: row && point.share > 0 ? row.removedNats : null,
      targetCost: row && point.share > 0 ? row.targetCostNats : null,
    }
  })
  const lacks =
    without.length === 0
      ? 'no stage without replay to compare with'
      : without.length > 1
        ? `${without.map(({ stage }) => stage.experiment.name).join(' and ')} are both without replay`
        : null
  return { points, lacks }
}

type Benchmark = Bought['benchmarks'][number]

const cellOf = (stage: BoughtStage, column: number) =>
  stage.points.find((point) => point.of_stage)?.cells[column] ?? null

function lossOf(stage: BoughtStage, column: number, { higher_is_better }: Benchmark): number | null {
  const cell = cellOf(stage, column)
  return cell === null ? null : higher_is_better ? -cell.score : cell.score
}

/** The loss at the start of a stage under the same protocol. */
function startOf(
  stage: BoughtStage,
  stages: readonly BoughtStage[],
  column: number,
  benchmark: Benchmark,
): number | null {
  const parent = stages.find(({ experiment }) => experiment.number === stage.parent)
  if (!parent || cellOf(parent, column)?.fingerprint !== cellOf(stage, column)?.fingerprint) return null
  return lossOf(parent, column, benchmark)
}

/** Pairs of stages that a line joins: next shares of one group. */
export const replayJoins = (groups: readonly ReplayGroup[]): [from: number, to: number][] =>
  groups.flatMap(({ points }) =>
    points
      .slice(1)
      .map(({ stage }, i): [number, number] => [points[i]?.stage.experiment.number ?? 0, stage.experiment.number]),
  )

/** What replay kept and what it cost on the target, stage by stage. */
export function replayTable(bought: Bought, ask: ReplayAsk, groups: readonly ReplayGroup[]): TableText {
  const [target, kept] = [bought.benchmarks[ask.target], bought.benchmarks[ask.kept]]
  const score = (stage: BoughtStage, column: number) => {
    const cell = cellOf(stage, column)
    const benchmark = bought.benchmarks[column]
    return cell && benchmark ? scoreWords(cell.score, benchmark) : 'not measured'
  }
  const loss = (value: number | null, without: string, stage: BoughtStage, column: number) => {
    const benchmark = bought.benchmarks[column]
    if (value === null || !benchmark) return without
    return formatChange(value, digitsOf(benchmark, cellOf(stage, column)?.score ?? 0))
  }
  return {
    title: `Replay: ${kept?.name ?? ''} kept against ${target?.name ?? ''}`,
    table: {
      columns: [
        { name: 'Stage', align: 'left' },
        { name: 'Replay', align: 'right' },
        { name: kept?.name ?? '', align: 'right' },
        { name: 'lost since its start', align: 'right' },
        { name: 'less lost than without', align: 'right' },
        { name: target?.name ?? '', align: 'right' },
        { name: 'given up for it', align: 'right' },
      ],
      rows: groups.flatMap(({ points, lacks }) =>
        points.map(({ stage, share, drift, removed, targetCost }) => {
          const none = share === 0 ? '–' : (lacks ?? '–')
          return [
            { text: stage.experiment.name },
            { text: formatPercent(share) },
            { text: score(stage, ask.kept) },
            { text: loss(drift, 'start not measured', stage, ask.kept) },
            { text: loss(removed, none, stage, ask.kept) },
            { text: score(stage, ask.target) },
            { text: loss(targetCost, none, stage, ask.target) },
          ]
        }),
      ),
    },
    footRows: 0,
    notes: [
      'Stages of one kind, as far from the root and trained the same way; differences of scores, so that plus is worse for “lost” and “given up” and better for “less lost”. A model trained anew on all data would be the other baseline.',
    ],
  }
}
