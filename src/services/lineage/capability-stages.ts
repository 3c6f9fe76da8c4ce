/** The stages of a path as the capability page shows them, and what their places on its axes are made of. */
import { type LossMeaning, lossBreaks } from '#src/core/lineage/curve-breaks.ts'
import { firstOf, LEARNING_RATE_KEYS } from '#src/core/lineage/loss-keys.ts'
import type { LineageStart } from '#src/core/lineage/start-values.ts'
import type { CheckpointViewRow } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import type { MixtureRow } from '#src/db/queries/experiments/list-mixtures.ts'
import type { CapabilityStage } from '#src/protocol/capability.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { type ProjectGraph, startOf } from './gather.ts'
import { lossKey } from './loss-lines.ts'
import type { AxisStage, PathPlaces } from './path-axes.ts'

/** By stage of the path: the checkpoint that the next one starts from; its own at the end. */
export const leavingOf = (graph: ProjectGraph, path: readonly ExperimentRow[]): (number | null)[] =>
  path.map((row, i) => {
    const next = path[i + 1]
    return (next && startOf(graph, next.id)?.checkpointId) ?? graph.stages.get(row.id)?.id ?? null
  })

/** First and last step of what a run logged of its loss. */
export function stepsLogged(summaries: readonly MetricSummary[]): Pick<AxisStage, 'firstStep' | 'lastStep'> {
  const loss = summaries.find((s) => s.key === lossKey(summaries))
  return { firstStep: loss?.first_step ?? null, lastStep: loss?.last_step ?? null }
}

export interface Along {
  graph: ProjectGraph
  axisStages: readonly AxisStage[]
  places: PathPlaces
  starts: ReadonlyMap<number, LineageStart>
  summaries: ReadonlyMap<number, MetricSummary[]>
  states: ReadonlyMap<number, CapabilityStage['state']>
  sources: ReadonlyMap<number, MixtureRow[]>
  columns: readonly { row: { slug: string; benchmark_id: number } }[]
  project: string
}

/** Stages, root first, each with the places where its loss parts from that of the one before. */
export function stagesOf(along: Along): CapabilityStage[] {
  const { graph, places, starts } = along
  let before: LossMeaning | null = null
  return along.axisStages.map(({ row, runId, chosen }, i) => {
    const summaries = (runId === null ? null : along.summaries.get(runId)) ?? []
    const meaning: LossMeaning = {
      key: lossKey(summaries) ?? null,
      objective: row.objective,
      lossMask: row.lossMask,
      tokenizer: chosen ? tokenizerOf(chosen) : null,
      data: (along.sources.get(row.id) ?? []).map(({ source, share }) => ({ source, share: Number(share) })),
    }
    const breaks = before ? lossBreaks(before, meaning) : []
    before = meaning
    return {
      experiment: refOfRow(row, along.project),
      method: row.method,
      state: along.states.get(row.id) ?? 'planned',
      axes: places.spans[i] as CapabilityStage['axes'],
      step_offset: places.stepOffsets[i] ?? null,
      run: (chosen?.run_id === runId ? chosen?.run?.number : null) ?? graph.runs.get(row.id)?.number ?? null,
      loss: meaning.key,
      learning_rate: firstOf(LEARNING_RATE_KEYS, (key) => summaries.find((s) => s.key === key)?.key) ?? null,
      token_counter: (runId === null ? null : starts.get(runId)?.tokensKey) ?? null,
      loss_mask: meaning.lossMask,
      objective: meaning.objective,
      tokenizer: meaning.tokenizer,
      sources: [...meaning.data],
      targets: along.columns.flatMap((column) =>
        isTargetOf(graph, row.id, column.row.benchmark_id) ? [column.row.slug] : [],
      ),
      loss_breaks: breaks,
    }
  })
}

/** Whether a stage aims at a benchmark. */
export const isTargetOf = (graph: ProjectGraph, id: number, benchmarkId: number): boolean =>
  (graph.roles.get(id) ?? []).some((role) => role.role === 'target' && role.benchmarkId === benchmarkId)

/** What names the tokenizer of a checkpoint, as recipes and other clients put it. */
export function tokenizerOf({ metadata }: CheckpointViewRow): string | null {
  const told = metadata.tokenizer_sha256 ?? metadata.tokenizer
  return typeof told === 'string' ? told : null
}
