/** What was recorded of a stage, a run or a checkpoint, as the rows of a comparison need it. */
import { readSettings } from '#src/core/comparisons/read-settings.ts'
import type { Money, StageFacts } from '#src/core/comparisons/stage-rows.ts'
import { mitigationsOf } from '#src/core/experiments/mitigations.ts'
import { optimizerStep } from '#src/core/experiments/optimizer-step.ts'
import { methodWord, STAGE_WORDS } from '#src/core/experiments/stage-words.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import type { RecordedStage } from '#src/services/experiments/ancestry.ts'
import { deviceHoursOf, devicesOf } from '#src/services/publish/stage-facts.ts'

/** A stage as rows are made of it, with what it cost alone and along its path. */
export function factsOf(stage: RecordedStage, cost: { own: Money; path: Money }): StageFacts {
  const { row, run, mixture } = stage
  const step = optimizerStep(row.parallelism, row.plan)
  return {
    kind: STAGE_WORDS[row.stageKind],
    method: methodWord(row.method),
    goal: row.goal,
    objective: row.objective,
    lossMask: row.lossMask === null ? null : row.lossMask === 'all' ? 'all tokens' : 'the answer only',
    mixture: mixture.map(({ source, role, share }) => ({ source, role, share: Number(share) })),
    mitigations: mitigationsOf(row.mitigations, {
      ...{ stageKind: row.stageKind, method: row.method, adapter: row.adapter },
      mixture: mixture.map(({ role, share }) => ({ role, share: Number(share) })),
      edges: stage.parents.map((edge) => edge.kind),
      config: run?.config ?? null,
    }).tags.map(({ tag }) => tag),
    params: row.params,
    trainableParams: row.adapter?.trainable_params ?? null,
    adapter: adapterWords(row),
    globalBatch: step.samples,
    sequenceLength: row.parallelism?.sequence_length ?? null,
    precision: row.precision?.compute ?? row.precision?.weights ?? null,
    settings: run && readSettings(run.config),
    devices: devicesOf(stage),
    wallS: run?.wall_s ?? null,
    deviceHours: deviceHoursOf(stage),
    steps: run?.last_step == null ? null : run.last_step + 1,
    tokens: stage.tokens,
    tokensTotal: stage.tokensTotal,
    cost: cost.own,
    pathCost: cost.path,
    plan: row.plan,
    isPublished: run === null && stage.checkpoint !== null,
  }
}

function adapterWords({ adapter }: ExperimentRow): string {
  if (!adapter) return 'none'
  const { kind, rank, alpha, merged } = adapter
  return [
    kind,
    rank === undefined ? null : `r ${rank}`,
    alpha === undefined ? null : `α ${alpha}`,
    merged === undefined ? null : merged ? 'merged' : 'not merged',
  ]
    .filter((word) => word !== null)
    .join(', ')
}
