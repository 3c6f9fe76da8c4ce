/** Where the gate of a stage stands for its present checkpoint, and whom it holds up. */
import { gateState, isShut, whyShut } from '#src/core/forgetting/gate.ts'
import { listExperimentsByIds } from '#src/db/queries/experiments/list-by-ids.ts'
import { findGateOverride, isBeingMeasured, listWaitingStages } from '#src/db/queries/forgetting/gates.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { Scope } from '#src/db/scope.ts'
import type { ForgettingVerdict, StageGate, StageVerdict } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import { refOfRow } from '#src/services/experiments/view.ts'

export interface GateInput {
  experimentId: number
  /** Null: the stage has none, so there is nothing to let pass. */
  checkpointId: number | null
  budget: StageVerdict['budget']
  parent: ForgettingVerdict
  root: ForgettingVerdict
  /** Names of benchmarks that should be kept and were not measured on the stage. */
  unmeasured: readonly string[]
}

export async function gateOf(ctx: Context, scope: Scope, input: GateInput): Promise<StageGate> {
  const { experimentId, checkpointId, budget, parent, root, unmeasured } = input
  const [evaluating, override, waiting] = await Promise.all([
    budget.holds ? isBeingMeasured(ctx.db, scope, experimentId) : false,
    checkpointId === null ? null : findGateOverride(ctx.db, scope, experimentId, checkpointId),
    budget.holds ? listWaitingStages(ctx.db, scope, experimentId) : [],
  ])
  const verdicts = [parent.budget.verdict, root.budget.verdict]
  const state = gateState({
    gate: budget.gate,
    holds: budget.holds,
    verdicts,
    evaluating,
    unmeasured: unmeasured.length,
    overridden: override !== null,
  })
  const isHolding = isShut(state) && waiting.length > 0 && checkpointId !== null
  return {
    state,
    why:
      state === 'waiting' || state === 'closed'
        ? whyShut(state, { verdicts, evaluating, unmeasured, worst: worstName(parent) ?? worstName(root) })
        : null,
    held: isHolding
      ? (await listExperimentsByIds(ctx.db, scope, waiting)).map((row) => refOfRow(row, row.project))
      : [],
    override: override && { by: override.by, reason: override.reason, at: instantOf(override.at) },
  }
}

const worstName = ({ cells, worst }: ForgettingVerdict): string | null =>
  cells.find((cell) => cell.benchmark.slug === worst)?.benchmark.name ?? null
