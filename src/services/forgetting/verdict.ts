import { STAGE_BUDGET_DEFAULT } from '#src/core/forgetting/budget.ts'
import { isShut } from '#src/core/forgetting/gate.ts'
import { listBenchmarksById, type MeasuredBenchmark } from '#src/db/queries/evaluations/list-measured.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listStageBudgets, type StageBudgetRow } from '#src/db/queries/forgetting/stage-budgets.ts'
import type { ProjectScope, Scope } from '#src/db/scope.ts'
import type { ForgettingVerdict, MissingCell, StageRef, StageVerdict } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { type FamilyInput, familyOf } from './family.ts'
import { fillCommand } from './fill-command.ts'
import { gateOf } from './gate.ts'
import { type Held, judge } from './judge.ts'
import { mergeCells } from './merge-cells.ts'
import { readWeightPath, type WeightPath } from './weight-path.ts'

export interface StageVerdictInput {
  workspace?: string | undefined
  project: string
  experiment: number | string
}

/** The gate of a stage of which nobody said anything: a proven excess stops what follows. */
const GATE_DEFAULT = 'fail'

/**
 * What a stage gained on its targets, what it kept and lost of the rest, and whether that stays within its budget: against the
 * checkpoint from which it started and against the root of its weight path.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getStageVerdict(ctx: Context, input: StageVerdictInput): Promise<StageVerdict> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'eval:read')
  return await stageVerdictOf(ctx, scope, project.slug, experiment)
}

/** The same for a stage that was found already. The scope must be proven. */
export async function stageVerdictOf(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  experiment: ExperimentRow,
): Promise<StageVerdict> {
  const path = await readWeightPath(ctx, scope, experiment.id)
  const [row] = await listStageBudgets(ctx.db, scope, [experiment.id])
  const budget = viewBudget(row)
  const stage = path.stages.get(experiment.id)
  const own = (stage && path.cells.get(stage.id)) ?? []
  const common = { experimentId: experiment.id, own, named: await namedBenchmarks(ctx, scope, path, experiment.id) }
  const against = (reference: FamilyInput['reference'], alongPath: boolean): Side => {
    // Without a checkpoint of its own, or at a root, there is nothing to be judged.
    const family =
      stage && path.parents.length > 0 ? familyOf(ctx, path, { ...common, reference, alongPath }, path) : []
    const at = reference && path.at(reference.experimentId, reference.checkpointId)
    return { family, view: { reference: at, ...judge(family, budget.points) } }
  }
  const parent = against(referenceAt(path, 0), true)
  const root = against(referenceAt(path, path.parents.length - 1), false)
  const at = stage ? path.at(experiment.id, stage.id) : null
  const missing = at ? missingOf(parent, at) : []
  const gate = await gateOf(ctx, scope, {
    experimentId: experiment.id,
    checkpointId: stage?.id ?? null,
    budget,
    parent: parent.view,
    root: root.view,
    unmeasured: missing.filter((cell) => !cell.is_baseline).map((cell) => cell.benchmark.name),
  })
  return {
    experiment: refOfRow(experiment, project),
    checkpoint: at?.checkpoint ?? null,
    parent: parent.view,
    root: root.view,
    merge: mergeCells(ctx, path, experiment.id, own),
    missing,
    budget,
    gate,
    stops: isShut(gate.state),
  }
}

interface Side {
  family: readonly Held[]
  view: ForgettingVerdict
}

function referenceAt(path: WeightPath, index: number): FamilyInput['reference'] {
  const parent = path.parents[index]
  if (!parent || parent.checkpointId === null) return null
  return { experimentId: parent.experimentId, checkpointId: parent.checkpointId, stagesBack: index + 1 }
}

/** B and gate of a stage, with what stands where nobody said anything. */
export const viewBudget = (row: StageBudgetRow | undefined): StageVerdict['budget'] => ({
  points: row?.points ?? STAGE_BUDGET_DEFAULT,
  points_default: (row?.points ?? null) === null,
  gate: row?.gate ?? GATE_DEFAULT,
  gate_default: (row?.gate ?? null) === null,
  holds: row?.holds ?? false,
})

async function namedBenchmarks(
  ctx: Context,
  scope: Scope,
  path: WeightPath,
  experimentId: number,
): Promise<Map<number, MeasuredBenchmark>> {
  const ids = path.roles.filter((row) => row.experimentId === experimentId).map((row) => row.benchmarkId)
  return new Map((await listBenchmarksById(ctx.db, scope, ids)).map((row) => [row.id, row]))
}

/** Cells that the parent's verdict misses: of the stage itself, and of its baseline. */
function missingOf({ family, view }: Side, at: StageRef): MissingCell[] {
  const lack = (held: Held, side: StageRef, isBaseline: boolean, counterpart: Cell | null): MissingCell => ({
    benchmark: { slug: held.benchmark.slug, name: held.benchmark.name },
    role: held.role,
    at: side,
    is_baseline: isBaseline,
    command: fillCommand(held.benchmark.slug, counterpart, side.checkpoint.id),
  })
  return family.flatMap((held) => {
    if (!held.own) return [lack(held, at, false, held.reference)]
    const lacksBaseline = !held.isAsked && view.reference !== null
    return lacksBaseline && view.reference ? [lack(held, view.reference, true, held.own)] : []
  })
}
