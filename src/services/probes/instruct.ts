/** What a stage should keep of a model that was tuned to follow instructions, and the template with which that one talks. */
import {
  isInstructionCategory,
  isInstructTuned,
  USUAL_INSTRUCTION_BENCHMARK,
} from '#src/core/forgetting/instruct-retention.ts'
import { listExperimentsByIds } from '#src/db/queries/experiments/list-by-ids.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { StageProbes } from '#src/protocol/probes.ts'
import type { Context } from '#src/services/context.ts'
import { instructionCells } from '#src/services/forgetting/family.ts'
import type { WeightPath } from '#src/services/forgetting/weight-path.ts'

type Instruct = NonNullable<StageProbes['instruct']>

/** Null where no stage of the path was tuned for it. */
export async function instructOf(
  ctx: Context,
  scope: ProjectScope,
  path: WeightPath,
  experimentId: number,
): Promise<StageProbes['instruct']> {
  const tuned = path.tuned.map((id) => path.ref(id))
  const nearest = tuned.find(({ stage_kind, name }) => isInstructTuned({ stageKind: stage_kind, name }))
  if (!nearest) return null
  const stage = path.stages.get(experimentId)
  const own = ((stage && path.cells.get(stage.id)) ?? []).filter(({ row }) => isInstructionCategory(row.category))
  const kept = [...instructionCells(path).map(({ cell }) => cell), ...own]
  const benchmarks = [...new Map(kept.map(({ row }) => [row.benchmark_id, row])).values()]
  const measured = new Set(own.map(({ row }) => row.benchmark_id))
  const template = await templateOf(ctx, scope, path, experimentId)
  return {
    tuned: nearest,
    benchmarks: benchmarks.map(({ benchmark_id, slug, name }) => ({
      slug,
      name,
      measured: measured.has(benchmark_id),
    })),
    chat_template: template,
    suggestion:
      benchmarks.length === 0 && stage
        ? { ...USUAL_INSTRUCTION_BENCHMARK, command: command(path.at(experimentId, stage.id).checkpoint.id, template) }
        : null,
  }
}

/** As the stage or the nearest ancestor tells it, else as the nearest one was measured with. */
async function templateOf(
  ctx: Context,
  scope: ProjectScope,
  path: WeightPath,
  experimentId: number,
): Promise<Instruct['chat_template']> {
  const line = [experimentId, ...path.graph.path(experimentId)]
  const rows = new Map((await listExperimentsByIds(ctx.db, scope, line)).map((row) => [row.id, row]))
  for (const id of line) {
    const template = rows.get(id)?.chatTemplate
    if (template) return { template, from: path.ref(id), by: 'stage' }
  }
  for (const id of path.tuned) {
    const checkpointId = path.stages.get(id)?.id
    const cells = checkpointId === undefined ? [] : (path.cells.get(checkpointId) ?? [])
    const told = cells.find(({ row }) => row.protocol.chat_template)?.row.protocol.chat_template
    if (told) return { template: told, from: path.ref(id), by: 'protocol' }
  }
  return null
}

/** A longer template is named, not written out. */
const TEMPLATE_MAX = 200

function command(checkpoint: string, template: Instruct['chat_template']): string {
  const { slug, name } = USUAL_INSTRUCTION_BENCHMARK
  const chat = !template
    ? ''
    : `, "chat_template": ${template.template.length > TEMPLATE_MAX ? 'chat_template' : JSON.stringify(template.template)}`
  return `descent.run.log_eval({"slug": "${slug}", "name": "${name}", "category": "instruction", "kind": "accuracy", "higher_is_better": True, "chance": 0},
    items=items, metric="prompt_level_strict_acc", protocol={"task": "${slug}", "apply_chat_template": True${chat}},
    checkpoint="${checkpoint}")`
}
