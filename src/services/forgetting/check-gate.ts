import { isShut } from '#src/core/forgetting/gate.ts'
import type { OpenGate, StageVerdict } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal, type RefusalDetail } from '#src/services/errors.ts'
import { getStageVerdict, type StageVerdictInput } from './verdict.ts'

/**
 * Lets what follows a stage pass, or not: a script asks before it promotes the stage's checkpoint or starts another from it.
 *
 * @throws Refusal `conflict` when the gate is shut, with the verdicts and the budget; `not_found`, `forbidden`
 */
export async function checkGate(ctx: Context, input: StageVerdictInput): Promise<OpenGate> {
  const verdict = await getStageVerdict(ctx, input)
  const { budget, gate } = verdict
  if (!isShut(gate.state)) return { open: true, gate: budget.gate, override: gate.override }
  throw gateRefusal(verdict, 'Look at what it lost, set another budget, or let it pass with a reason.')
}

/**
 * Says that a gate is shut.
 *
 * @param wayOut a sentence: what may be done
 * @param more members for programs
 */
export function gateRefusal(of: StageVerdict, wayOut: string, more: RefusalDetail = {}): Refusal {
  const { experiment, parent, root, budget, gate } = of
  const stands = gate.state === 'waiting' ? 'is not open yet' : 'is closed'
  return new Refusal('conflict', `The gate of ${experiment.name} ${stands}: ${gate.why}. ${wayOut}`, {
    verdict: { parent: parent.budget.verdict, root: root.budget.verdict },
    worst: parent.worst ?? root.worst,
    gate: budget.gate,
    state: gate.state,
    ...more,
  })
}
