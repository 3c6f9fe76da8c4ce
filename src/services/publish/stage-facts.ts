import { readStageKind } from '#src/core/experiments/stage-kinds.ts'
import { methodWord, STAGE_WORDS } from '#src/core/experiments/stage-words.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatPercent, formatValue } from '#src/core/format/number.ts'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { hubName } from '#src/core/publish/front-matter.ts'
import type { Linked, StageFacts } from '#src/core/publish/stage-table.ts'
import type { Ancestry, RecordedStage } from '#src/services/experiments/ancestry.ts'
import type { Addresses } from '#src/services/workspaces/addresses.ts'

/** "Instruction" or, where the method is a finer word for a stage, "SFT". */
export const stageWord = ({ row }: RecordedStage): string => {
  const isStage = row.method !== null && readStageKind(row.method).kind === 'known'
  return (isStage ? methodWord(row.method) : null) ?? STAGE_WORDS[row.stageKind]
}

/** The checkpoint of a stage by the name under which it can be found: its location, else stage and step. */
export function checkpointOf(stage: RecordedStage, addresses: Addresses): Linked | null {
  if (!stage.checkpoint) return null
  return { text: checkpointName(stage), href: addresses.checkpoint(stage.checkpoint.uid) }
}

/** Where a stage's checkpoint lies on a hub; of one that came without a run its location is its name. */
export const hubOf = ({ checkpoint, location }: RecordedStage): string | null =>
  hubName(location, checkpoint?.runId === null ? 'name' : 'location')

/** "allenai/OLMo-2" where it lies on a hub or came without a run, else "sft step 1,200". */
export function checkpointName(stage: RecordedStage): string {
  const { row, checkpoint, location } = stage
  const hub = hubOf(stage)
  if (hub !== null) return hub
  if (checkpoint === null) return row.name
  return checkpoint.runId === null ? (location ?? row.name) : `${row.slug} step ${formatExactCount(checkpoint.step)}`
}

/** What the weights of a stage come from, in words: "SFT, step 1,200"; a merge with the weight of each input. */
export function fromWords(stage: RecordedStage, ancestry: Ancestry): string {
  const parents = stage.parents.filter((edge) => isWeightEdge(edge.kind))
  if (parents.length > 0) {
    return parents
      .map((edge) => {
        const parent = ancestry.stages.get(edge.parent)
        const name = parent ? checkpointName(parent) : 'a stage that is not shown'
        return edge.kind === 'merge' && edge.weight !== null ? `${formatValue(edge.weight)} × ${name}` : name
      })
      .join(' + ')
  }
  const { root } = stage.row
  if (root?.kind === 'random_init') return 'random weights'
  if (root?.kind === 'external_base') return `external base ${root.name}${root.revision ? `@${root.revision}` : ''}`
  return root?.kind === 'api_model' ? `API model ${root.name}` : 'not told'
}

/** "2 × NVIDIA H100" of what its runs held, else null. */
export function devicesOf({ held }: RecordedStage): string | null {
  const shown = held.filter((row) => row.device_kind === 'gpu')
  const [most] = shown.length > 0 ? shown : held
  return most ? `${most.count} × ${most.device_name}` : null
}

/** Allocated hours of its GPUs, else of its CPUs; null where it held nothing. */
export function deviceHoursOf({ held }: RecordedStage): number | null {
  const gpus = held.filter((row) => row.device_kind === 'gpu')
  const counted = gpus.length > 0 ? gpus : held
  return counted.length === 0 ? null : counted.reduce((sum, row) => sum + row.hours, 0)
}

/** "web 75 %, code 25 %"; a single source without its share; null: nobody told. */
const mixWords = (mixture: RecordedStage['mixture']): string | null =>
  mixture.length === 0
    ? null
    : mixture
        .map(({ source, share }) => (mixture.length === 1 ? source : `${source} ${formatPercent(Number(share))}`))
        .join(', ')

/** A stage as a release page tells it. `cost` is printed; null: unknown. */
export function stageFacts(
  stage: RecordedStage,
  ancestry: Ancestry,
  addresses: Addresses,
  cost: string | null,
): StageFacts {
  const { row, run, checkpoint, mixture } = stage
  return {
    stage: { text: row.name, href: addresses.experiment(row.project, row.number) },
    params: row.params,
    // Weights that were averaged were not trained.
    tokens: row.stageKind === 'merge' ? 0 : stage.tokens,
    from: fromWords(stage, ancestry),
    data: mixWords(mixture),
    method: [methodWord(row.method), row.objective].filter((word) => word !== null).join(', ') || null,
    devices: devicesOf(stage),
    deviceHours: deviceHoursOf(stage),
    cost,
    checkpoint: checkpointOf(stage, addresses),
    run: run && { text: `run ${run.number}`, href: addresses.run(row.project, run.number) },
    isPublished: run === null && checkpoint !== null,
  }
}
